// Right bodies and streams of every dialect, in our own words, for fuzzing to change: what the
// encoders write of one request, one answer, one failure, and what they do not write. Recordings
// come besides where they are.

import type {
  CanonicalRequest,
  CanonicalResponse,
  StreamEvent,
} from '@entrepot/dialects/canonical';
import { SseToChunks } from '@entrepot/dialects/chunk-frames';
import { tokenCount } from '@entrepot/dialects/counted';
import type { Dialect } from '@entrepot/dialects/dialect';
import { SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import { inputUsage } from '@entrepot/dialects/input-usage';
import { answerContext, plainTarget } from '../shared/answer-context.ts';
import { type Recording, recordings } from '../shared/recordings.ts';
import { countDialects, dialects, embedDialects } from './dialects.ts';

export type Kind =
  | 'request'
  | 'answer'
  | 'error'
  | 'stream'
  | 'frames'
  | 'embed request'
  | 'embed answer'
  | 'count request'
  | 'count answer'
  | 'completions request'
  | 'nova request';

export interface Seed {
  readonly kind: Kind;
  readonly bytes: Buffer;
}

const usage = {
  inputTokens: 300,
  cachedReadTokens: 100,
  cacheWrite5mTokens: 20,
  cacheWrite1hTokens: 10,
  outputTokens: 50,
  reasoningTokens: 7,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  webSearches: 0,
  serviceTier: null,
  source: 'provider',
} as const;

const image = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const;
const weather = {
  name: 'weather',
  description: 'Weather at a port.',
  parameters: { type: 'object', properties: { port: { type: 'string' } }, required: ['port'] },
};

const request: CanonicalRequest = {
  model: 'any',
  stream: true,
  includeUsage: true,
  maxOutputTokens: 2000,
  temperature: 0.5,
  topP: 0.9,
  stop: ['END', '\n\n'],
  tools: [weather, { name: 'tides', parameters: { type: 'object' } }],
  toolChoice: { type: 'auto' },
  messages: [
    { role: 'system', content: [{ type: 'text', text: 'You know the ports. é 🚢' }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this, and how is the weather in Hull?' },
        { type: 'image', source: image },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_call', id: 'call_1', name: 'weather', argumentsJson: '{"port":"Hull"}' },
        { type: 'tool_call', id: 'call_2', name: 'tides', argumentsJson: '' },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          callId: 'call_1',
          content: [{ type: 'text', text: '{"wind":7}' }],
          isError: false,
        },
        { type: 'tool_result', callId: 'call_2', content: [], isError: true },
        { type: 'text', text: 'And?' },
      ],
    },
  ],
};

const response: CanonicalResponse = {
  id: 'answer_1',
  model: 'm',
  candidates: [
    {
      index: 0,
      content: [
        { type: 'thinking', text: 'Wind…', signature: 'c2ln', issuer: 'anthropic' },
        { type: 'text', text: 'Strong wind: \\ "7" 🌬 — wait.' },
        { type: 'tool_call', id: 'call_3', name: 'tides', argumentsJson: '{"at":[1,{"b":null}]}' },
      ],
      stop: { reason: 'tool_call', raw: 'tool_use' },
    },
  ],
  usage,
};

const at = (index: number): { candidate: number; index: number } => ({ candidate: 0, index });
const events: readonly StreamEvent[] = [
  { type: 'start', id: 'answer_1', model: 'm' },
  { type: 'block_start', ...at(0), block: { type: 'thinking', issuer: 'anthropic' } },
  { type: 'block_delta', ...at(0), text: 'Wind…' },
  { type: 'block_signature', ...at(0), signature: 'c2ln' },
  { type: 'block_stop', ...at(0) },
  { type: 'block_start', ...at(1), block: { type: 'text' } },
  { type: 'block_delta', ...at(1), text: 'Strong 🌬 ' },
  { type: 'block_delta', ...at(1), text: 'wind.\n' },
  { type: 'block_stop', ...at(1) },
  { type: 'block_start', ...at(2), block: { type: 'tool_call', id: 'call_3', name: 'tides' } },
  { type: 'block_delta', ...at(2), text: '{"at":' },
  { type: 'block_delta', ...at(2), text: '[1,{"b":null}]}' },
  { type: 'block_stop', ...at(2) },
  { type: 'stop', candidate: 0, stop: { reason: 'tool_call', raw: 'tool_use' } },
  { type: 'usage', usage },
  { type: 'end' },
];

function own(dialect: Dialect): Seed[] {
  const seeds: Seed[] = [];
  const add = (kind: Kind, bytes: Uint8Array): void => {
    seeds.push({ kind, bytes: Buffer.from(bytes) });
  };
  const error = { class: 'overloaded', message: 'Too many ships.' } as const;
  const encoder = dialect.encoder(answerContext);
  const stream = Buffer.concat(events.map(event => encoder.push(event)));
  add('request', dialect.encodeRequest(request, plainTarget).body);
  add('answer', dialect.encodeResponse(response, answerContext).body);
  add('error', dialect.encodeError(error, 'req_1').body);
  const isFramed = dialect.name === 'bedrock-converse';
  add(isFramed ? 'frames' : 'stream', stream);
  const cut = stream.subarray(0, Math.floor(stream.length / 2));
  add(isFramed ? 'frames' : 'stream', Buffer.concat([cut, dialect.encodeStreamError(error)]));
  if (dialect.name === 'gemini') {
    const array = new SseToJsonArray();
    add('stream', Buffer.concat([array.push(stream), array.end()]));
  }
  if (dialect.name === 'anthropic-messages') add('frames', new SseToChunks().push(stream));
  return seeds;
}

const { request: _none, ...embedContext } = answerContext;

/** Requests and answers of the other operations, and of the forms that are not written here. */
function others(): Seed[] {
  const seeds: Seed[] = [];
  const add = (kind: Kind, bytes: Uint8Array | string): void => {
    seeds.push({ kind, bytes: Buffer.from(bytes as string) });
  };
  const inputs = [
    { type: 'text', text: 'A port. é' },
    { type: 'text', text: 'A ship.' },
  ] as const;
  for (const dialect of embedDialects) {
    // These take one text in a call.
    const isOne = dialect.name === 'titan-embeddings' || dialect.name === 'gemini-embed';
    const some = isOne ? inputs.slice(0, 1) : inputs;
    const asked = { model: 'any', inputs: some, encoding: 'float', dimensions: 256 } as const;
    const vectors = some.map(() => [0.5, -1, 1e-7]);
    add('embed request', dialect.encodeRequest(asked, plainTarget).body);
    const answer = { model: 'm', vectors, usage: inputUsage(7) };
    add('embed answer', dialect.encodeResponse(answer, embedContext).body);
  }
  for (const dialect of countDialects) {
    add('count request', dialect.encodeRequest(request, plainTarget).body);
    add('count answer', dialect.encodeResponse(tokenCount(7), answerContext).body);
  }
  const completion = { model: 'm', prompt: ['a', 'b'], n: 2, max_tokens: 5, stream: true };
  const stream_options = { include_usage: false };
  add('completions request', JSON.stringify({ ...completion, stream_options }));
  const messages = [{ role: 'user', content: [{ text: 'a' }] }];
  const inferenceConfig = { max_new_tokens: 5, top_k: 3, temperature: 0.5 };
  add('nova request', JSON.stringify({ schemaVersion: 'messages-v1', messages, inferenceConfig }));
  return seeds;
}

export const ownSeeds: readonly Seed[] = [...dialects.flatMap(own), ...others()];

const endpoints = [
  'messages',
  'chat.completions',
  'responses',
  'converse',
  'converse-stream',
  'invoke',
  'invoke-stream',
  'generateContent',
  'streamGenerateContent',
];

/** Requests and answers of the recordings, none where they are absent; large ones are left out. */
export function recordedSeeds(): readonly Seed[] {
  return endpoints
    .flatMap(recordings)
    .flatMap(recording => [
      { kind: 'request' as const, bytes: Buffer.from(recording.requestBody) },
      { kind: kindOf(recording), bytes: recording.body },
    ])
    .filter(({ bytes }) => bytes.length > 0 && bytes.length < 50_000);
}

function kindOf({ status, streaming, endpoint }: Recording): Kind {
  if (status !== 200) return 'error';
  if (!streaming) return 'answer';
  return /converse|invoke/.test(endpoint) ? 'frames' : 'stream';
}
