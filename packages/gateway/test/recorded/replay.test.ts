// Proves that what real services answered reaches callers of every dialect as they said it: the
// same text, calls, finish and usage, valid by the vendor's schema or by a grammar of its stream,
// errors as errors, and in the ledger what the upstream counted. How: every recording beside the
// project is played on loopback, streams cut at seeded random places, behind a real gateway.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { schemasMissing } from '../../../dialects/test/openai-responses/schemas.ts';
import { isExchange, recordingsMissing, sources } from './exchange.ts';
import { type PlaceName, places } from './places.ts';
import { proofPage, type Result } from './proof-page.ts';
import { Replay } from './replay.ts';
import { playToAll } from './replay-all.ts';

const skip = recordingsMissing || schemasMissing;
const all = sources();
const exchanges = all.filter(isExchange);
const results: Result[] = [];

for (const place of Object.keys(places) as PlaceName[]) {
  describe(place, { skip }, () => {
    let replay: Replay;
    before(async () => {
      replay = await Replay.start(place, 7);
    });
    after(() => replay.close());

    for (const exchange of exchanges.filter(each => each.place === place)) {
      test(exchange.file, async () => {
        const failures: string[] = [];
        const result = await playToAll(replay, exchange, (_exchange, caller, message) =>
          failures.push(`${caller}: ${message}`),
        );
        results.push(result);
        assert.deepEqual(failures, []);
      });
    }

    test('all of it is in the ledger as the upstream counted it', () => replay.checkLedger());
  });
}

test('recordings are at hand', { skip }, () => {
  assert.equal(new Set(all.map(({ file }) => file.split(',')[0])).size, 546);
  assert.ok(exchanges.length > 450);
});

test('docs/proof.md says so', { skip }, () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/proof.md'), 'utf8');
  const isCurrent = page === proofPage(results, all);
  assert.ok(isCurrent, 'it is stale. Write it anew: node tools/docs/write-proof.ts');
});
