// An answer as bytes of HTTP/1.1: RFC 9112, sections 4 and 7.

/** Up to this a body goes in one piece with its head or its frame; longer ones are not copied. */
const copiedBytes = 16 * 1024;
const carriageReturn = 13;
const lineFeed = 10;

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  424: 'Failed Dependency',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What would end a line, or the head, before its time, and what a head cannot carry. */
const notValue = /[^\t\x20-\x7e\x80-\xff]/g;

/** Its first line and headers, without the empty line at the end. `head`: names and values. */
export function headText(status: number, head: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\n`;
  for (let n = 0; n < head.length; n += 2) {
    text += `${head[n]}: ${head[n + 1]!.replace(notValue, '?')}\r\n`;
  }
  return text;
}

/** `text`, which is of latin1, and what follows it, in one piece or two. */
export function joined(text: string, body: Uint8Array): Uint8Array[] {
  if (body.length > copiedBytes) return [Buffer.from(text, 'latin1'), body];
  const all = Buffer.allocUnsafe(text.length + body.length);
  all.write(text, 'latin1');
  all.set(body, text.length);
  return [all];
}

/** A chunk, with `before` in front of it: in one piece, or three. `bytes` is not empty. */
export function chunk(before: string, bytes: Uint8Array): Uint8Array[] {
  const length = `${before}${bytes.length.toString(16)}\r\n`;
  if (bytes.length > copiedBytes) return [Buffer.from(length, 'latin1'), bytes, lineEnd];
  const all = Buffer.allocUnsafe(length.length + bytes.length + 2);
  all.write(length, 'latin1');
  all.set(bytes, length.length);
  all[all.length - 2] = carriageReturn;
  all[all.length - 1] = lineFeed;
  return [all];
}

const lineEnd = Buffer.from('\r\n');

/** Ends an answer in chunks. */
export const lastChunk = '0\r\n\r\n';
