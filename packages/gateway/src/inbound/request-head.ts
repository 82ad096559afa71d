// The head of a request of HTTP/1.1, and what it says of the body: RFC 9112, sections 3 and 6. What
// two readers could read in two ways is refused.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { type BodyEnd, keepsConnection, saidEnd } from '../http1/body-end.ts';
import { type HeaderLimits, readHeaderLines } from '../http1/header-lines.ts';
import { HttpError } from '../http1/http-error.ts';
import type { HeadForm } from '../http1/message-reader.ts';

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderMap;
  readonly bodyEnd: BodyEnd;
  /** Of HTTP/1.1; else of 1.0, which knows no chunks. */
  readonly is11: boolean;
  /** The caller would send another request on the connection. */
  readonly keepsAlive: boolean;
  /** The body comes when it is asked for. */
  readonly waits: boolean;
}

/** A proxy before us may take the other one of two. */
const once: ReadonlySet<string> = new Set(['host', 'authorization']);

/** A target is a path, `*`, or an address as proxies ask for it. */
const requestLine =
  /^([A-Z][A-Z-]{0,31}) (\/[\x21-\x7e]*|\*|https?:\/\/[\x21-\x7e]+) HTTP\/1\.([01])$/;

/** Heads of up to `limitBytes` and `lines` headers. */
export function requestForm(limitBytes: number, lines: number): HeadForm<RequestHead> {
  const limits: HeaderLimits = { lines, once };
  return { limitBytes, begins, read: text => readRequestHead(text, limits) };
}

/** Methods are of capital letters. */
function begins(byte: number): void {
  if (byte >= 0x41 && byte <= 0x5a) return;
  const what = byte === 0x16 ? 'it begins with TLS, which is not spoken here' : 'it is no HTTP';
  throw new HttpError('bad_http', what);
}

function readRequestHead(text: string, limits: HeaderLimits): RequestHead {
  let from = text.indexOf('\r\n');
  if (from === -1) from = text.length;
  const found = requestLine.exec(text.slice(0, from));
  if (found === null) throw new HttpError('bad_http', 'its first line is no request line');
  const headers = readHeaderLines(text, from, limits);
  const is11 = found[3] === '1';
  if (is11 && headers.host === undefined) throw new HttpError('bad_http', 'it names no host');
  const bodyEnd = saidEnd(headers) ?? 0;
  if (bodyEnd === 'chunked' && !is11) throw new HttpError('bad_http', 'HTTP/1.0 has no chunks');
  return {
    method: found[1]!,
    target: found[2]!,
    headers,
    bodyEnd,
    is11,
    keepsAlive: keepsConnection(headers.connection, is11),
    waits: is11 && bodyEnd !== 0 && waits(headers.expect),
  };
}

function waits(expect: string | undefined): boolean {
  if (expect === undefined) return false;
  if (expect.toLowerCase() === '100-continue') return true;
  throw new HttpError('unmet', `it expects ${JSON.stringify(expect)}`);
}
