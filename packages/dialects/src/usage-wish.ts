// Usage stands in a stream of chunks only where `stream_options` asks for it: whether a body does,
// and the splice that re-aims a body and makes it ask. The model and the wish change, nothing else.

import type { Scan } from './dialect.ts';
import { jsonOf } from './json-member.ts';
import { type JsonMember, scanJson } from './json-scan.ts';
import type { Pieces } from './pieces.ts';
import { bytesOf } from './utf8.ts';

/** The same bytes for another model and with usage in the stream. Throws nothing. */
export function spliceUsage(body: Uint8Array, found: Scan, model: string): Pieces {
  const edits: Edit[] = [];
  if (found.modelRange !== null && model !== found.model) {
    const [start, end] = found.modelRange;
    edits.push({ start, end, bytes: bytesOf(JSON.stringify(model)) });
  }
  if (found.stream && !found.includeUsage) edits.push(usageEdit(body, found));
  if (edits.length === 0) return [body];
  edits.sort((one, other) => one.start - other.start || one.end - other.end);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(body.subarray(at, edit.start), edit.bytes);
    at = edit.end;
  }
  parts.push(body.subarray(at));
  return parts;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Sets `include_usage` in the options, adds it to them, or adds the options behind the model. */
function usageEdit(body: Uint8Array, found: Scan): Edit {
  if (found.streamOptionsRange === null) {
    const at = found.modelRange![1];
    return { start: at, end: at, bytes: bytesOf(',"stream_options":{"include_usage":true}') };
  }
  const [start, end] = found.streamOptionsRange;
  const { members } = scanJson(body.subarray(start, end));
  const present = members.get('include_usage');
  if (present !== undefined) {
    return { start: start + present.start, end: start + present.end, bytes: bytesOf('true') };
  }
  const text = members.size === 0 ? '"include_usage":true' : '"include_usage":true,';
  return { start: start + 1, end: start + 1, bytes: bytesOf(text) };
}

/**
 * What `stream_options` says of usage; null where it is not an object with a plain `include_usage`.
 */
export function usageWishOf(
  body: Uint8Array,
  options: JsonMember | undefined,
): { readonly includeUsage: boolean; readonly range: readonly [number, number] | null } | null {
  if (options === undefined) return { includeUsage: false, range: null };
  if (options.kind !== 'object') return null;
  const inner = body.subarray(options.start, options.end);
  const { members, ambiguous } = scanJson(inner);
  const wish = members.get('include_usage');
  if (ambiguous || (wish !== undefined && wish.kind !== 'boolean')) return null;
  const includeUsage = wish !== undefined && jsonOf(inner, wish) === true;
  return { includeUsage, range: [options.start, options.end] };
}
