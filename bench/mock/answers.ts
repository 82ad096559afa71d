// What the mock upstream says, made once: whole answers and events in the wire forms of OpenAI's
// Chat Completions and Bedrock's Converse.

import { writeMessage } from '@entrepot/dialects/event-stream';

export interface Answers {
  readonly contentType: string;
  readonly streamContentType: string;
  readonly whole: Buffer;
  readonly first: Buffer;
  readonly event: Buffer;
  readonly last: Buffer;
}

const text = 'x'.repeat(600);
const word = 'word ';

function chunk(delta: unknown, finish: string | null, usage: unknown = null): Buffer {
  const choices = usage === null ? [{ index: 0, delta, finish_reason: finish }] : [];
  const head = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000 };
  return Buffer.from(`data: ${JSON.stringify({ ...head, model: 'bench', choices, usage })}\n\n`);
}

const chatUsage = { prompt_tokens: 250, completion_tokens: 150, total_tokens: 400 };

export const chat: Answers = {
  contentType: 'application/json',
  streamContentType: 'text/event-stream',
  whole: Buffer.from(
    JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'bench',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: chatUsage,
    }),
  ),
  first: chunk({ role: 'assistant', content: '' }, null),
  event: chunk({ content: word }, null),
  last: Buffer.concat([
    chunk({}, 'stop'),
    chunk({}, null, chatUsage),
    Buffer.from('data: [DONE]\n\n'),
  ]),
};

function frame(type: string, payload: unknown): Buffer {
  const headers = {
    ':message-type': 'event',
    ':event-type': type,
    ':content-type': 'application/json',
  };
  return Buffer.from(writeMessage(headers, Buffer.from(JSON.stringify(payload))));
}

const bedrockUsage = { inputTokens: 250, outputTokens: 150, totalTokens: 400 };

export const bedrock: Answers = {
  contentType: 'application/json',
  streamContentType: 'application/vnd.amazon.eventstream',
  whole: Buffer.from(
    JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: bedrockUsage,
      metrics: { latencyMs: 1 },
    }),
  ),
  first: frame('messageStart', { role: 'assistant' }),
  event: frame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: word } }),
  last: Buffer.concat([
    frame('contentBlockStop', { contentBlockIndex: 0 }),
    frame('messageStop', { stopReason: 'end_turn' }),
    frame('metadata', { usage: bedrockUsage, metrics: { latencyMs: 1 } }),
  ]),
};
