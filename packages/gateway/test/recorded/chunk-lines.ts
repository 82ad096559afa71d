// The chunk fixtures of the Vercel AI SDK, a JSON object a line, as the bytes that were sent.

import { writeMessage } from '@entrepot/dialects/event-stream';
import { encodeSse } from '@entrepot/dialects/sse';

type Fields = Readonly<Record<string, unknown>>;

/** Types of the first event and of the last ones of an answer. */
const begins = ['message_start', 'response.created'];
const ends = /"type":\s*"(message_stop|response\.(completed|incomplete|failed))"/;

/** The bytes of each answer in these lines: a fixture of several turns has them in one file. */
export function answersOf(provider: string, bytes: Buffer): readonly Buffer[] {
  const lines = bytes.toString().trim().split('\n').filter(Boolean);
  const answers: string[][] = [[]];
  let isOver = false;
  for (const line of lines.map(each => each.replace(/^data:\s*/, ''))) {
    if (isOver && begins.includes(typeOf(line) ?? '')) answers.push([]);
    isOver = ends.test(line);
    answers.at(-1)!.push(line);
  }
  return answers.map(answer => bytesOfLines(provider, answer));
}

function bytesOfLines(provider: string, lines: readonly string[]): Buffer {
  if (provider === 'amazon-bedrock') return Buffer.concat(lines.map(converseFrame));
  const isChat = /"object":\s*"(chat\.completion\.chunk|text_completion)"/.test(
    lines[1] ?? lines[0]!,
  );
  const done = isChat && lines.at(-1) !== '[DONE]' ? ['[DONE]'] : [];
  const all = [...lines, ...done];
  return Buffer.concat(all.map(line => encodeSse(line === '[DONE]' ? null : typeOf(line), line)));
}

function typeOf(line: string): string | null {
  try {
    const { type } = JSON.parse(line) as { type?: string };
    return type ?? null;
  } catch {
    return null;
  }
}

/** A line is `{"name": payload}`. */
function converseFrame(line: string): Uint8Array {
  const [[name, payload]] = Object.entries(JSON.parse(line) as Fields) as [[string, Fields]];
  const headers = { ':event-type': name, ':content-type': 'application/json' };
  return writeMessage(
    { ...headers, ':message-type': 'event' },
    Buffer.from(JSON.stringify(payload)),
  );
}
