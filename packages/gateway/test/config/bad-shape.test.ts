// Proves that a file of the wrong shape is told with line, column and field, in words that say what
// is allowed: texts that are not YAML, unknown fields, wrong types. Each a good file with one slip.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load-config.ts';
import { market } from './market.ts';
import { env, good, messagesOf, testSlips } from './slip.ts';

const topLevel = 'auth, listen, ledger, responses, limits, engine, keys, deployments, routes';
const ofDeployment =
  'name, offer, endpoint, allowInsecure, modelName, apiVersion, project, region, credential, headers, quirks, priority, expectedTtftMs, simulated';

testSlips([
  [
    'an unknown section',
    'keys:',
    'key:\nkeys:',
    `1:1: key: unknown field; allowed: ${topLevel}; did you mean keys?`,
  ],
  [
    'an unknown field',
    '    offer: openai',
    '    ofer: x\n    offer: openai',
    `6:5: deployments[0].ofer: unknown field; allowed: ${ofDeployment}; did you mean offer?`,
  ],
  [
    'an unknown setting of the engine',
    /^/,
    'engine: { attempts: { maks: 2 } }\n',
    '1:23: engine.attempts.maks: unknown field; allowed: max, backoffMinMs, backoffMaxMs, maxWaitMs; did you mean max?',
  ],
  [
    'a wrong type',
    /^/,
    'listen: { port: "80" }\n',
    '1:17: listen.port: must be a number, not text',
  ],
  [
    'a fraction',
    /^/,
    'limits: { bodyBytes: 1e3.5 }\n',
    '1:22: limits.bodyBytes: must be a number, not text',
  ],
  [
    'a figure too small',
    /^/,
    'limits: { bodyBytes: 12 }\n',
    '1:22: limits.bodyBytes: must be at least 1024',
  ],
  [
    'a figure too large',
    /^/,
    'listen: { port: 65536 }\n',
    '1:17: listen.port: must be at most 65535',
  ],
  [
    'a share above one',
    /^/,
    'engine: { retryBudget: { share: 1.5 } }\n',
    '1:33: engine.retryBudget.share: must be at most 1',
  ],
  [
    'a word that is not allowed',
    /^/,
    'ledger: { mode: durabel }\n',
    '1:17: ledger.mode: must be one of durable, fast; did you mean durable?',
  ],
  [
    'a list that is none',
    'deployments: [gpt-one]',
    'deployments: gpt-one',
    '13:18: routes[0].deployments: must be a list, not text',
  ],
  [
    'an empty list',
    'deployments: [gpt-one]',
    'deployments: []',
    '13:18: routes[0].deployments: must have at least one entry',
  ],
  [
    'a missing field',
    '    offer: openai-api/global/openai/gpt-5.4\n',
    '',
    '5:5: deployments[0].offer: is missing; it must be text or a set of fields',
  ],
  [
    'an entry that is no set of fields',
    '  - name: claude\n    deployments: [claude-one]',
    '  - claude',
    '14:5: routes[1]: must be a set of fields, not text',
  ],
  [
    'a name that cannot be one',
    'name: team',
    'name: "a b"',
    '2:11: keys[0].name: must begin with a letter or digit, followed by letters, digits and . _ : / @ + -',
  ],
  [
    'a key that is a number',
    'env:CALLER',
    '12345',
    '3:10: keys[0].key: must be text, not a number',
  ],
  [
    'two credentials',
    '{ apiKey: env:VENDOR }',
    '{ apiKey: env:VENDOR, bearer: env:VENDOR }',
    '7:17: deployments[0].credential: must have exactly one of apiKey, bearer, aws, google, entra',
  ],
  [
    'no credential',
    '{ apiKey: env:VENDOR }',
    '{}',
    '7:17: deployments[0].credential: must have exactly one of apiKey, bearer, aws, google, entra',
  ],
  [
    'half a pair of AWS keys',
    'aws: chain',
    'aws: { accessKeyId: AKID }',
    '10:24: deployments[1].credential.aws: must have accessKeyId and secretAccessKey together',
  ],
  [
    'another word for the chain',
    'aws: chain',
    'aws: auto',
    '10:24: deployments[1].credential.aws: must be chain, {profile}, or {accessKeyId, secretAccessKey, sessionToken}',
  ],
  [
    'a share of nothing',
    '    deployments: [claude-one]',
    '    constraints: { maxShare: 0 }\n    deployments: [claude-one]',
    '15:30: routes[1].constraints.maxShare: must be above 0',
  ],
  ['a field twice', 'name: team', 'name: team\n    name: again', '3:5: this field stands twice'],
]);

const unreadable: readonly [string, string, RegExp][] = [
  ['an empty file', '', /^e\.yaml:1:1: must be fields: auth, listen/],
  ['a list', '- a', /^e\.yaml:1:1: must be fields/],
  ['a bracket that is not closed', 'keys: [1', /^e\.yaml:1:\d+: /],
  ['a quote that is not closed', 'keys: "sk-live-1', /^e\.yaml:1:\d+: a closing bracket, a quote/],
  ['a tab', 'keys:\n\t- a', /^e\.yaml:2:1: tabs cannot indent/],
  ['an alias to nothing', 'listen: *nothing', /^e\.yaml:1:1: an alias is unknown/],
  ['a second document', 'listen: {}\n---\nlisten: {}', /^e\.yaml:2:1: there is a second document/],
  ['an unknown tag', 'listen: !!sk-live-1 {}', /^e\.yaml:1:9: is not valid YAML/],
];

for (const [name, text, expected] of unreadable) {
  test(`a text that is no configuration says so: ${name}`, () => {
    assert.match(messagesOf(text)[0] ?? '', expected);
  });
}

test('aliases that unfold without end are refused quickly', () => {
  const levels = Array.from({ length: 12 }, (_, i) => {
    const item = i === 0 ? 'x' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array(9).fill(item).join(', ')}]`;
  });
  assert.match(messagesOf(levels.join('\n'))[0]!, /unfolds to too much/);
});

test('a field named __proto__ is an unknown field and nothing else', () => {
  const messages = messagesOf(
    good.replace('name: team', '__proto__: { polluted: 1 }\n    name: team'),
  );
  assert.deepEqual(messages, ['e.yaml:2:5: keys[0].__proto__: unknown field; allowed: name, key']);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('a file that cannot be read says so, with its name', () => {
  assert.throws(() => loadConfig('/nowhere/e.yaml', market, env), {
    name: 'ConfigError',
    message: '/nowhere/e.yaml:1:1: cannot be read (ENOENT)',
  });
});
