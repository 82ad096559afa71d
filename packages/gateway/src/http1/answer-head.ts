// The head of an answer of HTTP/1.1, and what it says of the body: RFC 9112, sections 4 to 6. What
// two readers could read in two ways is refused.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { HttpError } from './http-error.ts';

/** A length in bytes; `chunked`; or `until-close`: as far as the connection goes. */
export type BodyEnd = number | 'chunked' | 'until-close';

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; the values of a name that comes again are joined by `, `. */
  readonly headers: HeaderMap;
  readonly bodyEnd: BodyEnd;
  /** The connection can take another call afterwards. */
  readonly keepsAlive: boolean;
}

/** Of a name: a token of RFC 9110, section 5.6.2. */
const notName = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;

/** Reads `text`, a head without the empty line that ends it. Throws HttpError `bad_http`. */
export function readHead(text: string): AnswerHead {
  let from = text.indexOf('\r\n');
  if (from === -1) from = text.length;
  const status = statusOf(text.slice(0, from));
  const headers: Record<string, string> = {};
  while (from < text.length) {
    from += 2;
    let to = text.indexOf('\r\n', from);
    if (to === -1) to = text.length;
    addLine(headers, text, from, to);
    from = to;
  }
  const is11 = text.charCodeAt(7) === 0x31;
  const bodyEnd = bodyEndOf(status, headers);
  const keepsAlive = bodyEnd !== 'until-close' && keeps(headers.connection, is11);
  return { status, headers, bodyEnd, keepsAlive };
}

function statusOf(line: string): number {
  const found = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(line);
  if (found === null) throw new HttpError('bad_http', 'its first line is no status line');
  return Number(found[1]);
}

function addLine(headers: Record<string, string>, text: string, from: number, to: number): void {
  const colon = text.indexOf(':', from);
  if (colon <= from || colon >= to) throw new HttpError('bad_http', 'a header has no name');
  const name = text.slice(from, colon).toLowerCase();
  if (notName.test(name)) throw new HttpError('bad_http', 'the name of a header is no name');
  const value = text.slice(colon + 1, to).trim();
  const before = headers[name];
  headers[name] = typeof before === 'string' ? `${before}, ${value}` : value;
}

function bodyEndOf(status: number, headers: HeaderMap): BodyEnd {
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    // With both, one reader ends the body where another does not.
    if (length !== undefined) throw new HttpError('bad_http', 'its body has two lengths');
    if (coding.toLowerCase() !== 'chunked') {
      throw new HttpError('bad_http', `its transfer coding is ${JSON.stringify(coding)}`);
    }
  } else if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw new HttpError('bad_http', 'its content-length is no length');
  }
  if (status < 200 || status === 204 || status === 304) return 0;
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'until-close' : Number(length);
}

function keeps(connection: string | undefined, is11: boolean): boolean {
  if (connection === undefined) return is11;
  const wish = connection.toLowerCase();
  if (wish === 'keep-alive') return true;
  const words = wish.split(',').map(word => word.trim());
  return !words.includes('close') && (is11 || words.includes('keep-alive'));
}
