// How a head of HTTP/1.1 says where its body ends, and whether its connection goes on: RFC 9112,
// sections 6 and 9.3. Two lengths of one body are how one reader is made to see another request
// than the next: they are refused.

import type { HeaderMap } from '@entrepot/dialects/dialect';
import { HttpError } from './http-error.ts';

/** A length in bytes; `chunked`; or `until-close`: as far as the connection goes. */
export type BodyEnd = number | 'chunked' | 'until-close';

/** What the headers say; null where they say nothing. Throws HttpError `bad_http`. */
export function saidEnd(headers: HeaderMap): number | 'chunked' | null {
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    if (length !== undefined) throw new HttpError('bad_http', 'its body has two lengths');
    if (coding.toLowerCase() !== 'chunked') {
      throw new HttpError('bad_http', `its transfer coding is ${JSON.stringify(coding)}`);
    }
    return 'chunked';
  }
  if (length === undefined) return null;
  if (!/^\d{1,15}$/.test(length)) {
    throw new HttpError('bad_http', 'its content-length is no length');
  }
  return Number(length);
}

/** By its `connection` header: another message may follow. `is11`: it is of HTTP/1.1. */
export function keepsConnection(connection: string | undefined, is11: boolean): boolean {
  if (connection === undefined) return is11;
  const wish = connection.toLowerCase();
  if (wish === 'keep-alive') return true;
  const words = wish.split(',').map(word => word.trim());
  return !words.includes('close') && (is11 || words.includes('keep-alive'));
}
