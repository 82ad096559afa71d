// Proves where calls to a server that speaks openai's API go and what they carry, that nothing of a
// base URL can move them elsewhere, and that what is known of each host is a fact with its source.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectName } from '@entrepot/dialects/dialect';
import { openaiCompatible } from '../../src/clouds/openai-compatible/cloud.ts';
import { hostNames, hostOf } from '../../src/clouds/openai-compatible/hosts.ts';
import { cloudOf, cloudOfService } from '../../src/clouds/registry.ts';
import { baseUrlProblem } from '../../src/clouds/url-parts.ts';
import type { Target } from '../../src/config/target.ts';
import { apiKey, canary, exampleKeys, makeCall, makeError, makeTarget, pairs } from './targets.ts';

function server(fields: Partial<Target> = {}, service = 'openai-compatible'): Target {
  const { deployment } = makeTarget();
  const offer = { ...deployment.offer, service };
  return makeTarget({
    cloud: 'openai-compatible',
    endpoint: 'http://127.0.0.1:8000/v1',
    credential: { type: 'none' },
    ...fields,
    deployment: { ...deployment, offer },
  });
}

function urlOf(target: Target, dialect: DialectName): string {
  const { origin, path } = openaiCompatible.address(target, dialect, false);
  return origin + path;
}

describe('addresses', () => {
  const table: readonly (readonly [string, string | null, DialectName, string])[] = [
    ['vllm', 'http://vllm:8000/v1', 'openai-chat', 'http://vllm:8000/v1/chat/completions'],
    ['vllm', 'http://vllm:8000/v1/', 'openai-responses', 'http://vllm:8000/v1/responses'],
    ['vllm', 'http://vllm:8000/v1', 'anthropic-messages', 'http://vllm:8000/v1/messages'],
    ['openai-compatible', 'https://a.b', 'openai-chat', 'https://a.b/chat/completions'],
    [
      'openai-compatible',
      'https://a.b/x/y~1/v1',
      'openai-chat',
      'https://a.b/x/y~1/v1/chat/completions',
    ],
    ['ollama', null, 'openai-chat', 'http://127.0.0.1:11434/v1/chat/completions'],
    ['groq', null, 'openai-chat', 'https://api.groq.com/openai/v1/chat/completions'],
    ['openrouter', null, 'openai-chat', 'https://openrouter.ai/api/v1/chat/completions'],
    [
      'groq',
      'https://proxy.example/groq',
      'openai-chat',
      'https://proxy.example/groq/chat/completions',
    ],
  ];
  for (const [service, endpoint, dialect, url] of table) {
    test(`${service} at ${endpoint ?? 'its own place'} in ${dialect}`, () => {
      assert.equal(urlOf(server({ endpoint }, service), dialect), url);
    });
  }

  test('a server of which no place is known needs one', () => {
    const [problem] = openaiCompatible.problems(server({ endpoint: null }));
    assert.equal(problem?.field, 'endpoint');
  });

  test('nothing of a base URL moves a call to another host or path', () => {
    const bad = [
      'https://a.b/v1?x=1',
      'https://a.b/v1#x',
      'https://u:p@a.b/v1',
      'https://a.b/../v1',
      'https://a.b/./v1',
      'https://a.b//v1',
      'https://a.b/v1/%2e%2e',
      'https://a.b/v 1',
      'https://a.b\\@c.d/v1',
      'ftp://a.b/v1',
      '//a.b/v1',
      'a.b/v1',
      `https://a.b/${'x'.repeat(600)}`,
    ];
    for (const endpoint of bad) {
      assert.notEqual(baseUrlProblem(endpoint, true), null, endpoint);
      assert.equal(openaiCompatible.problems(server({ endpoint }))[0]?.field, 'endpoint', endpoint);
      assert.throws(() => urlOf(server({ endpoint }), 'openai-chat'), endpoint);
    }
    assert.match(baseUrlProblem('http://a.b/v1', false) ?? '', /https/);
    assert.equal(baseUrlProblem('http://localhost:11434/v1', false), null);
  });
});

describe('what calls carry', () => {
  const carried = (target: Target, path = '/v1/chat/completions') =>
    pairs(openaiCompatible.authorize(makeCall({ path, headers: [] }), target, 0) as never);

  test('a key as Bearer, or none at all for a server that asks for none', () => {
    assert.deepEqual(carried(server({ credential: apiKey })), [`authorization: Bearer ${canary}`]);
    assert.deepEqual(carried(server()), []);
  });

  test("the operator's own headers", () => {
    const headers = ['http-referer', 'https://ours.example', 'x-title', 'Ours'];
    assert.deepEqual(carried(server({ headers })), [
      'http-referer: https://ours.example',
      'x-title: Ours',
    ]);
  });

  test('the version of Messages where that is spoken', () => {
    assert.deepEqual(carried(server(), '/v1/messages'), ['anthropic-version: 2023-06-01']);
  });

  test('credentials of AWS are no use here', () => {
    const [problem] = openaiCompatible.problems(server({ credential: exampleKeys }));
    assert.deepEqual(problem, {
      field: 'credential',
      message: 'must be none, apiKey or bearer for openai-compatible, not aws',
    });
  });
});

describe('what is known of hosts', () => {
  test('every one has its source and the day it was seen, and can be called', () => {
    for (const name of hostNames) {
      const { source, seenOn, endpoint } = hostOf(name);
      assert.match(seenOn, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(source.length > 10, name);
      if (endpoint !== null) assert.equal(baseUrlProblem(endpoint, false), null, name);
      assert.equal(cloudOfService(name), openaiCompatible);
    }
    assert.equal(cloudOf('openai-compatible'), openaiCompatible);
  });

  test("quirks of a deployment stand above the host's, one by one", () => {
    const quirks = { thinkingField: null };
    const habits = openaiCompatible.habits!(server({ quirks }, 'groq'));
    assert.equal(habits.thinkingField, null);
    assert.deepEqual(habits.lacks, ['logprobs', 'top_logprobs', 'logit_bias', 'n']);
    assert.deepEqual(openaiCompatible.habits!(server({}, 'no-such')), {});
  });
});

describe('failures', () => {
  const kindOf = (status: number, error = makeError('upstream')) =>
    openaiCompatible.classify(status, {}, error, 0).kind;

  test('Groq: flex capacity that is used up is not a bad request', () => {
    assert.equal(kindOf(498), 'overloaded');
  });

  test('a model that is not pulled (Ollama) is tried elsewhere', () => {
    assert.equal(kindOf(404, makeError('not_found')), 'not-found');
  });

  test('an empty account (DeepSeek, OpenRouter) rests for long', () => {
    assert.equal(kindOf(402, makeError('quota')), 'quota');
  });
});
