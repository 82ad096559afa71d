// Where callers post requests, and what each address says: the dialect, and in some dialects the
// model and the wish for a stream. Fixed paths are looked up; those with a model are matched.

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { Dialect, HeaderMap, PathFields, WholeDialect } from '@entrepot/dialects/dialect';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiCountTokens } from '@entrepot/dialects/gemini/count';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { SseToJsonArray } from '@entrepot/dialects/gemini/json-array';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { azureDeploymentAt, withDeployment } from './azure-paths.ts';
import { openBedrockCount } from './count-by-invoke.ts';
import type { GatewayErrorCode } from './errors.ts';
import { openInvoke } from './invoke.ts';

/** Another form of an answer than that of its dialect: bytes of events become bytes of it. */
export interface Framing {
  readonly contentType: string;
  begin(): { push(bytes: Uint8Array): Uint8Array; end(): Uint8Array };
  /** The bytes that end a broken stream, where this form has words of its own for it. */
  fail?(error: CanonicalError): Uint8Array;
  /** An answer that is not streamed; absent where that is the dialect's own. */
  whole?(body: Uint8Array): Uint8Array;
}

/** What a body was found to be, at an address where it is not just what its dialect has. */
export interface Opened extends Pick<Endpoint, 'dialect' | 'path' | 'framing'> {
  /** The body as the dialect has it. */
  readonly body: Buffer;
  /** What the `anthropic-beta` header says elsewhere; null where it says it here too. */
  readonly betas: string | null;
  /** Headers that go on beside the body: names and values in turn. Absent: none. */
  readonly headers?: readonly string[];
}

export interface Endpoint {
  readonly dialect: WholeDialect;
  /** What the path says of the request; undefined where the body says it. */
  readonly path: PathFields | undefined;
  /** null where a stream goes as its dialect has it. */
  readonly framing: Framing | null;
  /** Why it is refused whatever the body says. */
  readonly refused: GatewayErrorCode | null;
  /** Makes the body what its dialect has; null where it is that. Throws DialectError. */
  readonly open: ((body: Buffer, headers: HeaderMap) => Opened) | null;
}

/** For people: every address there is. */
export const endpointNames: readonly string[] = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/completions',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/responses/input_tokens',
  '/v1/embeddings',
  '/v1beta/models/{model}:generateContent',
  '/v1beta/models/{model}:streamGenerateContent',
  '/v1beta/models/{model}:countTokens',
  '/v1beta/models/{model}:embedContent',
  '/v1beta/models/{model}:batchEmbedContents',
  '/model/{model}/converse',
  '/model/{model}/converse-stream',
  '/model/{model}/count-tokens',
  '/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:generateContent',
  '/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:streamGenerateContent',
  '/v1/projects/{project}/locations/{location}/publishers/anthropic/models/{model}:rawPredict',
  '/v1/projects/{project}/locations/{location}/publishers/anthropic/models/{model}:streamRawPredict',
  '/v1/projects/{project}/locations/{location}/endpoints/openapi/chat/completions',
  '/model/{model}/invoke',
  '/model/{model}/invoke-with-response-stream',
  '/openai/deployments/{model}/chat/completions',
  '/openai/deployments/{model}/completions',
  '/openai/deployments/{model}/embeddings',
];

const fixed: ReadonlyMap<string, Endpoint> = new Map([
  ['/v1/chat/completions', plain(openaiChat)],
  ['/v1/responses', plain(openaiResponses)],
  ['/v1/completions', plain(openaiCompletions)],
  ['/v1/messages', plain(anthropicMessages)],
  ['/v1/messages/count_tokens', plain(anthropicCountTokens)],
  ['/v1/responses/input_tokens', plain(openaiInputTokens)],
  ['/v1/embeddings', plain(openaiEmbeddings)],
]);

/** The endpoint of a path, which has no query; null where there is none. */
export function endpointAt(path: string, query: string): Endpoint | null {
  return (
    fixed.get(path) ?? geminiAt(path, query) ?? bedrockAt(path) ?? vertexAt(path) ?? azureAt(path)
  );
}

/** Whose words a caller of a path understands where nothing is. */
export function dialectOfPath(path: string, headers: HeaderMap): Dialect {
  if (path.startsWith('/model/')) return bedrockConverse;
  const isClaude = /^\/v1\/messages(\/|$)|\/publishers\/anthropic\//.test(path);
  if (isClaude || headers['anthropic-version'] !== undefined) return anthropicMessages;
  const isGoogle = /^\/v1beta1?(\/|$)|^\/v1\/(projects|publishers)\/|^\/v1\/models\/.+:/.test(path);
  return isGoogle ? gemini : openaiChat;
}

function plain(dialect: WholeDialect, path?: PathFields): Endpoint {
  return { dialect, path, framing: null, refused: null, open: null };
}

/** Of the Gemini API, of Vertex AI, and of Vertex AI by a key alone. Places are not looked at. */
const geminiPath =
  /^\/v1(?:beta1?)?(?:(?:\/projects\/[^/]+\/locations\/[^/]+)?\/publishers\/google)?\/models\/(.+):(\w+)$/;
const geminiMethods: ReadonlyMap<string, WholeDialect> = new Map<string, WholeDialect>([
  ['generateContent', gemini],
  ['streamGenerateContent', gemini],
  ['countTokens', geminiCountTokens],
  ['embedContent', geminiEmbed],
  ['batchEmbedContents', geminiBatchEmbed],
  ['predict', vertexPredict],
]);
const jsonArray: Framing = { contentType: 'application/json', begin: () => new SseToJsonArray() };

/** A stream is events with `alt=sse`, and one array without. */
function geminiAt(path: string, query: string): Endpoint | null {
  const match = geminiPath.exec(path);
  const dialect = geminiMethods.get(match?.[2] ?? '');
  if (match === null || dialect === undefined) return null;
  const stream = match[2] === 'streamGenerateContent';
  const endpoint = plain(dialect, { model: modelOf(match[1]!), stream });
  const parameters = new URLSearchParams(query);
  if (parameters.has('key')) return { ...endpoint, refused: 'key_in_url' };
  const form = parameters.get('alt') ?? (stream ? 'json' : 'sse');
  if (form !== 'json' && form !== 'sse') return { ...endpoint, refused: 'unknown_alt' };
  return stream && form === 'json' ? { ...endpoint, framing: jsonArray } : endpoint;
}

const bedrockPath =
  /^\/model\/(.+)\/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$/;

/** Until the body of an invoke is read, Converse is what its errors are written in. */
function bedrockAt(path: string): Endpoint | null {
  const match = bedrockPath.exec(path);
  if (match === null) return null;
  const fields = { model: modelOf(match[1]!), stream: match[2]!.endsWith('-stream') };
  if (match[2] === 'count-tokens') {
    const count = plain(bedrockCountTokens, fields);
    return { ...count, open: body => openBedrockCount(body, fields) };
  }
  const converse = plain(bedrockConverse, fields);
  if (!match[2]!.startsWith('invoke')) return converse;
  return { ...converse, open: (body, headers) => openInvoke(body, fields, headers) };
}

/** A deployment of the path goes before a model of the body. */
function azureAt(path: string): Endpoint | null {
  const found = azureDeploymentAt(path);
  if (found === null) return null;
  const { dialect } = found;
  const model = modelOf(found.deployment);
  const open = (body: Buffer): Opened => {
    const named = withDeployment(body, model);
    return { dialect, path: undefined, framing: null, body: named, betas: null };
  };
  return { ...plain(dialect), open };
}

const vertexPath =
  /^\/v1(?:beta1)?\/projects\/[^/]+\/locations\/[^/]+\/(?:endpoints\/openapi\/chat\/completions|publishers\/anthropic\/models\/(.+):(rawPredict|streamRawPredict))$/;

/** Claude and other vendors as Vertex AI has them; its Gemini is that of the Gemini API. */
function vertexAt(path: string): Endpoint | null {
  const match = vertexPath.exec(path);
  if (match === null) return null;
  const [, name, method] = match;
  if (name === undefined) return plain(openaiChat);
  if (name === 'count-tokens') return { ...plain(anthropicCountTokens), open: openCount };
  const fields = { model: modelOf(name), stream: method === 'streamRawPredict' };
  return { ...plain(anthropicMessages), open: body => openRawPredict(body, fields) };
}

/** Here the body names the model, where the path names what is asked. */
function openCount(body: Buffer): Opened {
  return {
    dialect: anthropicCountTokens,
    path: undefined,
    framing: null,
    body: Buffer.from(spliceMembers(body, ['anthropic_version'], {})),
    betas: null,
  };
}

/** Messages, with what Vertex AI's path says put where Messages has it. */
function openRawPredict(body: Buffer, { model, stream }: PathFields): Opened {
  const put = { model: JSON.stringify(model), stream: String(stream) };
  const messages = Buffer.from(spliceMembers(body, ['anthropic_version'], put));
  return {
    dialect: anthropicMessages,
    path: undefined,
    framing: null,
    body: messages,
    betas: null,
  };
}

/**
 * SDKs encode a model's name as one segment, or write it as it is. What cannot be decoded is no
 * name: the dialect refuses an empty one.
 */
function modelOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
