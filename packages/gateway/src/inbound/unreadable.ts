// The answer to bytes that are no request, or too slow to be one: nothing is known of who asks, so
// it is in the words of openai's API, which most callers show as they are.

import type { HttpError, HttpErrorCode } from '../http1/http-error.ts';
import { headText, joined } from './answer-bytes.ts';

const statuses: Readonly<Partial<Record<HttpErrorCode, number>>> = {
  too_large: 431,
  late: 408,
  unmet: 417,
};

/** The whole answer, after which the connection ends. */
export function unreadable({ code, message: because }: HttpError): Buffer {
  const message = `The request could not be read as HTTP: ${because}.`;
  const error = { message, type: 'invalid_request_error', param: null, code: 'bad_http' };
  const body = Buffer.from(JSON.stringify({ error }));
  const head = headText(statuses[code] ?? 400, [
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
    'connection',
    'close',
  ]);
  return Buffer.concat(joined(`${head}\r\n`, body));
}
