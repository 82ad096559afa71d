// What another side does that is not HTTP/1.1, or not its whole.

/**
 * `bad_http`: its bytes are no message; `too_large`: its head is longer than is taken; `unmet`: it
 * expects what it will not get; `late`: it did not come in time; `cut_off`: the connection ended
 * before its answer did.
 */
export type HttpErrorCode =
  | 'bad_http'
  | 'too_large'
  | 'unmet'
  | 'late'
  | 'bad_request'
  | 'cut_off'
  | 'closed';

export class HttpError extends Error {
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
