// Proves that thinking which nobody signed stands where its caller looks: as a summary where one
// was asked for, and as the thought itself elsewhere; whole and streamed alike, and read back the
// same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest, StreamEvent } from '@entrepot/dialects/canonical';
import type { AnswerContext } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';

function contextOf(display?: string): AnswerContext {
  const reasoning = { mode: 'enabled' as const, ...(display === undefined ? {} : { display }) };
  const request: CanonicalRequest = {
    model: 'm',
    messages: [],
    stream: false,
    includeUsage: true,
    reasoning,
  };
  return { ...answerContext, request };
}

const stop = { reason: 'end', raw: 'stop' } as const;
const block = { type: 'thinking', text: 'Hm.' } as const;
const at = { candidate: 0, index: 0 };
const events: readonly StreamEvent[] = [
  { type: 'start', id: 'a', model: 'm' },
  { type: 'block_start', ...at, block: { type: 'thinking' } },
  { type: 'block_delta', ...at, text: 'Hm.' },
  { type: 'block_stop', ...at },
  { type: 'stop', candidate: 0, stop },
  { type: 'end' },
];

function whole(context: AnswerContext) {
  const candidates = [{ index: 0, content: [block], stop }];
  const response = { id: 'a', model: 'm', candidates, usage: null };
  return openaiResponses.encodeResponse(response, context).body;
}

function streamed(context: AnswerContext): string {
  const encoder = openaiResponses.encoder(context);
  return events.map(event => String(encoder.push(event))).join('');
}

test('as a summary to a caller who asked for one', () => {
  const context = contextOf('summarized');
  const [item] = JSON.parse(String(whole(context))).output;
  assert.deepEqual(item.summary, [{ type: 'summary_text', text: 'Hm.' }]);
  assert.equal(item.content, undefined);
  const stream = streamed(context);
  assert.match(stream, /response\.reasoning_summary_text\.delta/);
  assert.doesNotMatch(stream, /response\.reasoning_text/);
});

test('as the thought itself to others', () => {
  const [item] = JSON.parse(String(whole(contextOf()))).output;
  assert.deepEqual([item.summary, item.content], [[], [{ type: 'reasoning_text', text: 'Hm.' }]]);
  assert.match(streamed(contextOf()), /response\.reasoning_text\.delta/);
});

test('and it is the same when it comes back', () => {
  for (const context of [contextOf(), contextOf('summarized')]) {
    const { candidates } = openaiResponses.decodeResponse(whole(context), {}, context);
    assert.deepEqual(candidates[0]!.content, [block]);
  }
});
