// Bodies of messages of HTTP/1.1 in each form that is right, drawn at random: with their length or
// in chunks, with extensions and a trailer or without.

import fc from 'fast-check';

export interface FramedBody {
  /** The header that says how long it is, the empty line, and the body as it is sent. */
  readonly form: string;
  readonly body: string;
}

const bodies = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 40 }), { maxLength: 6 });

export const framedBodies: fc.Arbitrary<FramedBody> = fc
  .record({ bodies, isChunked: fc.boolean(), trailer: fc.boolean() })
  .map(({ bodies, isChunked, trailer }) => {
    const parts = bodies.filter(body => body !== '');
    const body = parts.join('');
    if (!isChunked) return { form: `Content-Length: ${body.length}\r\n\r\n${body}`, body };
    const chunks = parts.map((part, n) => {
      const length = n % 2 === 0 ? part.length.toString(16) : `0${part.length.toString(16)};a=b`;
      return `${length}\r\n${part}\r\n`;
    });
    const last = trailer ? '0\r\nx-t: 1\r\n\r\n' : '0\r\n\r\n';
    return { form: `transfer-encoding: Chunked\r\n\r\n${chunks.join('')}${last}`, body };
  });
