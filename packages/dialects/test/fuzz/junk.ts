// Large bodies and streams: wrong in ways that tempt a reader to look at them twice, or right and
// made of the smallest parts there are.

import { eventFrame } from '@entrepot/dialects/bedrock-frames';

export interface Junk {
  readonly name: string;
  /**
   * `content` is what an upstream may say: there is work in each part of it, and what it takes is
   * told and not bounded as tightly.
   */
  readonly kind: 'junk' | 'content';
  /** Fills the buffer to its last byte. */
  fill(buffer: Buffer): void;
}

function repeated(
  name: string,
  head: string,
  part: string | Uint8Array,
  kind: Junk['kind'] = 'junk',
): Junk {
  return {
    name,
    kind,
    fill(buffer) {
      buffer.fill(Buffer.from(part));
      // A head is as long as many parts: what is cut off at its end would be a part of its own.
      buffer.write(head, 0);
    },
  };
}

/** Content in every dialect of server-sent events; what follows comes when an answer has begun. */
const begun = [
  {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'text', text: 'a' },
    choices: [{ index: 0, text: 'a', delta: { content: 'a' } }],
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'a' }] } }],
  },
  { type: 'response.output_text.delta', output_index: 0, delta: 'a' },
]
  .map(event => `data: ${JSON.stringify(event)}\n\n`)
  .join('');

function numberedKeys(buffer: Buffer): void {
  let at = buffer.write('{', 0);
  for (let number = 0; at < buffer.length; number++) at += buffer.write(`"${number}":0,`, at);
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
  repeated('keys', '{', '"":0,'),
  { name: 'other keys', kind: 'junk', fill: numberedKeys },
  repeated('comments', '', ':\n\n'),
  repeated('empty data', '', 'data: \n'),
  repeated('empty events', '', 'data: {}\n\n'),
  repeated('comments after content', `${begun}\n`, ':\n\n'),
  repeated('empty events after content', `${begun}\n`, 'data: {}\n\n'),
  repeated('pings after content', `${begun}\n`, 'event: ping\ndata: {"type":"ping"}\n\n'),
  repeated('frames of no length', '', '\0\0\0\x10\0\0\0\0'),
  repeated('empty frames', '', eventFrame('a', {})),
  repeated('frames of empty events', '', eventFrame('chunk', { bytes: 'e30=' })),
  repeated(
    'letters of Chat',
    '',
    'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n',
    'content',
  ),
  repeated(
    'letters of Responses',
    '',
    'data: {"type":"response.output_text.delta","output_index":0,"delta":"a"}\n\n',
    'content',
  ),
  repeated(
    'letters of Messages',
    'data: {"type":"content_block_start","index":0,' +
      '"content_block":{"type":"text","text":"a"}}\n\n\n',
    'event: content_block_delta\n' +
      'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n',
    'content',
  ),
  repeated(
    'letters of Converse',
    '',
    eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'a' } }),
    'content',
  ),
  repeated(
    'letters of Gemini',
    '',
    'data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}]}\n\n',
    'content',
  ),
];
