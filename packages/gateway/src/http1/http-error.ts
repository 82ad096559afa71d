// What an upstream does that is not HTTP/1.1, or not its whole.

/** `bad_http`: its bytes are no answer; `cut_off`: the connection ended before its answer did. */
export type HttpErrorCode = 'bad_http' | 'bad_request' | 'cut_off' | 'closed';

export class HttpError extends Error {
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
