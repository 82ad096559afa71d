// Top-level members taken out of the bytes of a JSON object and put into them; the others keep the
// bytes that they have.

import { parseJsonObject } from './json.ts';
import { scanJson } from './json-scan.ts';
import { bytesOf, joinBytes } from './utf8.ts';

/**
 * The object without the members of these names, and with those of `put` at its beginning: name to
 * JSON text, in the place of what has the name already. An object in which a key stands twice or
 * with escapes is written anew. Throws DialectError (invalid_request) for what is no JSON object.
 */
export function spliceMembers(
  body: Uint8Array,
  without: readonly string[],
  put: Readonly<Record<string, string>>,
): Uint8Array {
  if (without.length === 0 && Object.keys(put).length === 0) return body;
  const scan = scanJson(body);
  if (scan.ambiguous) return writtenAnew(body, without, put);
  const parts = Object.entries(put).map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  const out: Uint8Array[] = [bytesOf(`{${parts.join(',')}`)];
  let isFirst = parts.length === 0;
  let run: { start: number; end: number } | null = null;
  const endRun = (): void => {
    if (run === null) return;
    if (!isFirst) out.push(comma);
    out.push(body.subarray(run.start, run.end));
    isFirst = false;
    run = null;
  };
  for (const { key, keyStart, end } of scan.members.values()) {
    if (without.includes(key) || Object.hasOwn(put, key)) endRun();
    else if (run === null) run = { start: keyStart, end };
    else run.end = end;
  }
  endRun();
  out.push(closingBrace);
  return joinBytes(out);
}

/** Where bytes can be read in two ways: as JSON.parse reads them. */
function writtenAnew(
  body: Uint8Array,
  without: readonly string[],
  put: Readonly<Record<string, string>>,
): Uint8Array {
  const left = Object.entries(parseJsonObject(body, 'invalid_request'))
    .filter(([key]) => !without.includes(key) && !Object.hasOwn(put, key))
    .map(([key, value]) => [key, JSON.stringify(value)]);
  const members = [...Object.entries(put), ...left];
  return bytesOf(`{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`);
}

const comma: Uint8Array = bytesOf(',');
const closingBrace: Uint8Array = bytesOf('}');
