// Frames of AWS event streams, written here by hand, so that the decoder under test never reads
// only what its own encoder wrote.
// (docs.aws.amazon.com, "Event stream encoding"; aws-c-event-stream)

import { crc32 } from 'node:zlib';

/** An exception inside a stream, such as `throttlingException`. */
export function exceptionFrame(exception: string, message: string): Uint8Array {
  return frame(
    {
      ':exception-type': exception,
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    JSON.stringify({ message }),
  );
}

/** An event of a model's own API in base64, padded against those who count bytes. */
export function chunkFrame(json: string): Uint8Array {
  const bytes = Buffer.from(json).toString('base64');
  const padding = 'abcdefghijklmnopqrstuvwxyz'.slice(0, 1 + (json.length % 26));
  return frame(
    { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ bytes, p: padding }),
  );
}

const stringType = 7;
const preludeBytes = 12;
const crcBytes = 4;

function frame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload);
  const bytes = Buffer.alloc(preludeBytes + head.length + body.length + crcBytes);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, preludeBytes);
  body.copy(bytes, preludeBytes + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -crcBytes)), bytes.length - crcBytes);
  return bytes;
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(3);
  length.writeUInt8(stringType, 0);
  length.writeUInt16BE(Buffer.byteLength(value), 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
}
