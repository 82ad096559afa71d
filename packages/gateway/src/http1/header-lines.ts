// The lines of a head of HTTP/1.1: names and values, RFC 9112, section 5. What two readers could
// read in two ways is refused.

import { HttpError } from './http-error.ts';

/** What a head may have. */
export interface HeaderLimits {
  readonly lines: number;
  /** Names that come once at most: of two values another reader may take the other one. */
  readonly once: ReadonlySet<string>;
}

/** Of a name: a token of RFC 9110, section 5.6.2. */
const notName = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
/** Of a value: a control character, but a tab. */
const notValue = /[^\t\x20-\x7e\x80-\xff]/;
const space = 0x20;
const tab = 0x09;

/**
 * The headers of `text`, a head without the empty line that ends it, whose first line ends at
 * `from`. Names in lower case; the values of a name that comes again are joined by `, `. Throws
 * HttpError `bad_http` and, for too many lines, `too_large`.
 */
export function readHeaderLines(
  text: string,
  from: number,
  limits: HeaderLimits,
): Record<string, string> {
  const headers: Record<string, string> = {};
  let lines = 0;
  let at = from;
  while (at < text.length) {
    at += 2;
    let to = text.indexOf('\r\n', at);
    if (to === -1) to = text.length;
    if (++lines > limits.lines) {
      throw new HttpError('too_large', `it has over ${limits.lines} headers`);
    }
    addLine(headers, text, at, to, limits.once);
    at = to;
  }
  return headers;
}

function addLine(
  headers: Record<string, string>,
  text: string,
  from: number,
  to: number,
  once: ReadonlySet<string>,
): void {
  const colon = text.indexOf(':', from);
  if (colon <= from || colon >= to) throw new HttpError('bad_http', 'a header has no name');
  const name = text.slice(from, colon).toLowerCase();
  if (notName.test(name)) throw new HttpError('bad_http', 'the name of a header is no name');
  const value = valueAt(text, colon + 1, to);
  if (notValue.test(value)) throw new HttpError('bad_http', `${name} has a control character`);
  const before = headers[name];
  // `constructor` is a name, too.
  if (typeof before !== 'string') headers[name] = value;
  else if (once.has(name)) throw new HttpError('bad_http', `${name} comes twice`);
  else headers[name] = `${before}, ${value}`;
}

/** Without the blanks around it: those of RFC 9110, section 5.6.3, and no others. */
function valueAt(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
