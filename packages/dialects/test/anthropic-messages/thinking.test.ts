// Proves how thinking and the form of the answer are asked for, by what is known of the model.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { assistant, call, encode, result, said, user } from './encoded.ts';

describe('thinking', () => {
  const of = (
    reasoning: CanonicalRequest['reasoning'],
    target: Partial<TargetModel> = {},
    request: Partial<CanonicalRequest> = {},
  ): unknown[] => {
    const { body, lost } = encode(
      reasoning === undefined ? request : { reasoning, ...request },
      target,
    );
    return [body.thinking, body.output_config, lost];
  };
  const budget = (budget_tokens: number): object => ({ type: 'enabled', budget_tokens });
  const adaptive = { adaptiveThinking: true };

  test('takes a budget by the effort where the model must be given one', () => {
    assert.deepEqual(of({ mode: 'enabled', effort: 'high' }), [budget(4096), undefined, []]);
    assert.deepEqual(of({ mode: 'enabled' }), [budget(2048), undefined, []]);
    assert.deepEqual(of({ mode: 'adaptive', effort: 'max' }, { adaptiveThinking: false }), [
      budget(16_384),
      undefined,
      [],
    ]);
    assert.deepEqual(of({ mode: 'enabled', effort: 'max' }, {}, { maxOutputTokens: 2000 }), [
      budget(1999),
      undefined,
      [],
    ]);
    assert.deepEqual(of({ mode: 'enabled', effort: 'low' }, {}, { maxOutputTokens: 1024 }), [
      undefined,
      undefined,
      ['reasoning'],
    ]);
  });

  test('is left to the model by an effort where it thinks by itself', () => {
    assert.deepEqual(of({ mode: 'enabled', effort: 'minimal' }, adaptive), [
      { type: 'adaptive' },
      { effort: 'low' },
      [],
    ]);
    assert.deepEqual(of({ mode: 'adaptive', display: 'omitted' }), [
      { type: 'adaptive', display: 'omitted' },
      undefined,
      [],
    ]);
  });

  test('keeps a budget that was given, and says if it has no room', () => {
    assert.deepEqual(of({ mode: 'enabled', budgetTokens: 5000, effort: 'max' }, adaptive), [
      budget(5000),
      { effort: 'max' },
      [],
    ]);
    assert.deepEqual(of({ mode: 'enabled', budgetTokens: 5000 }, {}, { maxOutputTokens: 3000 }), [
      budget(2999),
      undefined,
      ['reasoning.budgetTokens'],
    ]);
  });

  test('is reported where the model has none, or what goes on lacks it', () => {
    const none = { reasoning: false };
    assert.deepEqual(of({ mode: 'enabled' }, none), [undefined, undefined, ['reasoning']]);
    assert.deepEqual(of({ mode: 'disabled' }, none), [undefined, undefined, []]);
    const thought = { type: 'thinking', text: 't', signature: 's', issuer: 'anthropic' } as const;
    const looped = (...before: readonly Block[]): Partial<CanonicalRequest> => ({
      messages: [user(said('q')), assistant(...before, call('a')), user(result('a'))],
    });
    const enabled = { mode: 'enabled' } as const;
    assert.deepEqual(of(enabled, {}, looped()), [undefined, undefined, ['reasoning minor']]);
    assert.deepEqual(of(enabled, {}, looped(thought)), [budget(2048), undefined, []]);
    assert.deepEqual(of(enabled, adaptive, looped()), [{ type: 'adaptive' }, undefined, []]);
  });

  test('goes with no tool that must be called, and with no sampling', () => {
    const tools = [{ name: 'f', parameters: { type: 'object' } }];
    const forced = { tools, toolChoice: { type: 'required' } } as const;
    assert.deepEqual(of({ mode: 'enabled' }, {}, forced), [undefined, undefined, ['reasoning']]);
    const sampled = { temperature: 0.5, topK: 5, topP: 0.5 };
    const { body, lost } = encode({ reasoning: { mode: 'enabled' }, ...sampled });
    assert.deepEqual(lost, ['temperature', 'topP', 'topK']);
    assert.ok(!('temperature' in body) && !('top_k' in body) && !('top_p' in body));
    const allowed = encode({ reasoning: { mode: 'enabled' }, temperature: 1, topP: 0.95 });
    assert.deepEqual(allowed.lost, []);
    assert.equal(allowed.body.top_p, 0.95);
  });
});

describe('the form of the answer', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'array', items: { type: 'object', properties: {} } },
      type: { anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }] },
    },
  };

  test('is a schema whose objects are closed', () => {
    const { body, lost } = encode({
      responseFormat: { type: 'json_schema', name: 'r', description: 'd', schema },
    });
    assert.deepEqual(lost, []);
    assert.deepEqual(body.output_config, {
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              items: { type: 'object', properties: {}, additionalProperties: false },
            },
            type: { anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }] },
          },
          additionalProperties: false,
          description: 'd',
        },
      },
    });
  });

  test('is reported where the model has none', () => {
    const { lost } = encode(
      { responseFormat: { type: 'json_schema', schema } },
      { jsonSchema: false },
    );
    assert.deepEqual(lost, ['responseFormat']);
  });
});
