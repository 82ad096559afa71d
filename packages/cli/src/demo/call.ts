// One caller's request: sends it and reads the whole answer as a strict client would. Half an
// answer that passes for a whole one would be found here.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import type { AnswerContext, Dialect } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { type Dispatcher, request } from 'undici';
import { ask } from './ask.ts';
import type { PlannedRequest } from './plan.ts';

export interface CallResult {
  readonly n: number;
  /** null where the gateway sent none. */
  readonly requestId: string | null;
  readonly status: number | null;
  /** What the caller saw go wrong; null when the answer was whole. */
  readonly failure: string | null;
  readonly ttftMs: number | null;
  readonly totalMs: number;
}

const dialects: Readonly<Record<PlannedRequest['dialect'], Dialect>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};
const context: AnswerContext = { id: '', model: '', createdSeconds: 0, includeUsage: true };

/** Never rejects: whatever goes wrong is the result's `failure`. */
export async function call(
  planned: PlannedRequest,
  url: string,
  key: string,
  dispatcher: Dispatcher,
): Promise<CallResult> {
  const started = performance.now();
  const { path, body } = ask(planned);
  let requestId: string | null = null;
  let status: number | null = null;
  let ttftMs: number | null = null;
  const done = (failure: string | null): CallResult => ({
    n: planned.n,
    requestId,
    status,
    failure,
    ttftMs,
    totalMs: performance.now() - started,
  });
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const response = await request(url + path, { method: 'POST', headers, body, dispatcher });
    status = response.statusCode;
    const id = response.headers['x-request-id'];
    requestId = typeof id === 'string' ? id : null;
    if (status !== 200) return done(`${status}: ${(await response.body.text()).slice(0, 300)}`);
    const dialect = dialects[planned.dialect];
    if (!planned.stream) {
      const bytes = new Uint8Array(await response.body.arrayBuffer());
      ttftMs = performance.now() - started;
      const { candidates } = dialect.decodeResponse(bytes, {}, context);
      return done(candidates[0]?.content.length ? null : 'an answer without content');
    }
    const failure = await readStream(dialect, response.body, () => {
      ttftMs ??= performance.now() - started;
    });
    return done(failure);
  } catch (cause) {
    return done(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
  }
}

/** Reads to the end; null when the stream closed with its dialect's own terminator. */
async function readStream(
  dialect: Dialect,
  body: AsyncIterable<Uint8Array>,
  onContent: () => void,
): Promise<string | null> {
  const decoder = dialect.decoder(context);
  let last: StreamEvent | undefined;
  const read = (events: readonly StreamEvent[]): void => {
    for (const event of events) {
      if (event.type === 'block_delta' || event.type === 'block_start') onContent();
      last = event;
    }
  };
  for await (const bytes of body) read(decoder.push(bytes));
  read(decoder.end());
  if (last?.type === 'end') return null;
  return last?.type === 'error' ? `stream: ${last.error.message}` : 'stream without an end';
}
