// Proves that the matrix reads client, cloud and feature from the names that tests have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf } from './cell.ts';

const clouds = ['openai-api', 'openai-api in Responses', 'bedrock'];
const read = (file: string, ...path: string[]) => {
  const { client, cloud, feature } = cellOf({ file, path, passed: true }, clouds);
  return [client, cloud, feature];
};

test('a suite names the cloud, the file the client', () => {
  assert.deepEqual(read('anthropic', 'messages from openai-api in Responses', 'text, whole'), [
    '@anthropic-ai/sdk',
    'openai-api in Responses',
    'text, whole',
  ]);
});

test('a test may name the cloud itself, and then is one feature for all clouds', () => {
  const expected = ['openai (Responses)', 'bedrock', 'thinking comes back'];
  assert.deepEqual(read('responses', 'thinking from bedrock comes back'), expected);
});

test('a test may name its caller', () => {
  const name = 'that break are no whole answers to a caller of bedrock-converse';
  assert.deepEqual(read('broken-streams', 'streams of bedrock', name), [
    '@aws-sdk/client-bedrock-runtime',
    'bedrock',
    'streams that break are no whole answers',
  ]);
  const ai = ['ai (openai chat)', 'openai-api', 'tools'];
  assert.deepEqual(read('vercel', 'ai in front of openai-api', 'openai chat: tools'), ai);
});

test('what depends on no cloud says so', () => {
  assert.deepEqual(read('gemini', 'errors are known'), ['@google/genai', null, 'errors are known']);
});
