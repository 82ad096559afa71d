// Anthropic's own SDK as the reader of bytes: a `fetch` of ours hands them to it.

import Anthropic from '@anthropic-ai/sdk';

const question = {
  model: 'm',
  max_tokens: 1,
  messages: [{ role: 'user' as const, content: 'q' }],
};

export function sdk(body: Uint8Array, init: ResponseInit): Anthropic {
  return new Anthropic({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async () => new Response(Buffer.from(body), init),
  });
}

/** A whole answer. */
export async function sdkWhole(body: Uint8Array): Promise<Anthropic.Message> {
  const headers = { 'content-type': 'application/json' };
  return await sdk(body, { headers }).messages.create(question);
}

/** What the SDK has gathered at the end of a stream; rejects for one that is broken. */
export async function sdkStreamed(body: Uint8Array): Promise<Anthropic.Message> {
  const headers = { 'content-type': 'text/event-stream' };
  const stream = sdk(body, { headers }).messages.stream(question);
  return await stream.finalMessage();
}
