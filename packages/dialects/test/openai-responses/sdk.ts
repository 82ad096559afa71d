// openai's own SDK as a reader of bytes: they reach it through a `fetch` of ours.

import OpenAI from 'openai';

type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

export function sdk(body: Uint8Array, contentType: string, status = 200): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async () =>
      new Response(Buffer.from(body), { status, headers: { 'content-type': contentType } }),
  });
}

const question = { model: 'm', input: 'q' };

export async function sdkWhole(body: Uint8Array): Promise<Response> {
  return await sdk(body, 'application/json').responses.create(question);
}

export async function sdkEvents(body: Uint8Array): Promise<Event[]> {
  const client = sdk(body, 'text/event-stream');
  return await Array.fromAsync(await client.responses.create({ ...question, stream: true }));
}

/** What the SDK's accumulator has at the end of the stream. */
export async function sdkFinal(body: Uint8Array): Promise<Response> {
  return await sdk(body, 'text/event-stream').responses.stream(question).finalResponse();
}

export function reasoningOf(response: Response): string {
  return response.output
    .filter(item => item.type === 'reasoning')
    .map(item => [...item.summary, ...(item.content ?? [])].map(part => part.text).join('\n\n'))
    .join('|');
}

/** Each call's id, name and arguments. */
export function callsOf(response: Response): [string, string, string][] {
  return response.output
    .filter(item => item.type === 'function_call')
    .map(item => [item.call_id, item.name, item.arguments]);
}

export function refusalOf(response: Response): string {
  return response.output
    .flatMap(item => (item.type === 'message' ? item.content : []))
    .map(part => (part.type === 'refusal' ? part.refusal : ''))
    .join('');
}
