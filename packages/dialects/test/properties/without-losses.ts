// A request without what an encoder said that it lost. A loss of something that is not there is an
// error: who declares everything lost would be right about every request.

import assert from 'node:assert/strict';
import { cacheMarks } from '@entrepot/dialects/cache-hints';
import type { Block, CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import type { Loss } from '@entrepot/dialects/dialect';

/** Fields that are lost in part only: what is left of them is not known here. */
const partly = /^(reasoning\.\w+|temperature|maxOutputTokens|toolChoice|messages)$/;
/** What the system says is moved, not lost. */
const moved = /^messages\[\d+\](\.role)?$/;

type Loose = Record<string, unknown>;

export interface Remaining {
  readonly request: CanonicalRequest;
  /** Top-level fields that may be anything, by their names. */
  readonly free: ReadonlySet<string>;
}

export function withoutLosses(given: CanonicalRequest, losses: readonly Loss[]): Remaining {
  // A copy to cut from; its undefined places are taken out at the end.
  const request = structuredClone(given) as CanonicalRequest & Loose;
  const free = new Set<string>();
  for (const { field } of losses) {
    const name = field.split(/[.[]/, 1)[0]!;
    if (field === 'maxOutputTokens' && request.maxOutputTokens === undefined) free.add(name);
    else if (field === 'cache' || field === 'tools.cache') {
      assert.ok(cacheMarks(given).length > 0, 'there is a mark to lose');
      free.add('cache');
    } else if (partly.test(field)) {
      assert.ok(isSaid(at(request, field)), `${field} is there to lose`);
      free.add(name);
    } else if (moved.test(field)) {
      const { role } = at(request, field.replace(/\.role$/, '')) as Message;
      assert.match(role, /system|developer/, `${field} is moved`);
    } else cut(request, given, field);
  }
  return { request: gathered(request), free };
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function stepsOf(field: string): readonly string[] {
  const extension = /^extensions\.(.*)$/.exec(field);
  return extension === null
    ? field.split(/[.[\]]+/).filter(Boolean)
    : ['extensions', 'fields', extension[1]!];
}

function at(owner: unknown, field: string): unknown {
  return stepsOf(field).reduce<unknown>((value, step) => (value as Loose)?.[step], owner);
}

function cut(request: Loose, given: CanonicalRequest, field: string): void {
  const steps = stepsOf(field);
  const last = steps.at(-1)!;
  assert.ok(isSaid(at(given, field)), `${field} is there to lose`);
  const owner = steps
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Loose)?.[step], request);
  // It may have gone with what it was a part of.
  if (owner === undefined || owner === null) return;
  if (last === 'argumentsJson') (owner as Loose).argumentsJson = '{}';
  else if (last === 'signature') {
    delete (owner as Loose).signature;
    delete (owner as Loose).issuer;
  } else if (Array.isArray(owner)) owner[Number(last)] = undefined;
  else delete (owner as Loose)[last];
}

function gathered(request: CanonicalRequest): CanonicalRequest {
  const there = <Item>(list: readonly Item[]): Item[] => list.filter(item => item !== undefined);
  const blocks = (content: readonly Block[]): Block[] =>
    there(content).map(block =>
      block.type === 'tool_result' ? { ...block, content: there(block.content) } : block,
    );
  return {
    ...request,
    messages: request.messages.map(message => ({ ...message, content: blocks(message.content) })),
    ...(request.tools === undefined ? {} : { tools: there(request.tools) }),
    ...(request.stop === undefined ? {} : { stop: there(request.stop) }),
  };
}
