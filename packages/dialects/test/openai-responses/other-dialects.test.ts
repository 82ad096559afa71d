// Proves that recorded streams of other dialects reach a Responses caller whole: by the rules of
// the API, as openai's own SDK gathers them, and with every block as it was, signatures included.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import type { Dialect } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { answerContext } from '../shared/answer-context.ts';
import { type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { type Recording, recordings, recordingsMissing } from '../shared/recordings.ts';
import { checkStream } from './response-grammar.ts';
import { decodeStream } from './response-streams.ts';
import { callsOf, sdkFinal } from './sdk.ts';

function streamsOf(endpoint: string): readonly Recording[] {
  return recordings(endpoint).filter(({ status, streaming }) => status === 200 && streaming);
}

function blocksOf(events: readonly StreamEvent[]): GatheredBlock[] {
  return (gather(events).candidates.get(0) ?? []).filter(block => block?.type !== 'native');
}

/** Places differ where calls stay open; a call without arguments has `{}`. */
function comparable(blocks: readonly GatheredBlock[]): unknown[] {
  return blocks
    .map(({ text, ...block }) => ({
      ...block,
      text: block.type === 'tool_call' ? text || '{}' : text,
    }))
    .map(block => JSON.stringify(Object.entries(block).sort()))
    .sort();
}

const sources: readonly (readonly [Dialect, string, number])[] = [
  [anthropicMessages, 'messages', 15],
  [openaiChat, 'chat.completions', 15],
];

for (const [dialect, endpoint, atLeast] of sources) {
  describe(dialect.name, { skip: recordingsMissing }, () => {
    const streams = streamsOf(endpoint);
    for (const { file, body } of streams) {
      test(file, async () => {
        const decoder = dialect.decoder(answerContext);
        const events = [...decoder.push(body), ...decoder.end()];
        assert.equal(events.at(-1)!.type, 'end');
        const encoder = openaiResponses.encoder(answerContext);
        const bytes = Buffer.concat(events.map(event => encoder.push(event)));
        checkStream(bytes);
        const blocks = blocksOf(events);
        assert.deepEqual(comparable(blocksOf(decodeStream([bytes]))), comparable(blocks));
        const final = await sdkFinal(bytes);
        const texts = blocks.filter(block => block.type === 'text').map(block => block.text);
        assert.equal(final.output_text, texts.join(''));
        const calls = blocks.filter(block => block.type === 'tool_call');
        assert.deepEqual(
          callsOf(final),
          calls.map(call => [call.id, call.name, call.text || '{}']),
        );
      });
    }
    test('are at hand', () => assert.ok(streams.length >= atLeast, String(streams.length)));
  });
}
