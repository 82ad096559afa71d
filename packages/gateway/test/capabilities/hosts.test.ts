// Proves the cells of the hosts that speak openai's API: every feature of the capability table,
// said in every dialect, comes to what the host's cell says, and where it has none, to what becomes
// of it at any service of open weights. What a caller of the same API says goes on as it came, or,
// where the host would not do what it says, as the cell has it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cell, type RequestFeature } from '@entrepot/dialects/capabilities/feature';
import { requestGroups } from '@entrepot/dialects/capabilities/table';
import {
  dialectNames,
  type SpokenDialect,
  type Target,
  targets,
} from '@entrepot/dialects/capabilities/targets';
import type { Verdict } from '@entrepot/dialects/capabilities/verdict';
import { dialects } from '../../../dialects/test/capabilities/dialects.ts';
import { decode, judge } from '../../../dialects/test/capabilities/judged.ts';
import type { Fields } from '../../../dialects/test/capabilities/samples/body.ts';
import { requestSamples } from '../../../dialects/test/capabilities/samples/requests.ts';
import { substitutes } from '../../../dialects/test/capabilities/substitutes.ts';
import { type HostCells, hostCells } from '../../src/capabilities/host-cells.ts';
import { hostNames, hostOf } from '../../src/clouds/openai-compatible/hosts.ts';

const features = requestGroups.flatMap(group => group.features);
const openWeights = targets.find(({ id }) => id === 'openai-chat/open-weights')!;

/** What is sent where a host's cell says `emulated`. */
const ofHosts: typeof substitutes = {
  'usage in the stream': {
    'it comes without being asked for': body => !Object.hasOwn(body, 'stream_options'),
  },
  seed: { 'as random_seed': ({ random_seed, seed }) => random_seed === 7 && seed === undefined },
};

test('each host has its cells, and each cell a feature', () => {
  assert.deepEqual(Object.keys(hostCells).sort(), [...hostNames].sort());
  const names = new Set(features.map(({ name }) => name));
  for (const cells of Object.values(hostCells)) {
    for (const name of Object.keys(cells)) assert.ok(names.has(name), name);
  }
});

for (const host of hostNames) {
  const target = { ...openWeights, model: { ...openWeights.model, host: hostOf(host).habits } };
  describe(host, () => {
    for (const from of dialectNames) {
      test(`what is said in ${from}`, () => {
        for (const feature of features) {
          const sample = requestSamples[feature.name]?.[from];
          if (sample !== undefined) prove(feature, from, sample, target, hostCells[host]!);
        }
      });
    }
  });
}

function prove(
  feature: RequestFeature,
  from: SpokenDialect,
  sample: Fields,
  target: Target,
  cells: HostCells,
): void {
  const place = `${feature.name} in ${from}`;
  const own = Object.hasOwn(cells, feature.name) ? cells[feature.name] : undefined;
  if (from === target.dialect && passes(from, sample, target)) {
    assert.equal(own, undefined, `${place}: it passes through`);
    return;
  }
  const verdict = own ?? cell(feature, from, target.id);
  assert.ok(verdict !== undefined, `${place}: the cell is missing`);
  const judged = judge(feature, decode(dialects[from], sample, isStreamed(feature)), target);
  assert.equal(judged.is === 'changed' ? 'emulated' : judged.is, verdict.is, place);
  if (verdict.is === 'refused' || verdict.is === 'lossy') {
    const said = verdict.losses.map(({ field, reason }) => ({
      field,
      reason: reason.replace('{from}', from),
    }));
    assert.deepEqual(judged.losses, said, place);
  }
  if (verdict.is === 'emulated') proveSubstitute(feature, verdict, judged.body!, place);
}

/** The bytes of the caller are what the host is sent, but for the name of the model. */
function passes(from: SpokenDialect, sample: Fields, { model }: Target): boolean {
  const body = Buffer.from(JSON.stringify(sample));
  const scan = dialects[from].scan(body);
  return scan !== null && dialects[from].takes?.(body, scan, model) !== false;
}

function isStreamed({ name }: RequestFeature): boolean {
  return /stream/.test(name);
}

function proveSubstitute(
  { name }: RequestFeature,
  { how }: Extract<Verdict, { how: string }>,
  body: Fields,
  place: string,
): void {
  const isThere = ofHosts[name]?.[how] ?? substitutes[name]?.[how];
  assert.ok(isThere !== undefined, `${place}: no proof of the substitute "${how}"`);
  assert.ok(isThere(body), `${place}: ${how}: ${JSON.stringify(body)}`);
}
