// Proves what a good configuration file becomes: defaults, hashes of keys, targets with their
// secrets, routes with integer prices. Small files against a small market; the example as a whole.

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { type ResolvedConfig, resolveConfig } from '../../src/config/resolve-config.ts';
import { market } from './market.ts';

const env = {
  ENTREPOT_KEY: 'canary-key-of-team-a',
  OPENAI_API_KEY: 'canary-openai',
  AZURE_OPENAI_API_KEY: 'canary-azure',
  ANTHROPIC_API_KEY: 'canary-anthropic',
};

const minimal = `
keys: [{ name: a, key: env:ENTREPOT_KEY }]
deployments:
  - { name: one, offer: openai-api/global/openai/gpt-5.4, credential: { apiKey: env:OPENAI_API_KEY } }
routes:
  - { name: gpt, deployments: [one] }
`;

function load(text: string): ResolvedConfig {
  return resolveConfig(parseConfig(text, '/srv/entrepot.yaml'), market, env);
}

test('a target knows what the catalog knows of its model', () => {
  const bedrock = minimal
    .replace('openai-api/global/openai/gpt-5.4', 'bedrock/us/anthropic/claude-sonnet-5')
    .replace('apiKey: env:OPENAI_API_KEY }', 'aws: chain }, region: us-east-1');
  const [known] = load(bedrock).config.targets;
  assert.deepEqual(known?.flags, { adaptiveThinking: true, rejectsSampling: true });
  const [unknown] = load(minimal).config.targets;
  assert.deepEqual(unknown?.flags, {});
});

test('a minimal file has every default', () => {
  const { config, warnings } = load(minimal);
  const { targets, routes, keys, ...rest } = config;
  assert.deepEqual(rest, {
    listen: { host: '127.0.0.1', port: 4100 },
    ledger: { path: '/srv/entrepot.db', mode: 'durable' },
    responses: {
      store: 'none',
      retentionMs: 30 * 86_400_000,
      maxResponseBytes: 16 * 1024 ** 2,
      maxTotalBytes: 10 * 1024 ** 3,
    },
    limits: { bodyBytes: 33_554_432, headMs: 15_000, bodyMs: 60_000, drainMs: 25_000 },
    deadlines: { connectMs: 5000 },
    engine: {},
  });
  assert.deepEqual(keys, [{ name: 'a', sha256: hash('sha256', env.ENTREPOT_KEY) }]);
  const [target] = targets;
  assert.equal(target?.modelName, 'gpt-5.4');
  assert.equal(target?.cloud, 'openai');
  assert.deepEqual(routes, [
    {
      route: {
        name: 'gpt',
        policy: {
          objective: 'balanced',
          constraints: {
            maxTtftMs: null,
            residency: null,
            maxInputPicoUsd: null,
            maxOutputPicoUsd: null,
            maxShare: null,
          },
        },
        deployments: [target?.deployment],
      },
      aliases: [],
      losses: 'refuse',
    },
  ]);
  assert.deepEqual(warnings, []);
});

test('the example file is good, on the small market and without a warning', () => {
  const file = resolve(import.meta.dirname, '../../../../examples/entrepot.yaml');
  const { config, warnings } = loadConfig(file, market, env);
  assert.deepEqual(warnings.map(formatProblem), []);
  assert.deepEqual(
    config.targets.map(t => [t.deployment.id, t.cloud, t.modelName, t.region, t.credential.type]),
    [
      ['openai-gpt', 'openai', 'gpt-5.4', null, 'api-key'],
      ['azure-gpt', 'azure-openai', 'gpt-5-4-prod', null, 'api-key'],
      ['anthropic-claude', 'anthropic', 'claude-sonnet-5', null, 'api-key'],
      ['bedrock-claude', 'bedrock', 'claude-sonnet-5', 'us-east-1', 'aws-chain'],
      ['vertex-gemini', 'vertex-ai', 'gemini-2.5-flash', 'europe-west1', 'google-adc'],
      ['own-llama', 'openai-compatible', 'meta-llama/Llama-3.3-70B-Instruct', null, 'none'],
    ],
  );
  const claude = config.routes.find(r => r.route.name === 'claude')!;
  assert.equal(claude.route.policy.constraints.maxInputPicoUsd, 5_000_000);
  assert.equal(claude.route.policy.constraints.maxShare, 0.8);
  assert.deepEqual(config.routes[0]?.aliases, ['gpt-5.4']);
  assert.equal(config.ledger.path, resolve(file, '../entrepot.db'));
});

test('settings of the engine go on by their own names', () => {
  const { config } = load(
    `engine: { attempts: { max: 2 }, deadlines: { connectMs: 9 } }${minimal}`,
  );
  assert.deepEqual(config.engine, { attempts: { max: 2 }, deadlines: { connectMs: 9 } });
  assert.equal(config.deadlines.connectMs, 9);
});

test('an offer in one region says by itself where it is called', () => {
  const { config } = load(
    minimal
      .replace('openai-api/global/openai/gpt-5.4', 'bedrock/us-west-2/anthropic/claude-sonnet-5')
      .replace('apiKey: env:OPENAI_API_KEY', 'aws: { profile: team }'),
  );
  assert.equal(config.targets[0]?.region, 'us-west-2');
  assert.deepEqual(config.targets[0]?.credential, { type: 'aws-chain', profile: 'team' });
});

test('secrets come from files, beside the configuration, without the last line break', () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-config-'));
  try {
    writeFileSync(join(folder, 'openai.key'), 'canary-from-file\n');
    const file = join(folder, 'entrepot.yaml');
    writeFileSync(file, minimal.replace('env:OPENAI_API_KEY', 'file:openai.key'));
    const { credential } = loadConfig(file, market, env).config.targets[0]!;
    assert.equal(credential.type === 'api-key' && credential.key.reveal(), 'canary-from-file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('secrets never show: not in JSON, text or inspection of what is loaded, and not in warnings', async () => {
  const { inspect } = await import('node:util');
  const aws = `
  - name: two
    offer: bedrock/us-west-2/anthropic/claude-sonnet-5
    credential:
      aws: { accessKeyId: AKIDEXAMPLE, secretAccessKey: canary-secret, sessionToken: canary-token }
`;
  const text = minimal
    .replace('env:OPENAI_API_KEY', 'canary-literal')
    .replace('env:ENTREPOT_KEY', 'canary-caller')
    .replace('\nroutes:', `${aws}routes:`);
  const { config, warnings } = load(text);
  const shown = [
    JSON.stringify(config),
    inspect(config, { depth: 9, showHidden: true }),
    `${config}`,
  ];
  assert.doesNotMatch(shown.join(), /canary/);
  const messages = warnings.map(formatProblem);
  assert.doesNotMatch(messages.join(), /canary/);
  assert.equal(messages.filter(m => m.includes('stands in the file')).length, 4);
});

test('what should be known is warned of, and does not stop the start', () => {
  const open = minimal
    .replace(/keys:.*/, 'auth: none\nlisten: { host: 0.0.0.0 }')
    .replace('name: one,', 'name: one, endpoint: http://models.example, allowInsecure: true,')
    .replace(
      '\nroutes:',
      '\n  - { name: idle, offer: openai-api/global/openai/gpt-5.4, credential: { bearer: env:OPENAI_API_KEY } }\nroutes:',
    );
  const { config, warnings } = load(open);
  assert.equal(config.keys, null);
  assert.deepEqual(warnings.map(formatProblem), [
    '/srv/entrepot.yaml:2:7: auth: whoever reaches 0.0.0.0 can use this gateway',
    '/srv/entrepot.yaml:5:28: deployments[0].endpoint: the credential and all prompts go there without TLS',
    '/srv/entrepot.yaml:6:5: deployments[1]: no route uses the deployment idle',
  ]);
});

test('the example explains every field that there is', async () => {
  const { lists, sections, topLevelFields, fieldsAt } = await import('../../src/config/schema.ts');
  const file = resolve(import.meta.dirname, '../../../../examples/entrepot.yaml');
  const text = readFileSync(file, 'utf8');
  const fields = [
    ...topLevelFields,
    ...['listen', 'ledger', 'limits'].flatMap(s => fieldsAt(sections[s as 'listen'], [])),
    ...Object.values(lists).flatMap(schema => fieldsAt(schema, [])),
    ...fieldsAt(lists.routes, ['constraints']),
    ...fieldsAt(lists.deployments, ['credential']),
    ...['aws', 'google', 'entra'].flatMap(c => fieldsAt(lists.deployments, ['credential', c])),
  ];
  // These two are for tests and for networks of one's own; `config check` names them where needed.
  const left = fields.filter(f => !new RegExp(`\\b${f}:|\\b${f}\\b`).test(text));
  assert.deepEqual(left, ['allowInsecure', 'simulated']);
});
