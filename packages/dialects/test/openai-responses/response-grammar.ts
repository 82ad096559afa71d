// The rules of a Responses stream as clients rely on them, as a checker of bytes.

import assert from 'node:assert/strict';
import { SseParser } from '@entrepot/dialects/sse';

export type Fields = Record<string, unknown>;
export interface StreamEvent extends Fields {
  readonly type: string;
  readonly sequence_number: number;
}
interface Item extends Fields {
  readonly id: string;
  readonly type: string;
}

/** A part of an item, or a call's arguments, as far as its events have said. */
interface Growing {
  text: string;
  readonly kind: string;
  done: boolean;
  partDone: boolean;
}

const lifecycle = ['response.created', 'response.in_progress'];
const terminals = ['response.completed', 'response.incomplete', 'response.failed', 'error'];

/** Checks one whole stream and gives its events. Throws AssertionError for a broken rule. */
export function checkStream(bytes: Uint8Array): readonly StreamEvent[] {
  const parser = new SseParser();
  const parsed = [...parser.push(bytes), ...parser.end()];
  const events = parsed.map(({ data }) => JSON.parse(data) as StreamEvent);
  for (const [place, event] of events.entries()) {
    assert.equal(parsed[place]!.event, event.type, 'the name of an event is its type');
  }
  checkEvents(events);
  return events;
}

/** Checks the events of one whole stream. */
export function checkEvents(events: readonly StreamEvent[]): void {
  for (const [place, event] of events.entries()) {
    assert.equal(event.sequence_number, place, 'numbers grow by one from 0');
    assert.equal(terminals.includes(event.type), place === events.length - 1, 'one end, and last');
    assert.equal(lifecycle.indexOf(event.type), place < 2 ? place : -1, 'begins as it must');
  }
  const items = new ItemRules();
  for (const event of events.slice(2, -1)) items.check(event);
  checkTerminal(events, items);
}

function checkTerminal(events: readonly StreamEvent[], items: ItemRules): void {
  const last = events.at(-1)!;
  if (last.type === 'error') return;
  const response = last.response as Fields;
  assert.equal(items.open.size, 0, 'all items are done');
  assert.equal(last.type, `response.${response.status}`);
  assert.deepEqual(response.output, items.done, 'the end repeats every item');
  const first = events[0]!.response as Fields;
  for (const key of ['id', 'model', 'created_at', 'object']) {
    assert.equal(response[key], first[key], `${key} is the same throughout`);
  }
  assert.deepEqual([first.status, first.output, first.usage], ['in_progress', [], null]);
}

class ItemRules {
  readonly open = new Map<number, { item: Item; growing: Map<string, Growing> }>();
  readonly done: Item[] = [];
  #added = 0;

  check(event: StreamEvent): void {
    const index = event.output_index as number;
    if (event.type === 'response.output_item.added') {
      assert.equal(index, this.#added++, 'places count up');
      const item = event.item as Item;
      assert.equal(typeof item.id, 'string');
      this.open.set(index, { item, growing: new Map() });
      return;
    }
    const known = this.open.get(index);
    assert.ok(known !== undefined, `${event.type}: the item is open`);
    if (event.type === 'response.output_item.done') this.#finish(index, event.item as Item);
    else {
      assert.equal(event.item_id, known.item.id, 'an item has one id');
      checkGrowing(event, known.growing);
    }
  }

  #finish(index: number, item: Item): void {
    const { item: added, growing } = this.open.get(index)!;
    assert.deepEqual([item.id, item.type], [added.id, added.type]);
    assert.notEqual(item.status, 'in_progress');
    for (const part of growing.values()) assert.ok(part.done, 'all parts are done');
    if (item.type === 'function_call') assert.equal(growing.size, 1, 'arguments are said');
    assert.deepEqual(
      partsOf(item),
      [...growing.values()].map(part => [part.kind, part.text]),
    );
    this.open.delete(index);
    this.done[index] = item;
  }
}

function partsOf(item: Item): [string, unknown][] {
  if (item.type === 'function_call') return [['function_call_arguments', item.arguments]];
  const parts = [...((item.summary ?? []) as Fields[]), ...((item.content ?? []) as Fields[])];
  return parts.map(part => [part.type as string, part.text ?? part.refusal]);
}

const kinds: Readonly<Record<string, string>> = {
  output_text: 'output_text',
  refusal: 'refusal',
  reasoning_text: 'reasoning_text',
  reasoning_summary_text: 'summary_text',
  function_call_arguments: 'function_call_arguments',
};

function checkGrowing(event: StreamEvent, growing: Map<string, Growing>): void {
  const key = String(event.summary_index ?? event.content_index ?? 'arguments');
  const [, name = '', word] = /^response\.(.+)\.(added|delta|done)$/.exec(event.type) ?? [];
  let part = growing.get(key);
  if (name === 'content_part' || name === 'reasoning_summary_part') {
    const { type, text, refusal } = event.part as Fields;
    if (word === 'added') {
      assert.equal(part, undefined, 'a part begins once');
      assert.equal(key, String(growing.size), 'parts count up');
      assert.equal(text ?? refusal, '');
      growing.set(key, { text: '', kind: type as string, done: false, partDone: false });
      return;
    }
    assert.ok(part?.done && !part.partDone, 'the text is done before its part');
    assert.deepEqual([type, text ?? refusal], [part.kind, part.text]);
    part.partDone = true;
    return;
  }
  if (name === 'output_text.annotation') {
    assert.ok(part !== undefined && !part.done, 'annotations stand in an open part');
    return;
  }
  if (part === undefined && key === 'arguments') {
    part = { text: '', kind: kinds[name]!, done: false, partDone: false };
    growing.set(key, part);
  }
  assert.ok(part !== undefined && !part.done, `${event.type}: the part is open`);
  assert.equal(kinds[name], part.kind);
  if (name === 'output_text') assert.ok(Array.isArray(event.logprobs), 'logprobs always stand');
  if (word === 'delta') {
    assert.notEqual(event.delta, '');
    part.text += event.delta as string;
    return;
  }
  part.done = true;
  assert.equal(
    event.text ?? event.refusal ?? event.arguments,
    part.text,
    'done repeats the deltas',
  );
  if (key === 'arguments') assert.equal(typeof event.name, 'string');
}
