// Large bodies and streams that are wrong in ways that tempt a reader to look at them twice, and
// what is given them in pieces.

export interface Junk {
  readonly name: string;
  /** Exactly this many bytes. */
  make(bytes: number): Buffer;
}

function repeated(name: string, head: string, part: string): Junk {
  return {
    name,
    make(bytes) {
      const buffer = Buffer.alloc(bytes, part);
      buffer.write(head, 0);
      return buffer;
    },
  };
}

export const junk: readonly Junk[] = [
  repeated('zeros', '', '\0'),
  repeated('letters without an end', 'data: {"a":"', 'x'),
  repeated('line ends', '', '\n'),
  repeated('carriage returns', '', '\r'),
  repeated('opening brackets', '', '['),
  repeated('backslashes and quotes', '{"a":"', '\\"'),
  repeated('backslashes', '{"a":"', '\\'),
  repeated('commas', '{"model":"m","messages":[', '1,'),
  repeated('spaces', '{', ' '),
  repeated('empty data', '', 'data: \n'),
  repeated('empty events', '', 'data: {}\n\n'),
  repeated('frames of no length', '', '\0\0\0\x10\0\0\0\0'),
];
