// Reasoning items and thinking blocks. What openai made must come back as it was: its id, its
// encrypted content and the cut of its text into parts travel as JSON inside the signature, so
// that they pass through callers of any dialect. What another vendor signed travels the other
// way, sealed inside `encrypted_content`.

import type { RedactedThinkingBlock, ThinkingBlock } from '../canonical.ts';
import { DialectError } from '../dialect.ts';
import { isObject, type JsonObject, objectsAt, parseJsonText, stringAt } from '../json.ts';

export const ownIssuer = 'openai';

/** Stands between the parts of an item in the text of a block. */
export const partSeparator = '\n\n';

/** Where each part of the text stood, and its length. */
export type Layout = readonly (readonly ['summary' | 'content', number])[];

const mark = /^entrepot\.([a-z0-9-]*)\.(thinking|redacted)\./;

/** Another vendor's signature or redacted data in a reasoning item. */
export interface Sealed {
  readonly kind: 'thinking' | 'redacted';
  readonly issuer?: string;
  readonly opaque: string;
}

export function seal(kind: Sealed['kind'], opaque: string, issuer: string | undefined): string {
  return `entrepot.${issuer ?? ''}.${kind}.${opaque}`;
}

/** null where openai itself encrypted. */
export function unseal(item: JsonObject): Sealed | null {
  const sealed = stringAt(item, 'encrypted_content') ?? '';
  const match = mark.exec(sealed);
  if (match === null) return null;
  const kind = match[2] as Sealed['kind'];
  const opaque = sealed.slice(match[0].length);
  return match[1] === '' ? { kind, opaque } : { kind, opaque, issuer: match[1]! };
}

/** The block of a whole item. */
export function decodeReasoning(item: JsonObject): ThinkingBlock | RedactedThinkingBlock {
  const parts = partsOf(item);
  const text = parts.map(part => part.text).join(partSeparator);
  const sealed = unseal(item);
  if (sealed === null) {
    const signature = signatureOf(
      item,
      parts.map(part => [part.kind, part.text.length]),
    );
    if (signature === null) return { type: 'thinking', text };
    return { type: 'thinking', text, signature, issuer: ownIssuer };
  }
  const { kind, opaque, issuer } = sealed;
  const issued = issuer === undefined ? {} : { issuer };
  if (kind === 'redacted') return { type: 'redacted_thinking', data: opaque, ...issued };
  return { type: 'thinking', text, ...(opaque === '' ? {} : { signature: opaque }), ...issued };
}

export function partsOf(item: JsonObject): { kind: 'summary' | 'content'; text: string }[] {
  return (['summary', 'content'] as const).flatMap(kind =>
    objectsAt(item, kind).map(part => ({ kind, text: stringAt(part, 'text') ?? '' })),
  );
}

/**
 * null for an item that has nothing to come back for: neither an id nor encrypted content. The
 * order of the keys is always the same, so that equal items have equal signatures.
 */
export function signatureOf(item: JsonObject, layout: Layout): string | null {
  const { type, summary, content, status, id, encrypted_content, ...rest } = item;
  const kept = { id, encrypted_content, ...rest };
  if (!hasIdentity(kept)) return null;
  const isPlain = layout.length === 0 || (layout.length === 1 && layout[0]![0] === 'summary');
  return JSON.stringify(isPlain ? kept : { ...kept, layout });
}

/** The item that openai made; null for a signature that is not of this dialect. */
export function encodeOwn(text: string, signature: string): JsonObject | null {
  const kept = readSignature(signature);
  if (kept === null) return null;
  const { layout, ...rest } = kept;
  return { type: 'reasoning', ...rest, ...cutText(text, layout) };
}

export function readSignature(signature: string): JsonObject | null {
  try {
    const kept = parseJsonText(signature, 'invalid_request');
    return isObject(kept) && hasIdentity(kept) ? kept : null;
  } catch (cause) {
    if (cause instanceof DialectError) return null;
    throw cause;
  }
}

function hasIdentity(item: JsonObject): boolean {
  return Boolean(stringAt(item, 'id') || stringAt(item, 'encrypted_content'));
}

/** Parts as they were cut; one summary where the text has been changed since. */
function cutText(text: string, layout: unknown): JsonObject {
  const parts = { summary: [] as JsonObject[], content: [] as JsonObject[] };
  let at = 0;
  for (const row of Array.isArray(layout) ? layout : []) {
    if (!isLayoutRow(row)) return oneSummary(text);
    const [kind, length] = row;
    parts[kind].push(partOf(kind, text.slice(at, at + length)));
    at += length + partSeparator.length;
  }
  if (at !== text.length + partSeparator.length) return oneSummary(text);
  return parts.content.length === 0 ? { summary: parts.summary } : parts;
}

/** A caller sends the signature back, and may have changed it. */
function isLayoutRow(row: unknown): row is Layout[number] {
  if (!Array.isArray(row)) return false;
  const [kind, length]: readonly unknown[] = row;
  if (kind !== 'summary' && kind !== 'content') return false;
  return typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
}

function oneSummary(text: string): JsonObject {
  return { summary: text === '' ? [] : [partOf('summary', text)] };
}

export function partOf(kind: 'summary' | 'content', text: string): JsonObject {
  return { type: kind === 'summary' ? 'summary_text' : 'reasoning_text', text };
}
