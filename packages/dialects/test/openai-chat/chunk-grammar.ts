// The rules of a Chat Completions stream as clients rely on them, as a checker of bytes.

import assert from 'node:assert/strict';
import { SseParser } from '@entrepot/dialects/sse';

interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly Choice[];
  readonly usage?: unknown;
  readonly error?: unknown;
}
interface Choice {
  readonly index: number;
  readonly delta: {
    readonly role?: string;
    readonly tool_calls?: readonly CallDelta[];
  };
  readonly finish_reason: string | null;
}
interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string; readonly arguments?: string };
}

/** Checks one whole stream and gives its chunks. Throws AssertionError for a broken rule. */
export function checkChunks(bytes: Uint8Array, includeUsage: boolean): readonly Chunk[] {
  const parser = new SseParser();
  const events = [...parser.push(bytes), ...parser.end()];
  assert.ok(
    events.every(event => event.event === 'message'),
    'data lines only',
  );
  const last = events.at(-1)?.data;
  const isWhole = last === '[DONE]';
  const chunks = events
    .slice(0, isWhole ? -1 : undefined)
    .map(event => JSON.parse(event.data) as Chunk);
  assert.equal(chunks.filter(chunk => chunk.error !== undefined).length, isWhole ? 0 : 1);
  const said = isWhole ? chunks : chunks.slice(0, -1);
  checkSameHead(said);
  const answers = said.filter(chunk => chunk.choices.length > 0);
  const alone = said.filter(chunk => chunk.choices.length === 0);
  assert.ok(alone.length <= 1 && (alone.length === 0 || includeUsage), 'usage only if asked for');
  if (alone.length === 1) assert.equal(said.at(-1), alone[0], 'usage is last');
  for (const chunk of answers) {
    assert.equal(chunk.choices.length, 1);
    assert.equal('usage' in chunk, includeUsage);
  }
  const choices = answers.flatMap(chunk => chunk.choices);
  for (const index of new Set(choices.map(choice => choice.index))) {
    checkCandidate(
      choices.filter(choice => choice.index === index),
      isWhole,
    );
  }
  return chunks;
}

function checkSameHead(chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    assert.equal(chunk.object, 'chat.completion.chunk');
    for (const key of ['id', 'created', 'model'] as const) {
      assert.equal(chunk[key], chunks[0]![key], `${key} is the same in all chunks`);
    }
  }
}

function checkCandidate(choices: readonly Choice[], isWhole: boolean): void {
  assert.deepEqual(choices[0]!.delta, { role: 'assistant', content: '' }, 'the role is first');
  const calls: string[] = [];
  for (const [place, choice] of choices.entries()) {
    assert.ok('finish_reason' in choice && 'logprobs' in choice && 'index' in choice);
    if (place > 0) assert.equal(choice.delta.role, undefined, 'the role comes once');
    for (const call of choice.delta.tool_calls ?? []) checkCall(call, calls);
  }
  const finishes = choices.filter(choice => choice.finish_reason !== null);
  assert.equal(finishes.length, isWhole ? 1 : finishes.length, 'one finish');
  for (const finish of finishes) {
    assert.deepEqual(finish.delta, {});
    assert.equal(finish, choices.at(-1), 'nothing follows the finish');
  }
}

/**
 * A call starts with id, type and name; what follows has its number, arguments, and Google's state.
 */
function checkCall(call: CallDelta, calls: string[]): void {
  assert.equal(typeof call.function.arguments, 'string');
  if (call.id === undefined) {
    assert.ok(call.index < calls.length, 'a call starts before it goes on');
    const keys = Object.keys(call).filter(key => key !== 'extra_content');
    assert.deepEqual(keys, ['index', 'function']);
    assert.deepEqual(Object.keys(call.function), ['arguments']);
    return;
  }
  assert.equal(call.index, calls.length, 'numbers count calls alone');
  assert.equal(call.type, 'function');
  assert.equal(call.function.arguments, '');
  calls.push(call.id);
}
