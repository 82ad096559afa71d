// Checks the body of a request: by the vendor's published schema where there is one, else by rules
// that the services themselves enforce, as their documentation and their errors have them.

import assert from 'node:assert/strict';
import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import { checkSchema, schemasMissing } from '../openai-responses/schemas.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies of five dialects, taken apart
type Body = any;

/** Throws AssertionError with the first rule that is broken. */
export const checkShape: Readonly<Record<SpokenDialect, (body: Body) => void>> = {
  'openai-chat': body => {
    if (schemasMissing === false) checkSchema('openai', 'CreateChatCompletionRequest', body);
  },
  'openai-responses': body => {
    const input = body.input.map(withId);
    if (schemasMissing === false) checkSchema('openai', 'CreateResponse', { ...body, input });
  },
  'anthropic-messages': body => {
    assert.ok(Number.isInteger(body.max_tokens) && body.max_tokens >= 1, 'max_tokens');
    checkTurns(body.messages, ['user', 'assistant']);
    for (const { role, content } of body.messages) {
      if (typeof content === 'string') assert.notEqual(content, '', 'a text says something');
      else checkBlocks(content, ({ type }) => type, role === 'user' ? 'tool_result' : null);
    }
    for (const tool of body.tools ?? []) assert.match(tool.name ?? tool.type, namePattern);
    const ids = blocksOf(body.messages).filter(({ type }) => type === 'tool_use');
    const answers = blocksOf(body.messages).filter(({ type }) => type === 'tool_result');
    checkAnswers(
      ids.map(({ id }) => id),
      answers.map(({ tool_use_id }) => tool_use_id),
    );
  },
  'bedrock-converse': body => {
    checkTurns(body.messages, ['user', 'assistant']);
    for (const { role, content } of body.messages) {
      checkBlocks(content, onlyKey, role === 'user' ? 'toolResult' : null);
    }
    const blocks = blocksOf(body.messages);
    const calls = blocks.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
    checkAnswers(
      calls,
      blocks.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []),
    );
    if (calls.length > 0) assert.ok(body.toolConfig.tools.length > 0, 'calls need a tool');
    const names = blocks.flatMap(({ document }) => document?.name ?? []);
    assert.equal(new Set(names).size, names.length, 'no name twice');
  },
  gemini: body => {
    for (const { role, parts } of body.contents) {
      assert.match(role, /^(user|model)$/);
      assert.ok(parts.length > 0, 'a content has parts');
      const calls = parts.filter((part: Body) => part.functionResponse !== undefined);
      if (role === 'model') assert.equal(calls.length, 0, 'the model answers no call');
    }
    const turns = body.contents.map(({ parts }: Body) => parts);
    for (const [at, parts] of turns.entries()) {
      const answers = parts.filter((part: Body) => part.functionResponse !== undefined);
      if (answers.length === 0) continue;
      const calls = turns[at - 1].filter((part: Body) => part.functionCall !== undefined);
      assert.equal(answers.length, calls.length, 'an answer to each call, right behind it');
    }
  },
};

/** The service takes what the model said without an id; its schema does not know that. */
function withId(item: Body): Body {
  const isSaid = item.role === 'assistant' && Array.isArray(item.content);
  return isSaid ? { id: 'msg_1', status: 'completed', ...item } : item;
}

const namePattern = /^[a-zA-Z0-9_-]{1,128}$/;

function blocksOf(messages: readonly Body[]): readonly Body[] {
  return messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
}

function onlyKey(block: Body): string {
  const [key, ...more] = Object.keys(block);
  assert.ok(key !== undefined && more.length === 0, 'a block is of one kind');
  return key;
}

/** Roles take turns, and nobody's turn is empty. */
function checkTurns(messages: readonly Body[], roles: readonly string[]): void {
  assert.ok(messages.length > 0, 'someone asks');
  for (const [at, { role, content }] of messages.entries()) {
    assert.ok(roles.includes(role), role);
    assert.notEqual(role, messages[at - 1]?.role, 'roles take turns');
    assert.ok(content.length > 0, 'a turn says something');
  }
}

/** Results stand first, and no text is empty. */
function checkBlocks(
  blocks: readonly Body[],
  kindOf: (block: Body) => string,
  first: string | null,
): void {
  const kinds = blocks.map(kindOf).filter(kind => kind !== 'cachePoint');
  const firsts = kinds.filter(kind => kind === first);
  assert.deepEqual(kinds.slice(0, firsts.length), firsts, 'answers of tools stand first');
  for (const { text } of blocks) assert.notEqual(text, '', 'a text says something');
}

function checkAnswers(calls: readonly string[], answers: readonly string[]): void {
  for (const id of answers) assert.ok(calls.includes(id), `${id} answers a call`);
}
