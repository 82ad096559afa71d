// The head of an answer of HTTP/1.1, and what it says of the body: RFC 9112, sections 4 to 6.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { type BodyEnd, keepsConnection, saidEnd } from './body-end.ts';
import { type HeaderLimits, readHeaderLines } from './header-lines.ts';
import { HttpError } from './http-error.ts';

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; the values of a name that comes again are joined by `, `. */
  readonly headers: HeaderMap;
  readonly bodyEnd: BodyEnd;
  /** The connection can take another call afterwards. */
  readonly keepsAlive: boolean;
}

const limits: HeaderLimits = { lines: Number.POSITIVE_INFINITY, once: new Set() };

/** Reads `text`, a head without the empty line that ends it. Throws HttpError `bad_http`. */
export function readAnswerHead(text: string): AnswerHead {
  let from = text.indexOf('\r\n');
  if (from === -1) from = text.length;
  const status = statusOf(text.slice(0, from));
  const headers = readHeaderLines(text, from, limits);
  const is11 = text.charCodeAt(7) === 0x31;
  const bodyEnd = bodyEndOf(status, headers);
  const keepsAlive = bodyEnd !== 'until-close' && keepsConnection(headers.connection, is11);
  return { status, headers, bodyEnd, keepsAlive };
}

function statusOf(line: string): number {
  const found = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(line);
  if (found === null) throw new HttpError('bad_http', 'its first line is no status line');
  return Number(found[1]);
}

function bodyEndOf(status: number, headers: HeaderMap): BodyEnd {
  const said = saidEnd(headers);
  if (status < 200 || status === 204 || status === 304) return 0;
  return said ?? 'until-close';
}
