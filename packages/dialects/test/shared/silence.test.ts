// Proves that a stream which goes on and on without an answer is refused by those who read it, and
// that the same number of events between words of an answer is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { eventFrame } from '@entrepot/dialects/bedrock-frames';
import type { Dialect } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { maxSilentEvents } from '@entrepot/dialects/silence';
import { answerContext } from './answer-context.ts';
import { thrown } from './thrown.ts';

const sse = (data: object): Buffer => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
const start = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'a' } };
const delta = { type: 'response.output_text.delta', output_index: 0, delta: 'a' };

/** An event that says nothing, and one that does. */
const cases: readonly (readonly [Dialect, Uint8Array, Uint8Array])[] = [
  [openaiChat, sse({ choices: [] }), sse({ choices: [{ index: 0, delta: { content: 'a' } }] })],
  [openaiResponses, sse({ type: 'keepalive' }), sse(delta)],
  [anthropicMessages, sse({ type: 'ping' }), sse(start)],
  [
    bedrockConverse,
    eventFrame('later', {}),
    eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } }),
  ],
  [gemini, sse({}), sse({ candidates: [{ content: { parts: [{ text: 'a' }] } }] })],
];

for (const [dialect, silent, content] of cases) {
  const some = Buffer.concat(Array.from({ length: 1_000 }, () => silent));
  const readers = [
    ['tap', () => dialect.tap({ hideUsage: false })],
    ['decoder', () => dialect.decoder(answerContext)],
  ] as const;

  for (const [name, make] of readers) {
    test(`${dialect.name} ${name}`, () => {
      const refused = thrown(() => {
        const reader = make();
        for (let events = 0; events <= maxSilentEvents; events += 1_000) reader.push(some);
      });
      assert.equal(refused.code, 'endless_silence');
      assert.equal(refused.class, 'upstream');
      const reader = make();
      for (let round = 0; round < 2; round++) {
        reader.push(content);
        for (let events = 1_000; events < maxSilentEvents; events += 1_000) reader.push(some);
      }
    });
  }
}
