// Proves that a terminator without an answer is no whole answer, to a decoder and to a tap alike: a
// host that fails before it begins can still write its last line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Dialect } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { answerContext } from './answer-context.ts';

const done = 'data: [DONE]\n\n';
const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
const blockStop = 'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n';
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":0}}\n\n';
const streams: readonly (readonly [Dialect, string])[] = [
  [openaiChat, done],
  [openaiChat, `: ping\n\n${usage}${done}`],
  [openaiCompletions, done],
  [anthropicMessages, stop],
  [anthropicMessages, ping + stop],
  [anthropicMessages, blockStop + stop],
];

for (const [dialect, text] of streams) {
  test(`${dialect.name}: ${JSON.stringify(text).slice(0, 60)}`, () => {
    const tap = dialect.tap({ hideUsage: false });
    const forwarded = String(Buffer.from(tap.push(Buffer.from(text))));
    assert.doesNotMatch(forwarded, /DONE|message_stop/);
    assert.deepEqual([tap.complete, tap.started], [false, false]);
    assert.equal(tap.error?.code, 'upstream_empty');
    if (dialect === openaiCompletions) return;
    const decoder = dialect.decoder(answerContext);
    const events = [...decoder.push(Buffer.from(text)), ...decoder.end()];
    assert.equal(events.at(-1)!.type, 'error');
  });
}
