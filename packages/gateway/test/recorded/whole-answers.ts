// The rules of whole answers for which no vendor publishes a schema, by their documentation.

import assert from 'node:assert/strict';
import { checkUsage } from '../../../dialects/test/bedrock-converse/frame-grammar.ts';
import { type Fields, fieldsAt, objectOf } from './fields.ts';

/** docs.claude.com, "Messages": every key stands in every answer. */
export function checkMessage(whole: Fields): void {
  assert.deepEqual([whole.type, whole.role], ['message', 'assistant']);
  areStrings(whole, 'id', 'model', 'stop_reason');
  assert.ok('stop_sequence' in whole);
  for (const block of fieldsAt(whole, 'content')) {
    areStrings(block, 'type');
    if (block.type === 'text') areStrings(block, 'text');
    if (block.type === 'thinking') areStrings(block, 'thinking', 'signature');
    if (block.type !== 'tool_use') continue;
    areStrings(block, 'id', 'name');
    isObject(block.input);
  }
  const usage = objectOf(whole.usage);
  areNumbers(usage, 'input_tokens', 'output_tokens');
  areNumbers(usage, 'cache_creation_input_tokens', 'cache_read_input_tokens');
}

/** ai.google.dev, "GenerateContentResponse". */
export function checkGenerated(whole: Fields): void {
  areStrings(whole, 'responseId', 'modelVersion');
  const candidates = fieldsAt(whole, 'candidates');
  assert.ok(candidates.length > 0);
  for (const candidate of candidates) {
    areStrings(candidate, 'finishReason');
    const content = objectOf(candidate.content);
    assert.equal(content.role, 'model');
    const parts = fieldsAt(content, 'parts');
    assert.ok(parts.length > 0, 'a chat of the SDK drops a content without parts');
    for (const { functionCall } of parts) {
      if (functionCall === undefined) continue;
      areStrings(objectOf(functionCall), 'name');
      isObject(objectOf(functionCall).args);
    }
  }
  if (whole.usageMetadata !== undefined) {
    areNumbers(objectOf(whole.usageMetadata), 'promptTokenCount', 'totalTokenCount');
  }
}

/** docs.aws.amazon.com, "Converse". */
export function checkConversed(whole: Fields): void {
  areStrings(whole, 'stopReason');
  const message = objectOf(objectOf(whole.output).message);
  assert.equal(message.role, 'assistant');
  for (const block of fieldsAt(message, 'content')) {
    assert.equal(Object.keys(block).length, 1, 'a block is of one kind');
    if (block.toolUse === undefined) continue;
    areStrings(objectOf(block.toolUse), 'toolUseId', 'name');
    isObject(objectOf(block.toolUse).input);
  }
  if (whole.usage !== undefined) checkUsage(objectOf(whole.usage));
  areNumbers(objectOf(whole.metrics), 'latencyMs');
}

function areStrings(object: Fields, ...keys: readonly string[]): void {
  for (const key of keys) assert.equal(typeof object[key], 'string', key);
}

function areNumbers(object: Fields, ...keys: readonly string[]): void {
  for (const key of keys) assert.equal(typeof object[key], 'number', key);
}

function isObject(value: unknown): void {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
}
