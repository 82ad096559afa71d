// The values of top-level members as a scan of the bytes found them, read one at a time, and the
// splice that puts another model in their place.

import type { Scan } from './dialect.ts';
import { badField } from './json.ts';
import type { JsonMember, JsonScan } from './json-scan.ts';
import type { Pieces } from './pieces.ts';
import { bytesOf, textOf } from './utf8.ts';

/** The value of a member that is known to be valid JSON. */
export function jsonOf(body: Uint8Array, member: JsonMember): unknown {
  return JSON.parse(textOf(body, member.start, member.end));
}

/** The `model` and where it stands. Throws DialectError when it is absent, empty or no string. */
export function modelOf(
  body: Uint8Array,
  { members }: JsonScan,
): { readonly model: string; readonly modelRange: readonly [number, number] } {
  const member = members.get('model');
  if (member === undefined) throw badField('model', 'it is required');
  const model = jsonOf(body, member);
  if (typeof model !== 'string' || model === '') throw badField('model', 'expected a string');
  return { model, modelRange: [member.start, member.end] };
}

/** False when it is absent or null. Throws DialectError for what is no boolean. */
export function booleanOf(body: Uint8Array, { members }: JsonScan, key: string): boolean {
  const member = members.get(key);
  if (member === undefined || member.kind === 'null') return false;
  if (member.kind !== 'boolean') throw badField(key, 'expected true or false');
  return jsonOf(body, member) === true;
}

/** null when it is absent or null. Throws DialectError for what is no integer. */
export function integerOf(body: Uint8Array, { members }: JsonScan, key: string): number | null {
  const member = members.get(key);
  if (member === undefined || member.kind === 'null') return null;
  const value = jsonOf(body, member);
  if (!Number.isSafeInteger(value)) throw badField(key, 'expected an integer');
  return value as number;
}

/** True for an array with something in it. */
export function hasElements(body: Uint8Array, member: JsonMember | undefined): boolean {
  if (member?.kind !== 'array') return false;
  return !/^\[\s*\]$/.test(textOf(body, member.start, Math.min(member.end, member.start + 32)));
}

/** The same bytes for another model. Throws nothing: the scan is of these bytes. */
export function spliceModel(body: Uint8Array, found: Scan, model: string): Pieces {
  if (found.modelRange === null || model === found.model) return [body];
  const [start, end] = found.modelRange;
  return [body.subarray(0, start), bytesOf(JSON.stringify(model)), body.subarray(end)];
}
