// Proves that a change of model is never shown as a saving without a word on quality: with scores
// the report has both sides' figures, without them it says so; and that a floor of quality holds.
// How: a route over two models, replayed with the dear one first and then by cost.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommand } from '../command-process.ts';
import { folderOf, writeTrace } from './trace-file.ts';

const config = `auth: none
deployments:
  - { name: large, offer: openai-api/global/openai/gpt-5.4, credential: { apiKey: env:K } }
  - name: small
    offer: openai-api/global/openai/gpt-5.4-mini
    credential: { apiKey: env:K }
    priority: 1
routes:
  - { name: chat, objective: priority, deployments: [large, small] }
`;
const cheap = `id: cheap
title: By cost
source: hypothetical
seenOn: 2026-11-24
policy: { objective: cost }
`;
const scores = `source: judged by hand
seenOn: 2026-11-24
scores:
  - { model: openai/gpt-5.4, score: 0.8, interval: [0.75, 0.85] }
  - { model: openai/gpt-5.4-mini, score: 0.7, interval: [0.6, 0.8] }
`;

interface Report {
  readonly scenarios: readonly { readonly costByModel: Readonly<Record<string, number>> }[];
  readonly assumed: readonly string[];
  readonly quality: Readonly<
    Record<string, { score: number; least: number; unknownShare: number }>
  >;
}

async function compare(t: TestContext, ...more: string[]): Promise<Compared> {
  return ran(t, ['what-if'], more);
}

interface Compared {
  readonly report: Report;
  readonly text: string;
}

async function ran(t: TestContext, command: string[], more: readonly string[]): Promise<Compared> {
  const folder = folderOf(t);
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const json = join(folder, 'report.json');
  const quality = file('quality.yaml', scores);
  const { code, stdout, stderr } = await runCommand([
    ...command,
    ...['--traffic', writeTrace(folder, 100), '--seeds', '2', '--as-of', '2026-08-21'],
    ...['--config', file('entrepot.yaml', config), '--scenario', file('cheap.yaml', cheap)],
    ...['--json', json, ...more.map(word => (word === 'QUALITY' ? quality : word))],
  ]);
  assert.equal(code, 0, stderr);
  return { report: JSON.parse(readFileSync(json, 'utf8')) as Report, text: stdout };
}

test('without scores another model is no saving, and the report says so first', async t => {
  const { report, text } = await compare(t);
  const [remark] = report.assumed;
  assert.match(remark!, /cheap\.yaml: 100 % of answers come from other models than in the base/);
  assert.match(remark!, /\(openai\/gpt-5\.4-mini, not openai\/gpt-5\.4\)/);
  assert.match(remark!, /a lower cost is no saving until they have/);
  assert.match(text, /no saving until they have/);
  assert.deepEqual(report.quality, {});
});

test('with scores the report has the quality of both', async t => {
  const { report, text } = await compare(t, '--quality', 'QUALITY');
  assert.match(report.assumed[0]!, /their quality is 0\.7 \(0\.6 to 0\.8\), that of the base 0\.8/);
  assert.equal(report.quality.base?.score, 0.8);
  assert.match(text, /^quality +0\.8 \(0\.75 to 0\.85\) +0\.7 \(0\.6 to 0\.8\)$/m);
});

test('a floor of quality keeps a model out, and says why', async t => {
  const { report } = await compare(t, '--quality', 'QUALITY', '--min-quality', '0.7');
  assert.deepEqual(
    Object.keys(report.scenarios[0]!.costByModel).filter(
      m => report.scenarios[0]!.costByModel[m]! > 0,
    ),
    ['openai/gpt-5.4'],
  );
  assert(report.assumed.some(s => /small is not used for chat: quality at least 0\.6/.test(s)));
});

test('a floor without scores is told what is missing', async t => {
  await assert.rejects(
    compare(t, '--min-quality', '0.7'),
    /--quality must name the file of scores/,
  );
});

test('a sweep shows cost against quality: neither of two that trade them is beaten', async t => {
  const vary = ['--vary', 'objective=priority,cost', '--vary', 'minQuality=0.5,0.7'];
  const { text, report } = await ran(t, ['what-if', 'sweep'], [...vary, '--quality', 'QUALITY']);
  assert.match(text, /HHI by cloud +quality$/m);
  assert.match(text, /^objective=priority minQuality=0\.5 .* 0\.8 \(0\.75 to 0\.85\) +frontier$/m);
  assert.match(text, /^objective=cost minQuality=0\.5 .* 0\.7 \(0\.6 to 0\.8\) +frontier$/m);
  assert.equal(report.quality['objective=cost minQuality=0.7']?.score, 0.8);
});
