// Proves that what is promoted is what the gateway then goes by, that no version is lost or
// changed, also by a crash or by two at once, and that there is a way back. How: a configuration
// in a folder of its own, and `config check`, which reads it as `serve` does.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { check } from '../../src/commands/config/check.ts';
import { history } from '../../src/commands/policy/history.ts';
import { promote as promotePolicy } from '../../src/commands/policy/promote.ts';
import { rollback } from '../../src/commands/policy/rollback.ts';
import { promote as promoteScenario } from '../../src/commands/scenario/promote.ts';
import { readPromoted } from '../../src/promoted/promoted.ts';
import { runCommand } from '../command-process.ts';
import { run } from '../run.ts';
import { reportedCase, reportOf } from './report.ts';

interface Place {
  readonly folder: string;
  readonly config: string;
  readonly report: string;
}

function place(t: TestContext, offer = 'openai-api/global/openai/gpt-5.4-mini', more = ''): Place {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-promoted-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'entrepot.yaml');
  // Nothing is called: any secret that is there will do.
  const text = `auth: none
deployments:
  - { name: mini, offer: ${offer}, credential: { apiKey: env:PATH }${more} }
routes:
  - { name: mini, objective: latency, deployments: [mini] }
`;
  writeFileSync(config, text);
  const report = join(folder, 'report.json');
  writeFileSync(report, JSON.stringify(reportOf(reportedCase('one'))));
  return { folder, config, report };
}

interface Checked {
  readonly routes: readonly {
    readonly objective: string;
    readonly constraints: { readonly maxShare: number | null };
    readonly deployments: readonly { readonly inputPicoUsd: number }[];
  }[];
}

async function served(config: string): Promise<Checked['routes'][number]> {
  const { code, text } = await run(check, config, '--json');
  assert.equal(code, 0, text);
  return (JSON.parse(text) as Checked).routes[0]!;
}

function scenarioFile({ folder }: Place, id: string, text: string): string {
  const file = join(folder, `${id}.yaml`);
  writeFileSync(file, `id: ${id}\ntitle: ${id}\nsource: hypothetical\nseenOn: 2026-11-23\n${text}`);
  return file;
}

test('a promoted policy is served, kept with its report, and rolled back', async t => {
  const here = place(t);
  const { config, report, folder } = here;
  const options = ['--report', report, '--config', config];
  assert.equal((await served(config)).objective, 'latency');
  const first = await run(promotePolicy, 'lock-in-cap', ...options);
  assert.match(first.text, /Policy version 1: No cloud.*\n {2}all routes: maxShare 0\.6/);
  const cheap = scenarioFile(here, 'cheap', 'policy: { objective: cost }\n');
  assert.match((await run(promotePolicy, cheap, ...options)).text, /version 2/);

  const now = await served(config);
  assert.deepEqual([now.objective, now.constraints.maxShare], ['cost', null]);
  assert.match((await run(check, config)).notes, /policy version 2: cheap/);
  const kept = join(folder, 'promoted/policies/0001');
  assert.equal(readFileSync(join(kept, 'report.json'), 'utf8'), readFileSync(report, 'utf8'));

  await run(rollback, '--config', config);
  const back = await served(config);
  assert.deepEqual([back.objective, back.constraints.maxShare], ['latency', 0.6]);
  await run(rollback, '--to', '0', '--config', config);
  assert.equal((await served(config)).constraints.maxShare, null);
  await run(rollback, '--to', '2', '--config', config);
  assert.equal((await served(config)).objective, 'cost');

  const { text } = await run(history, '--config', config, '--json');
  const lines = JSON.parse(text) as { action: string; version: number; scenario: string }[];
  assert.deepEqual(
    lines.map(({ action, version }) => `${action} ${version}`),
    ['promote 1', 'promote 2', 'rollback 1', 'rollback 0', 'rollback 2'],
  );
  assert.equal(lines[0]?.scenario, 'one');
});

test('a least quality goes by the scores that were promoted with it', async t => {
  const here = place(t);
  const { config, report, folder } = here;
  const policy = join(folder, 'floor.yaml');
  writeFileSync(policy, 'policy: { constraints: { minQuality: 0.7 } }\n');
  const options = [policy, '--report', report, '--config', config];
  await assert.rejects(run(promotePolicy, ...options), /--quality must name/);
  const quality = join(folder, 'scores.yaml');
  const scores = (least: number): void =>
    writeFileSync(
      quality,
      `source: by hand\nseenOn: 2026-11-24\nscores:\n  - { model: openai/gpt-5.4-mini, score: 0.8, interval: [${least}, 0.9] }\n`,
    );
  scores(0.7);
  await run(promotePolicy, ...options, '--quality', quality);
  assert.equal((await served(config)).deployments.length, 1);
  scores(0.6);
  await run(promotePolicy, ...options, '--quality', quality);
  await assert.rejects(served(config), /version 2 leaves nothing of mini: .*quality at least 0\.6/);
});

test('a crash while the history is written leaves what was in force', async t => {
  const { config, report, folder } = place(t);
  const options = ['--report', report, '--config', config];
  await run(promotePolicy, 'lock-in-cap', ...options);
  const file = join(folder, 'promoted/policies/history.jsonl');
  appendFileSync(file, '{"at":"2026-11-24T00:00:00.000Z","action":"promote","ver');
  assert.equal(readPromoted(config).policy?.version, 1);
  await run(promotePolicy, 'eu-residency-only', ...options);
  assert.equal(readPromoted(config).policy?.version, 2, 'the cut line spoils no later one');
});

test('ten that promote at once get a version each', async t => {
  const { config, report } = place(t);
  const args = ['policy', 'promote', 'lock-in-cap', '--report', report, '--config', config];
  const all = await Promise.all(Array.from({ length: 10 }, () => runCommand(args)));
  assert.deepEqual(
    all.map(({ code, stderr }) => (code === 0 ? '' : stderr)),
    Array(10).fill(''),
  );
  const versions = all.map(({ stdout }) => Number(/version (\d+)/.exec(stdout)?.[1]));
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    Array.from({ length: 10 }, (_, i) => i + 1),
  );
  const { text } = await run(history, '--config', config, '--json');
  assert.equal((JSON.parse(text) as unknown[]).length, 10);
});

test('what cannot be a policy in force is refused, and nothing is written', async t => {
  const here = place(t);
  const { config, report, folder } = here;
  const options = ['--report', report, '--config', config];
  const wrong: readonly [string[], RegExp][] = [
    [['openai-outage', ...options], /changes no policy/],
    [['lock-in-cap', '--config', config], /needs --report/],
    [['lock-in-cap', '--report', config, '--config', config], /is not JSON/],
    [['lock-in-cap', ...options, '--scenario', 'two'], /has no scenario "two".*one/],
    [
      [
        scenarioFile(here, 'other', 'policy: { routes: { chat: { objective: cost } } }\n'),
        ...options,
      ],
      /names the route chat; the configuration has: mini/,
    ],
  ];
  for (const [args, message] of wrong) {
    await assert.rejects(run(promotePolicy, ...args), message);
  }
  await assert.rejects(run(rollback, '--config', config), /nothing is promoted/);
  await assert.rejects(run(rollback, '--to', '7', '--config', config), /there is no version 7/);
  assert(!existsSync(join(folder, 'promoted')));
});

test('a promoted scenario changes the prices that are served, from its day on', async t => {
  const here = place(t);
  const { config } = here;
  const price = async (): Promise<number> => (await served(config)).deployments[0]!.inputPicoUsd;
  const before = await price();
  const cut = scenarioFile(
    here,
    'cut',
    'offers:\n  change:\n    - { match: { model: openai/gpt-5.4-mini }, percent: -50 }\n',
  );
  await run(promoteScenario, cut, '--config', config);
  assert.equal(await price(), before / 2);
  assert.match((await run(check, config)).notes, /promoted scenario: cut/);
  await assert.rejects(run(promoteScenario, cut, '--config', config), /promoted already/);
  await run(promoteScenario, 'cut', '--undo', '--config', config);
  assert.equal(await price(), before);
  await run(promoteScenario, cut, '--from', '2999-01-01', '--config', config);
  assert.equal(await price(), before, 'its day has not come');
});

test('an offer that the catalog has not can be served once it is promoted', async t => {
  const offer = 'bedrock-mantle/us/openai/gpt-5.1';
  const { config } = place(t, offer, ', region: us-east-1');
  assert.match(
    (await run(check, config)).text,
    /there is no offer bedrock-mantle\/us\/openai\/gpt-5\.1/,
  );
  await run(promoteScenario, 'openai-on-bedrock', '--config', config);
  assert.equal((await served(config)).deployments[0]?.inputPicoUsd, 1_375_000);
});

test('scenarios that do not go together are not promoted together', async t => {
  const { config } = place(t);
  await run(promoteScenario, 'openai-on-bedrock', '--config', config);
  await assert.rejects(
    run(promoteScenario, 'azure-exclusivity-kept', '--config', config),
    /conflicts with .*promoted\/scenarios\/openai-on-bedrock\.yaml/,
  );
  await assert.rejects(
    run(promoteScenario, 'openai-outage', '--config', config),
    /changes no offers from now on/,
  );
});
