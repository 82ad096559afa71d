// Proves that a kept answer told as a stream is the same answer: by the rules of such streams, to
// their reader, and to the reader of whole answers; from any event on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { replayStream } from '@entrepot/dialects/openai-responses/replay';
import { answerContext } from '../shared/answer-context.ts';
import { gather } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { checkStream } from './response-grammar.ts';
import { answers, decodeStream } from './response-streams.ts';
import { everyBlock, sampleUsage } from './samples.ts';

type Fields = Record<string, unknown>;

function replayed(response: Fields): void {
  const bytes = replayStream(response, -1);
  const events = checkStream(bytes);
  assert.deepEqual(events.at(-1)!.response, response);
  const { candidates, stops } = gather(decodeStream([bytes]));
  const body = Buffer.from(JSON.stringify(response));
  const [whole] = openaiResponses.decodeResponse(body, {}, answerContext).candidates;
  const types = whole!.content.map(({ type }) => type);
  assert.deepEqual(
    (candidates.get(0) ?? []).map(({ type }) => type),
    types,
  );
  assert.equal(stops.get(0), whole!.stop.reason);
  for (const after of [0, 3, events.length - 2]) {
    const rest = Buffer.from(replayStream(response, after)).toString();
    const lines = rest.split('\n').filter(line => line.startsWith('data: '));
    const numbers = lines.map(line => JSON.parse(line.slice(6)).sequence_number);
    assert.deepEqual(
      numbers,
      events.map(event => event.sequence_number).filter(number => number > after),
    );
  }
}

for (const [reason, raw] of [
  ['end', 'completed'],
  ['length', 'max_output_tokens'],
] as const) {
  test(`every kind of item, ${reason}`, () => {
    const content = everyBlock.filter(block => reason === 'end' || block.type !== 'refusal');
    const candidates = [{ index: 0, content, stop: { reason, raw } }];
    const answer = { id: 'resp_1', model: 'm', candidates, usage: sampleUsage };
    const { body } = openaiResponses.encodeResponse(answer, answerContext);
    replayed(JSON.parse(String(Buffer.from(body))) as Fields);
  });
}

describe('recorded answers', { skip: recordingsMissing }, () => {
  for (const { file, body } of answers(false)) {
    const response = JSON.parse(String(body)) as Fields;
    if (response.status !== 'completed' && response.status !== 'incomplete') continue;
    test(file, () => replayed(response));
  }
});
