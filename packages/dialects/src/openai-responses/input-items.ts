// The list of the items that a kept answer was made of, its earlier turns included, a page at a
// time, as the API lists them.

import { DialectError } from '../dialect.ts';
import { badField, type JsonObject, stringAt } from '../json.ts';
import { type EarlierTurn, itemsOfInput, itemsOfTurn } from './earlier-turns.ts';

const defaultLimit = 20;
const maxLimit = 100;

/** `turns`: oldest first; the last one's input ends the list. Throws DialectError. */
export function listInputItems(
  id: string,
  turns: readonly EarlierTurn[],
  query: URLSearchParams,
): JsonObject {
  const before = turns.slice(0, -1).flatMap(turn => itemsOfTurn(turn, null));
  const own = itemsOfInput(JSON.parse(turns.at(-1)!.input));
  const items = [...before, ...own].map((item, at) => resourceOf(item, `${id.slice(-48)}_${at}`));
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw badField('order', 'expected asc or desc');
  if (order === 'desc') items.reverse();
  const start = startOf(items, query.get('after'));
  const limit = limitOf(query.get('limit'));
  const data = items.slice(start, start + limit);
  return {
    object: 'list',
    data,
    has_more: start + limit < items.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function limitOf(text: string | null): number {
  if (text === null) return defaultLimit;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw badField('limit', `expected an integer from 1 to ${maxLimit}`);
}

function startOf(items: readonly JsonObject[], after: string | null): number {
  if (after === null) return 0;
  const at = items.findIndex(item => item.id === after);
  if (at !== -1) return at + 1;
  const message = `Item with id '${after.slice(0, 80)}' not found.`;
  throw new DialectError({ class: 'invalid_request', message, field: 'after' });
}

const prefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  reasoning: 'rs',
};

/** Every item of the list has an id, a type and, but for reasoning, a status. */
function resourceOf(item: JsonObject, suffix: string): JsonObject {
  const type = stringAt(item, 'type') ?? 'message';
  const id = stringAt(item, 'id') ?? `${prefixes[type] ?? 'item'}_${suffix}`;
  const content = type === 'message' ? { content: partsOf(item) } : {};
  const status = type === 'reasoning' ? {} : { status: item.status ?? 'completed' };
  return { ...item, id, type, ...status, ...content };
}

function partsOf({ role, content }: JsonObject): unknown {
  if (typeof content !== 'string') return content;
  return role === 'assistant'
    ? [{ type: 'output_text', text: content, annotations: [], logprobs: [] }]
    : [{ type: 'input_text', text: content }];
}
