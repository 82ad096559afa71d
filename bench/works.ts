// What is asked of every side: in which dialect, of which cloud, how large, how paced.

export interface Work {
  readonly name: string;
  /** What the caller speaks. */
  readonly caller: 'chat' | 'messages';
  /** What the upstream speaks: its own work where it is another. */
  readonly upstream: 'chat' | 'bedrock';
  /** Bytes of text in the request; the answer has 1 KB. */
  readonly requestBytes: number;
  /** null for an answer that is not streamed. */
  readonly stream: { readonly events: number; readonly paceMs: number } | null;
  /** At the most; so many streams are open where they are paced. */
  readonly connections: number;
}

const unary = { caller: 'chat', upstream: 'chat', stream: null, connections: 64 } as const;
const small = { requestBytes: 1024 } as const;
const paced = { events: 100, paceMs: 10 } as const;
const atOnce = { events: 100, paceMs: 0 } as const;

export const works: readonly Work[] = [
  { name: 'unary 1 KB', ...unary, requestBytes: 1024 },
  { name: 'unary 10 KB', ...unary, requestBytes: 10 * 1024 },
  { name: 'unary 100 KB', ...unary, requestBytes: 100 * 1024, connections: 16 },
  { name: 'unary 1 MB', ...unary, requestBytes: 1024 * 1024, connections: 8 },
  { name: 'stream paced', ...unary, ...small, stream: paced },
  { name: 'stream at once', ...unary, ...small, stream: atOnce, connections: 32 },
  {
    name: '1,000 open streams',
    ...unary,
    ...small,
    stream: { events: 20, paceMs: 200 },
    connections: 1000,
  },
  { name: 'chat to Bedrock', ...unary, ...small, upstream: 'bedrock' },
  { name: 'chat to Bedrock, stream', ...unary, ...small, upstream: 'bedrock', stream: paced },
  { name: 'Messages to chat', ...unary, ...small, caller: 'messages' },
  { name: 'Messages to chat, stream', ...unary, ...small, caller: 'messages', stream: paced },
];

/** How many events, and how long between two, the mock upstream is told in the text itself. */
export function bodyOf(work: Work, model: string): string {
  const { stream, requestBytes } = work;
  const told = stream === null ? '' : `#events=${stream.events} #paceMs=${stream.paceMs} `;
  const filler = 'Which port has the best price for tea this week? ';
  const content =
    told + filler.repeat(Math.ceil(requestBytes / filler.length)).slice(0, requestBytes);
  const messages = [{ role: 'user', content }];
  const request = { model, messages, stream: stream !== null };
  if (work.caller === 'messages') return JSON.stringify({ ...request, max_tokens: 256 });
  // By the name that OpenAI's models take: the older one would have to be translated.
  const chat = { ...request, max_completion_tokens: 256 };
  if (stream === null) return JSON.stringify(chat);
  return JSON.stringify({ ...chat, stream_options: { include_usage: true } });
}

/** The path of the caller's dialect. */
export function pathOf({ caller }: Work): string {
  return caller === 'chat' ? '/v1/chat/completions' : '/v1/messages';
}

/** What CPU time is divided by: an event where events flow, else a request. */
export function unitsOf({ stream }: Work): { readonly count: number; readonly name: string } {
  return stream === null ? { count: 1, name: 'request' } : { count: stream.events, name: 'event' };
}
