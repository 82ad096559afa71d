// Proves that an answer has no service tier that this dialect does not know: another vendor's word
// would make an answer that the schema forbids.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Usage } from '@entrepot/dialects/canonical';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { answerContext } from '../shared/answer-context.ts';

function usageOf(serviceTier: string | null): Usage {
  return {
    inputTokens: 1,
    cachedReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 1,
    reasoningTokens: null,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: 0,
    serviceTier,
    source: 'provider',
  };
}

function tierOf(serviceTier: string | null): unknown {
  const usage = usageOf(serviceTier);
  const stop = { reason: 'end', raw: 'end_turn' } as const;
  const candidates = [{ index: 0, content: [], stop }];
  const answer = { id: 'a', model: 'm', candidates, usage };
  const { body } = openaiChat.encodeResponse(answer, answerContext);
  return (JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>).service_tier;
}

/** Of the last chunk of a stream, which carries the usage. */
function streamedTierOf(serviceTier: string | null): unknown {
  const encoder = openaiChat.encoder(answerContext);
  encoder.push({ type: 'start', id: 'a', model: 'm' });
  encoder.push({ type: 'usage', usage: usageOf(serviceTier) });
  const text = Buffer.from(encoder.push({ type: 'end' })).toString();
  const chunk = /^data: (\{.*\})$/m.exec(text)![1]!;
  return (JSON.parse(chunk) as Record<string, unknown>).service_tier;
}

test('a tier that it knows stands in the answer, and no other', () => {
  assert.equal(tierOf('flex'), 'flex');
  assert.equal(tierOf('standard'), 'default');
  assert.equal(tierOf('reserved'), undefined);
  assert.equal(tierOf(null), undefined);
});

test('the last chunk of a stream tells the same', () => {
  assert.equal(streamedTierOf('flex'), 'flex');
  assert.equal(streamedTierOf('standard'), 'default');
  assert.equal(streamedTierOf('reserved'), undefined);
  assert.equal(streamedTierOf(null), undefined);
});
