// Proves that what is written for callers and for upstreams is what the published schemas demand,
// openai's own and that of Open Responses: requests, answers and every event of streams.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalResponse, StopReason } from '@entrepot/dialects/canonical';
import type { AnswerContext } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { checkEventSchema, eventTypes, withoutFormat } from './event-schemas.ts';
import { checkStream } from './response-grammar.ts';
import { eventsOfBlocks, everyBlock, sampleUsage } from './samples.ts';
import { checkSchema, schemasMissing } from './schemas.ts';

const asked: AnswerContext = {
  ...answerContext,
  request: openaiResponses.decodeRequest(
    Buffer.from(
      JSON.stringify({
        model: 'm',
        instructions: 'Be brief.',
        input: 'hello',
        max_output_tokens: 100,
        temperature: 0.5,
        top_p: 0.9,
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
        tool_choice: {
          type: 'allowed_tools',
          mode: 'auto',
          tools: [{ type: 'function', name: 'f' }],
        },
        parallel_tool_calls: false,
        text: { format: { type: 'json_schema', name: 'r', schema: {} }, verbosity: 'low' },
        reasoning: { effort: 'low', summary: 'concise' },
        metadata: { a: 'b' },
        user: 'u',
        safety_identifier: 's',
        prompt_cache_key: 'k',
        service_tier: 'flex',
        store: true,
        previous_response_id: 'resp_0',
        truncation: 'auto',
        max_tool_calls: 3,
      }),
    ),
  ),
};

const reasons: readonly StopReason[] = ['end', 'length', 'content_filter', 'refusal', 'malformed'];

function answer(reason: StopReason): CanonicalResponse {
  const stop = { reason, raw: 'x' };
  const candidates = [{ index: 0, content: everyBlock, stop }];
  return { id: 'resp_1', model: 'm', candidates, usage: sampleUsage };
}

function written(reason: StopReason, context: AnswerContext): Record<string, unknown> {
  const { body } = openaiResponses.encodeResponse(answer(reason), context);
  return JSON.parse(String(Buffer.from(body))) as Record<string, unknown>;
}

describe('answers', { skip: schemasMissing }, () => {
  for (const [name, context] of [
    ['without their request', answerContext],
    ['with their request', asked],
  ] as const) {
    test(name, () => {
      for (const reason of reasons) {
        const body = written(reason, context);
        checkSchema('openai', 'Response', body);
        checkSchema('open-responses', 'ResponseResource', withoutFormat(body));
      }
    });
  }

  test('repeat what was asked', () => {
    const body = written('end', asked);
    const expected = {
      instructions: 'Be brief.',
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      metadata: { a: 'b' },
      user: 'u',
      safety_identifier: 's',
      prompt_cache_key: 'k',
      store: true,
      previous_response_id: 'resp_0',
      truncation: 'auto',
      max_tool_calls: 3,
      reasoning: { effort: 'low', summary: 'concise' },
      text: { verbosity: 'low', format: { type: 'json_schema', name: 'r', schema: {} } },
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(body[key], value, key);
    assert.deepEqual(body.tools, [
      {
        description: null,
        type: 'function',
        name: 'f',
        parameters: { type: 'object' },
        strict: true,
      },
    ]);
    assert.equal(written('end', answerContext).store, false);
  });

  test('a schema can refuse', () => {
    const { tools: _tools, ...body } = written('end', answerContext);
    assert.throws(() => checkSchema('openai', 'Response', body), /tools/);
    assert.throws(() => checkSchema('open-responses', 'ResponseResource', body), /tools/);
  });
});

describe('streams', { skip: schemasMissing }, () => {
  test('every event is of its schema, and every kind of event is tried', () => {
    const seen = new Set<string>();
    const error = { type: 'error', error: { class: 'overloaded', message: 'm' } } as const;
    const streams = [...reasons.map(reason => eventsOfBlocks(everyBlock, reason)), [error]];
    // With a summary asked for, and without.
    const runs = [asked, answerContext].flatMap(context =>
      streams.map(events => ({ events, context })),
    );
    for (const { events, context } of runs) {
      const encoder = openaiResponses.encoder(context);
      const bytes = Buffer.concat(events.map(event => encoder.push(event)));
      const parsed = events.length === 1 ? errorOf(bytes) : checkStream(bytes);
      for (const event of parsed) {
        seen.add(event.type);
        checkEventSchema(event);
      }
    }
    assert.deepEqual([...seen].sort(), eventTypes.toSorted());
  });
});

function errorOf(bytes: Buffer): { type: string }[] {
  return [JSON.parse(/^data: (.+)$/m.exec(String(bytes))![1]!) as { type: string }];
}

describe('requests', { skip: recordingsMissing || schemasMissing }, () => {
  test('recorded ones, written again', () => {
    let checked = 0;
    for (const { requestBody, status } of recordings('responses')) {
      if (status !== 200) continue;
      const request = openaiResponses.decodeRequest(Buffer.from(requestBody));
      const { body } = openaiResponses.encodeRequest(request, { ...plainTarget, vendor: 'openai' });
      checkSchema('openai', 'CreateResponse', JSON.parse(String(Buffer.from(body))));
      checked++;
    }
    assert.ok(checked > 30);
  });
});
