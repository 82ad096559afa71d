// Proves what an offer becomes that the configuration states itself: a target like any other, whose
// unknown prices are unknown. And what is said when it is spoilt in one place.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../src/config/parse-config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { type ResolvedConfig, resolveConfig } from '../../src/config/resolve-config.ts';
import { market } from './market.ts';
import { messagesOf } from './slip.ts';

const env = { CALLER: 'canary-caller-key-1', VENDOR: 'canary-vendor', TEAM: 'canary-team' };

function file(deployment: string): string {
  return `keys: [{ name: team, key: env:CALLER }]
deployments:
  - name: own
${deployment.replace(/^/gm, '    ')}
routes: [{ name: r, deployments: [own] }]
`;
}

function load(deployment: string): ResolvedConfig {
  return resolveConfig(parseConfig(file(deployment), 'e.yaml'), market, env);
}

const minimal = `offer: { service: ollama, model: qwen/qwen3-8b }
credential: none`;

describe('an offer of one’s own', () => {
  test('says little and is whole', () => {
    const { config, warnings } = load(minimal);
    const [target] = config.targets;
    assert.equal(target?.cloud, 'openai-compatible');
    assert.deepEqual(target?.credential, { type: 'none' });
    assert.deepEqual(target?.headers, []);
    assert.equal(target?.modelName, 'qwen3-8b');
    assert.deepEqual(target?.deployment.offer, {
      id: 'ollama/global/qwen/qwen3-8b',
      model: 'qwen/qwen3-8b',
      cloud: 'self',
      service: 'ollama',
      region: 'global',
      term: 'on-demand',
      serviceModelId: 'qwen3-8b',
      dialects: ['openai-chat'],
      prices: {
        inputPicoUsd: null,
        outputPicoUsd: null,
        cachedReadPicoUsd: null,
        cacheWrite5mPicoUsd: null,
        cacheWrite1hPicoUsd: null,
        tiers: [],
      },
      contextTokens: null,
      maxOutputTokens: null,
      features: ['streaming'],
      residency: null,
      slaAvailability: null,
      validFrom: null,
      validUntil: null,
      conflicts: [],
      source: 'the configuration',
      seenOn: market.date,
    });
    assert.deepEqual(warnings.map(formatProblem), []);
  });

  test('says all there is to say', () => {
    const [target] = load(`offer:
  service: vllm
  model: meta/llama-3.3-70b
  cloud: aws
  region: us-east-2
  dialects: [openai-chat, anthropic-messages]
  prices: { inputUsdPerMtok: 0.35, outputUsdPerMtok: 0.7, cachedReadUsdPerMtok: 0.1 }
  contextTokens: 131072
  maxOutputTokens: 8192
  features: [tools, json-schema]
  residency: us
endpoint: https://trn.example/llama/v1
modelName: meta-llama/Llama-3.3-70B-Instruct
credential: { apiKey: env:VENDOR }
headers: { X-Team: env:TEAM }
quirks: { lacks: [seed], thinkingField: null }`).config.targets;
    const { offer } = target!.deployment;
    assert.equal(offer.id, 'vllm/us-east-2/meta/llama-3.3-70b');
    assert.deepEqual([offer.cloud, offer.residency, offer.contextTokens], ['aws', 'us', 131072]);
    assert.deepEqual(
      [offer.prices.inputPicoUsd, offer.prices.outputPicoUsd, offer.prices.cachedReadPicoUsd],
      [350_000, 700_000, 100_000],
    );
    assert.deepEqual(offer.features, ['streaming', 'tools', 'json-schema']);
    assert.equal(target?.endpoint, 'https://trn.example/llama/v1');
    assert.deepEqual(target?.headers, ['x-team', 'canary-team']);
    assert.deepEqual(target?.quirks, { lacks: ['seed'], thinkingField: null });
    assert.equal(target?.region, null);
  });

  test('that is free is free from the cache as well, and unknown stays unknown', () => {
    const priced = (prices: string) =>
      load(minimal.replace('qwen3-8b', `qwen3-8b, prices: { ${prices} }`)).config.targets[0]!
        .deployment.offer.prices;
    const free = priced('inputUsdPerMtok: 0, outputUsdPerMtok: 0');
    assert.deepEqual([free.inputPicoUsd, free.outputPicoUsd, free.cachedReadPicoUsd], [0, 0, 0]);
    const half = priced('inputUsdPerMtok: 1');
    assert.deepEqual(
      [half.inputPicoUsd, half.outputPicoUsd, half.cachedReadPicoUsd],
      [1_000_000, null, null],
    );
  });

  test("is the vendor's for the lock-in cap, unless said otherwise", () => {
    const cloudOf = (more: string) =>
      load(`offer: { service: groq, model: a/b${more} }\ncredential: { apiKey: env:VENDOR }`).config
        .targets[0]!.deployment.offer.cloud;
    assert.deepEqual([cloudOf(''), cloudOf(', cloud: self')], ['groq', 'self']);
  });

  test('without TLS goes to this machine alone, or with a warning', () => {
    const far = minimal.replace(/$/, '\nendpoint: http://far.example/v1');
    assert.match(messagesOf(file(far))[0]!, /endpoint: must begin with https/);
    const { warnings } = load(`${far}\nallowInsecure: true`);
    assert.match(formatProblem(warnings[0]!), /without TLS/);
  });
});

describe('a slip', () => {
  const slips: readonly (readonly [string, string, RegExp])[] = [
    [
      'in the kind of server',
      minimal.replace('ollama', 'olama'),
      /offer\.service: .* mean ollama\?$/,
    ],
    [
      'in a field',
      minimal.replace('model', 'regio: eu, model'),
      /offer\.regio: unknown field; .*mean region\?$/,
    ],
    ['no model', 'offer: { service: vllm }\ncredential: none', /offer\.model: is missing/],
    ['a model without vendor', minimal.replace('qwen/', ''), /offer\.model: must be vendor\/name/],
    [
      'a dialect that it cannot speak',
      minimal.replace('8b', '8b, dialects: [gemini]'),
      /offer\.dialects\[0\]: must be one of openai-chat/,
    ],
    [
      'a price that is none',
      minimal.replace('8b', '8b, prices: { inputUsdPerMtok: -1 }'),
      /inputUsdPerMtok: must be at least 0/,
    ],
    [
      'a price too fine',
      minimal.replace('8b', '8b, prices: { inputUsdPerMtok: 0.0000001 }'),
      /inputUsdPerMtok: must be in whole millionths/,
    ],
    ['no endpoint', minimal.replace('ollama', 'vllm'), /endpoint: is needed/],
    [
      'an endpoint with a query',
      `${minimal}\nendpoint: http://127.0.0.1/v1?a=b`,
      /endpoint: must be a base URL/,
    ],
    ['a region', `${minimal}\nregion: us-east-1`, /region: means nothing to openai-compatible/],
    [
      'a header of the connection',
      `${minimal}\nheaders: { Host: evil.example }`,
      /headers: must not be those/,
    ],
    ['a header with a line break', `${minimal}\nheaders: { "a\\nb": x }`, /headers/],
    [
      'an offer that is neither',
      'offer: 7\ncredential: none',
      /offer: is a number; it must be text or a set of fields/,
    ],
    [
      'a credential that is neither',
      minimal.replace('none', 'noen'),
      /credential: is text; it must be none or a set of fields/,
    ],
  ];
  for (const [name, deployment, expected] of slips) {
    test(`${name} is one message`, () => {
      const messages = messagesOf(file(deployment));
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0]!, expected);
    });
  }

  test('what only a server of one’s own may say is refused elsewhere', () => {
    const known = `offer: openai-api/global/openai/gpt-5.4\ncredential: none
headers: { x-a: b }\nquirks: { developerRole: true }`;
    const fields = messagesOf(file(known)).map(message => /\]\.(\w+):/.exec(message)?.[1]);
    assert.deepEqual(fields.toSorted(), ['credential', 'headers', 'quirks']);
  });
});
