// What upstreams say in these tests, in the wire formats of OpenAI and Anthropic.

import type { ServerResponse } from 'node:http';
import type { Script } from './rig.ts';

export const text = 'A ship is loading.';

export const chatAnswer: string = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-5.4-mini-2026-03-17',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: text, refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
  system_fingerprint: 'fp_kept',
});

function chunk(choices: unknown[], usage: unknown = null): string {
  const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000 };
  return `data: ${JSON.stringify({ ...base, model: 'gpt-5.4-mini', choices, usage })}\n\n`;
}

function delta(value: unknown, finish: string | null = null): string {
  return chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finish }]);
}

export const chatRole: string = delta({ role: 'assistant', content: '' });
export const chatWords: readonly string[] = ['A ship ', 'is ', 'loading.'].map(content =>
  delta({ content }),
);
export const chatFinish: string = delta({}, 'stop');
export const chatUsage: string = chunk([], {
  prompt_tokens: 20,
  completion_tokens: 5,
  total_tokens: 25,
});
export const done = 'data: [DONE]\n\n';

/** Answers any request well: whole or streamed, with usage where it was asked for. */
export const chat: Script = ({ body }, response) => {
  const { stream, stream_options } = JSON.parse(body) as {
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
  };
  if (stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(chatAnswer);
    return;
  }
  const usage = stream_options?.include_usage === true ? chatUsage : '';
  beginStream(response);
  response.end(chatRole + chatWords.join('') + chatFinish + usage + done);
};

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function chatError(status: number, headers: Record<string, string> = {}): Script {
  return (_received, response) => {
    const type = status < 500 ? 'invalid_request_error' : 'server_error';
    const error = { message: `failed with ${status}`, type, param: null, code: null };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };
}

export const messagesAnswer: string = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 20,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 5,
  },
});

export const ask = (stream = false): Record<string, unknown> => ({
  model: 'any',
  messages: [{ role: 'user', content: 'What is in port?' }],
  stream,
});
