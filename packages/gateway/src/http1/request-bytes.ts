// A call as the bytes of a request of HTTP/1.1.

import { lengthOf, type Pieces } from '@entrepot/dialects/pieces';
import type { Call } from '../clouds/cloud.ts';
import { HttpError } from './http-error.ts';

/** Bodies up to this go in one piece with their head; longer ones are not copied. */
const copiedBytes = 16 * 1024;

// What would end a line, or the head, before its time.
const notTarget = /[^\x21-\x7e]/;
const notValue = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * In one piece, or the head before those of the body. Throws HttpError `bad_request` for what
 * cannot stand in a head.
 */
export function requestBytes({ method, path, headers, body }: Call, host: string): Pieces {
  if (notTarget.test(path)) throw new HttpError('bad_request', 'its path cannot be asked for');
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (let n = 0; n < headers.length; n += 2) {
    const value = headers[n + 1]!;
    if (notValue.test(value)) {
      throw new HttpError('bad_request', `the value of ${headers[n]} cannot be sent`);
    }
    head += `${headers[n]}: ${value}\r\n`;
  }
  const length = lengthOf(body);
  head += method === 'GET' ? '\r\n' : `content-length: ${length}\r\n\r\n`;
  if (length > copiedBytes) return [Buffer.from(head, 'latin1'), ...body];
  const all = Buffer.allocUnsafe(head.length + length);
  let at = all.write(head, 'latin1');
  for (const piece of body) {
    all.set(piece, at);
    at += piece.length;
  }
  return [all];
}
