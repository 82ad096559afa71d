// Proves what a user sees of the scenario commands: lists, what a scenario does on a day, and what
// is wrong with one or between two. How: the catalog's own scenarios, and files written here.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../../src/commands/scenario/check.ts';
import { list } from '../../src/commands/scenario/list.ts';
import { show } from '../../src/commands/scenario/show.ts';
import { run } from '../run.ts';

test('list names every scenario with what it changes', async () => {
  const { code, text } = await run(list);
  assert.equal(code, 0);
  assert.match(text, /^openai-outage +outages +The OpenAI API fails wholly/m);
  assert.match(text, /^lock-in-cap +policy +No cloud/m);
  const all = JSON.parse((await run(list, '--json')).text) as { id: string; changes: string[] }[];
  assert.deepEqual(all.find(s => s.id === 'egress-charged')?.changes, ['switching', 'egress']);
});

test('show tells what is added, removed and repriced on a day', async () => {
  const added = await run(show, 'openai-on-bedrock', '--as-of', '2025-12-31');
  assert.match(added.text, /Added on 2025-12-31\n {2}bedrock-mantle\/global\/openai\/gpt-5\.1 /);
  assert.match(added.text, /us\/openai\/gpt-5\.2 {2}1\.925 \/ 15\.40/);
  const cut = await run(show, 'o3-price-cut', '--as-of', '2025-06-09');
  assert.match(cut.text, /Repriced .*\n.*openai\/o3 {2}10\.00 \/ 40\.00 -> 2\.00 \/ 8\.00/);
  const late = await run(show, 'o3-price-cut', '--as-of', '2025-06-10');
  assert.match(late.notes, /On 2025-06-10 it changes no offer/);
  const gone = await run(show, 'a-cloud-leaves', '--as-of', '2026-08-21', '--json');
  const { removed } = JSON.parse(gone.text) as { removed: { cloud: string }[] };
  assert(removed.length > 50 && removed.every(offer => offer.cloud === 'azure'));
});

test('show tells the world and the policy in words', async () => {
  const slow = await run(show, 'openai-slow');
  assert.match(slow.text, /cloud openai: 25% of calls fail .* answers take x 1 to 3/);
  const unknown = await run(show, 'us-east-1-outage');
  assert.match(unknown.text, /region us-east-1: an unknown share of calls fail/);
  assert.match(unknown.text, /from 10m, until 14h42m/);
  assert.match((await run(show, 'lock-in-cap')).text, /all routes: maxShare 0\.6/);
});

test('show has a hint for a name that is not there', async () => {
  await assert.rejects(run(show, 'openai-outrage'), /did you mean "openai-outage"\?/);
});

test('check names both of two that contradict each other, with exit code 1', async () => {
  const apart = await run(check, 'openai-outage', 'lock-in-cap', 'traffic-doubles');
  assert.deepEqual(
    [apart.code, apart.text],
    [0, 'openai-outage with lock-in-cap with traffic-doubles: good.'],
  );
  const { code, text } = await run(check, 'azure-exclusivity-kept', 'openai-on-bedrock');
  assert.equal(code, 1);
  assert.match(
    text,
    /openai-on-bedrock\.yaml:\d+: conflicts with .*azure-exclusivity-kept\.yaml:9/,
  );
});

test('check reads files of the user, and warns of what matches no offer', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-scenario-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mine.yaml');
  const head = 'id: mine\ntitle: Mine\nsource: hypothetical\nseenOn: 2026-11-23\n';
  writeFileSync(
    file,
    `${head}world:\n  outages:\n    - match: { region: moon }\n      errorShare: 1\n`,
  );
  const warned = await run(check, file);
  assert.equal(warned.code, 0);
  assert.match(warned.notes, /mine\.yaml:7: match: no offer of the catalog matches/);
  writeFileSync(file, `${head}world: { outage: [] }\n`);
  const bad = await run(check, file, '--json');
  assert.equal(bad.code, 1);
  const { ok, problems } = JSON.parse(bad.text) as { ok: boolean; problems: { field: string }[] };
  assert.deepEqual([ok, problems.map(p => p.field)], [false, ['world.outage']]);
});
