// Proves that a caller reads of its own fields alone, also of what its answer lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

const cases = [
  [openaiChat, 'choices', 'n', 'max_completion_tokens'],
  [openaiResponses, 'output', 'n', 'max_output_tokens'],
  [anthropicMessages, 'content', 'candidates', 'max_tokens'],
  [bedrockConverse, 'output', 'candidates', 'inferenceConfig.maxTokens'],
  [gemini, 'candidates', 'generationConfig.candidateCount', 'generationConfig.maxOutputTokens'],
] as const;

for (const [dialect, answer, several, limit] of cases) {
  test(`${dialect.name}: what an answer lost is told by where answers stand`, () => {
    assert.equal(dialect.fieldName('candidates[0].content[2].signature'), answer);
    assert.equal(dialect.fieldName('candidates[1]'), answer);
    assert.equal(dialect.fieldName('candidates[0].stop'), answer);
  });

  test(`${dialect.name}: what a request lost is told by its field`, () => {
    assert.equal(dialect.fieldName('candidates'), several);
    assert.equal(dialect.fieldName('maxOutputTokens'), limit);
    assert.equal(dialect.fieldName('extensions.fields.own_field'), 'own_field');
  });
}
