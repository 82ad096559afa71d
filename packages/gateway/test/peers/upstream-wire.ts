// What the upstream of each service says in its wire format, in pieces: so that a test can break an
// answer off where it wants, or put bytes of its own between two pieces.

import type { ServerResponse } from 'node:http';
import type { Block, CanonicalError, Stop, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import type { Dialect, GenerateName } from '@entrepot/dialects/dialect';
import { dialectOf } from '../../src/dialects.ts';
import type { RigDeployment, Script, Service } from '../rig.ts';

/** A service in one of the dialects in which it can be called. */
export interface Spoken {
  readonly name: string;
  readonly service: Service;
  readonly dialect: GenerateName;
}

/** Each dialect in which an upstream is called, at a service that speaks it. */
export const upstreams: readonly Spoken[] = [
  { name: 'openai-api', service: 'openai-api', dialect: 'openai-chat' },
  { name: 'openai-api in Responses', service: 'openai-api', dialect: 'openai-responses' },
  { name: 'anthropic-api', service: 'anthropic-api', dialect: 'anthropic-messages' },
  { name: 'bedrock', service: 'bedrock', dialect: 'bedrock-converse' },
  { name: 'gemini-api', service: 'gemini-api', dialect: 'gemini' },
];

/** A deployment that is called in this dialect. */
export function deploymentOf(
  { service, dialect }: Spoken,
  endpoint: string,
  id = 'first',
): RigDeployment {
  return { id, service, endpoint, offer: { dialects: [dialect] } };
}

export const usage: Usage = {
  inputTokens: 20,
  cachedReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 5,
  reasoningTokens: null,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  webSearches: 0,
  serviceTier: null,
  source: 'provider',
};

export const words: readonly string[] = ['A ship ', 'is ', 'loading.'];

const plainContent: readonly Block[] = [{ type: 'text', text: words.join('') }];

/** The events of a plain answer. */
export const plainEvents: readonly StreamEvent[] = [
  { type: 'start', id: 'answer_1', model: 'a-model' },
  { type: 'block_start', candidate: 0, index: 0, block: { type: 'text' } },
  ...words.map(text => ({ type: 'block_delta', candidate: 0, index: 0, text }) as const),
  { type: 'block_stop', candidate: 0, index: 0 },
  { type: 'stop', candidate: 0, stop: { reason: 'end', raw: 'end' } },
  { type: 'usage', usage },
  { type: 'end' },
];

/** The bytes of each event; an encoder that waits says nothing until it knows. */
export function pieces(name: GenerateName, events: readonly StreamEvent[]): readonly Uint8Array[] {
  const encoder = dialectOf(name).encoder({
    id: 'answer_1',
    model: 'a-model',
    createdSeconds: 1_700_000_000,
    includeUsage: true,
  });
  return events.map(event => encoder.push(event));
}

export function stream(name: GenerateName, events: readonly StreamEvent[] = plainEvents): Buffer {
  return Buffer.concat(pieces(name, events));
}

/** A plain answer up to its first word, and no further. */
export function untilFirstWord(name: GenerateName): Buffer {
  const first = plainEvents.findIndex(event => event.type === 'block_delta');
  return stream(name, plainEvents.slice(0, first + 1));
}

/** What comes before any content: how an upstream begins that then has nothing to say. */
export function opening(name: GenerateName): Buffer {
  const { streamContentType } = dialectOf(name);
  if (streamContentType !== 'text/event-stream') return stream(name, plainEvents.slice(0, 1));
  return Buffer.concat([Buffer.from(': welcome\n\n'), stream(name, plainEvents.slice(0, 1))]);
}

export function inStreamError(name: GenerateName, error: CanonicalError): Uint8Array {
  return dialectOf(name).encodeStreamError(error);
}

/** The answer, whole or streamed, as the path or the body asks for it. */
export function answering(
  name: GenerateName,
  events: readonly StreamEvent[] = plainEvents,
  content: readonly Block[] = plainContent,
): Script {
  return ({ path, body }, response) => {
    if (isStreamAsked(path, body)) begin(name, response).end(stream(name, events));
    else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(wholeAnswer(dialectOf(name), content));
    }
  };
}

export function begin(name: GenerateName, response: ServerResponse): ServerResponse {
  const { streamContentType } = dialectOf(name);
  return response.writeHead(200, { 'content-type': streamContentType });
}

/** What the vendor answers to a call that it does not take. */
export function refusing(name: GenerateName, error: CanonicalError): Script {
  return (_received, response) => {
    const { status, headers, body } = dialectOf(name).encodeError(error, 'upstream_1');
    response.writeHead(status, headers).end(body);
  };
}

function isStreamAsked(path: string, body: string): boolean {
  if (/streamGenerateContent|converse-stream/.test(path)) return true;
  return (JSON.parse(body) as { stream?: boolean }).stream === true;
}

function wholeAnswer(dialect: Dialect, content: readonly Block[]): Uint8Array {
  const isCall = content.some(block => block.type === 'tool_call');
  const stop: Stop = isCall ? { reason: 'tool_call', raw: '' } : { reason: 'end', raw: 'end' };
  const candidates = [{ index: 0, content, stop }];
  const context = { id: 'answer_1', model: 'a-model', createdSeconds: 1_700_000_000 };
  const response = { id: 'answer_1', model: 'a-model', candidates, usage };
  return dialect.encodeResponse(response, { ...context, includeUsage: true }).body;
}
