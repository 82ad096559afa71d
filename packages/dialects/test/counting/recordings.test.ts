// Proves that recorded counts of real services are read as they counted, and that their requests
// mean the same to every counter that can carry them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import type { CountDialect } from '@entrepot/dialects/dialect';
import { geminiCountTokens, vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import { checkSchema, schemasMissing } from '../openai-responses/schemas.ts';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { type Recording, recordings, recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';

const skip = recordingsMissing;
const path = { model: 'm', stream: false };

const byProvider = {
  anthropic: anthropicCountTokens,
  bedrock: bedrockCountTokens,
  gemini: geminiCountTokens,
  openai: openaiInputTokens,
  vertex: vertexCountTokens,
} as const satisfies Record<string, CountDialect>;

/** Counts of openai stand among the answers of Responses. */
const recorded = [
  ...['messages.count_tokens', 'count-tokens', 'countTokens'].flatMap(recordings),
  ...recordings('responses').filter(({ body }) => body.includes('response.input_tokens')),
];
const dialectOf = ({ provider }: Recording): CountDialect =>
  byProvider[provider as keyof typeof byProvider];
const jsonOf = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(Buffer.from(bytes).toString());

describe('answers', { skip }, () => {
  for (const recording of recorded.filter(({ status }) => status === 200)) {
    const { body, file, provider } = recording;
    test(file, () => {
      const dialect = dialectOf(recording);
      const theirs = jsonOf(body);
      const count = dialect.decodeResponse(body, {}, answerContext);
      const key = ['input_tokens', 'inputTokens', 'totalTokens'].find(word => word in theirs)!;
      assert.equal(count.inputTokens, theirs[key]);
      assert.equal(jsonOf(dialect.encodeResponse(count, answerContext).body)[key], theirs[key]);
      if (provider === 'openai' && schemasMissing === false) {
        const written = jsonOf(dialect.encodeResponse(count, answerContext).body);
        checkSchema('openai', 'TokenCountsResource', written);
      }
      // To count uses nothing, whoever counts.
      const { usage } = dialect.readUsage(body);
      assert.equal(usage?.inputTokens, 0);
      assert.equal(usage?.outputTokens, 0);
    });
  }

  test('there are counts of five services', () => {
    assert.equal(recorded.length, 23);
    assert.equal(recorded.filter(({ status }) => status === 200).length, 18);
    assert.equal(new Set(recorded.map(({ provider }) => provider)).size, 5);
  });
});

function given<T extends object>(told: readonly string[], fields: T): Partial<T> {
  const entries = Object.entries(fields).filter(
    ([key, v]) => v !== undefined && !told.includes(key),
  );
  return Object.fromEntries(entries) as Partial<T>;
}

/** Top-level members that the encoder adds, or writes in another way. */
const spoken = {
  anthropic: ['messages', 'tool_choice', 'thinking'],
  bedrock: ['input'],
  gemini: ['generateContentRequest', 'contents'],
  openai: ['input'],
  vertex: ['contents', 'systemInstruction', 'tools'],
} as const;

describe('requests', { skip }, () => {
  for (const recording of recorded.filter(({ status }) => status === 200)) {
    const { file, requestBody, provider } = recording;
    test(`${file} says the same after it was read and written`, () => {
      const dialect = dialectOf(recording);
      const bytes = Buffer.from(requestBody);
      const request = dialect.decodeRequest(bytes, path);
      const target = { ...plainTarget, vendor: 'anthropic', adaptiveThinking: true };
      const { body, losses } = dialect.encodeRequest(request, target);
      const again = dialect.decodeRequest(body, path);
      // A tool that must be called leaves no room for thinking, which is told.
      const told = losses.map(({ field }) => field);
      const { model: _, reasoning, ...kept } = request;
      assert.deepEqual(again, { ...kept, model: again.model, ...given(told, { reasoning }) });
      if (provider === 'openai' && schemasMissing === false) {
        checkSchema('openai', 'TokenCountsBody', jsonOf(body));
      }
      const written = Object.keys(jsonOf(body)).sort();
      for (const key of ['max_tokens', 'temperature', 'stream', 'store']) {
        assert.ok(!written.includes(key), `${key} is no part of a count`);
      }
      assert.ok(spoken[provider as keyof typeof spoken].some(key => written.includes(key)));
    });
  }

  test('the body of an InvokeModel call is left to Bedrock', () => {
    const [native] = recorded.filter(({ requestBody }) => requestBody.includes('invokeModel'));
    const bytes = Buffer.from(native!.requestBody);
    assert.notEqual(bedrockCountTokens.scan(bytes, path), null);
    const error = thrown(() => bedrockCountTokens.decodeRequest(bytes, path));
    assert.equal(error.class, 'unsupported');
    assert.equal(error.field, 'input.invokeModel');
  });
});

test('errors have the class that the service meant', { skip }, () => {
  const classes = recorded
    .filter(({ status }) => status !== 200)
    .map(recording => {
      const { body, headers, status } = recording;
      return dialectOf(recording).decodeError(status, headers, body).class;
    });
  assert.deepEqual(classes.toSorted(), [
    'invalid_request',
    'not_found',
    'not_found',
    'not_found',
    'not_found',
  ]);
});
