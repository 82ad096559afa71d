// Which cloud a recorded answer came from and in which dialect, and why some are not replayed.

import type { Offer } from '@entrepot/catalog/offer';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Service } from '../rig.ts';
import type { Source } from './exchange.ts';

export interface Place {
  readonly service: Service;
  readonly offer: Partial<Offer>;
}

export type PlaceName =
  | 'OpenAI, Chat Completions'
  | 'OpenAI, Responses'
  | 'Azure OpenAI, Chat Completions'
  | 'Azure OpenAI, Responses'
  | 'OpenAI-compatible server, Chat Completions'
  | 'OpenAI-compatible server, Responses'
  | 'Anthropic'
  | 'Bedrock, Converse'
  | 'Bedrock, InvokeModel with Claude'
  | 'Bedrock Mantle, Chat Completions'
  | 'Bedrock Mantle, Responses'
  | 'Gemini API'
  | 'Vertex AI, Gemini';

const chat = { dialects: ['openai-chat'] };
const responses = { dialects: ['openai-responses'] };
const invoke = { dialects: ['bedrock-invoke'] };

/** A deployment for each way of calling a cloud. */
export const places: Readonly<Record<PlaceName, Place>> = {
  'OpenAI, Chat Completions': { service: 'openai-api', offer: chat },
  'OpenAI, Responses': { service: 'openai-api', offer: responses },
  'Azure OpenAI, Chat Completions': { service: 'azure-openai', offer: chat },
  'Azure OpenAI, Responses': { service: 'azure-openai', offer: responses },
  'OpenAI-compatible server, Chat Completions': { service: 'openai-compatible', offer: chat },
  'OpenAI-compatible server, Responses': { service: 'openai-compatible', offer: responses },
  Anthropic: { service: 'anthropic-api', offer: {} },
  'Bedrock, Converse': { service: 'bedrock', offer: {} },
  'Bedrock, InvokeModel with Claude': { service: 'bedrock', offer: invoke },
  'Bedrock Mantle, Chat Completions': { service: 'bedrock-mantle', offer: chat },
  'Bedrock Mantle, Responses': { service: 'bedrock-mantle', offer: responses },
  'Gemini API': { service: 'gemini-api', offer: {} },
  'Vertex AI, Gemini': { service: 'vertex-ai', offer: {} },
};

/** By provider and endpoint of a recording, or of a fixture by what its body is. */
const byEndpoint: Readonly<Record<string, readonly [PlaceName, DialectName]>> = {
  'openai chat': ['OpenAI, Chat Completions', 'openai-chat'],
  'openai responses': ['OpenAI, Responses', 'openai-responses'],
  'azure chat': ['Azure OpenAI, Chat Completions', 'openai-chat'],
  'azure responses': ['Azure OpenAI, Responses', 'openai-responses'],
  'openai-compatible chat': ['OpenAI-compatible server, Chat Completions', 'openai-chat'],
  'ollama chat': ['OpenAI-compatible server, Chat Completions', 'openai-chat'],
  'gemini chat': ['OpenAI-compatible server, Chat Completions', 'openai-chat'],
  'bedrock-mantle chat': ['Bedrock Mantle, Chat Completions', 'openai-chat'],
  'open-responses responses': ['OpenAI-compatible server, Responses', 'openai-responses'],
  'bedrock-mantle responses': ['Bedrock Mantle, Responses', 'openai-responses'],
  'anthropic messages': ['Anthropic', 'anthropic-messages'],
  'bedrock converse': ['Bedrock, Converse', 'bedrock-converse'],
  'bedrock invoke': ['Bedrock, InvokeModel with Claude', 'anthropic-messages'],
  'gemini generate': ['Gemini API', 'gemini'],
  'vertex generate': ['Vertex AI, Gemini', 'gemini'],
};

/** Endpoints that say the same in their own names. */
const kinds: Readonly<Record<string, string>> = {
  'chat.completions': 'chat',
  chat: 'chat',
  responses: 'responses',
  messages: 'messages',
  converse: 'converse',
  'converse-stream': 'converse',
  invoke: 'invoke',
  'invoke-stream': 'invoke',
  generateContent: 'generate',
  streamGenerateContent: 'generate',
};

/** Fixtures are named for the package of the SDK, which holds what its provider answers. */
const fixtureKinds: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'bedrock converse',
  anthropic: 'anthropic messages',
  azure: 'azure responses',
  google: 'gemini generate',
};

function keyOf({ file, provider, endpoint, body }: Source): string {
  if (file.includes('azure-deepseek')) return 'azure chat';
  if (endpoint === 'fixtures') return fixtureKinds[provider] ?? `${provider} fixtures`;
  if (file.includes('openai__chat__azure')) return 'azure chat';
  const kind = kinds[endpoint] ?? endpoint;
  return body.includes('"response.input_tokens"') ? `${provider} count` : `${provider} ${kind}`;
}

/** Throws for a source that `reasonAgainst` has something against. */
export function placeOf(source: Source): { place: PlaceName; dialect: DialectName } {
  const [place, dialect] = byEndpoint[keyOf(source)]!;
  return { place, dialect };
}

const another = 'an endpoint that the gateway does not have';
/** Each pattern is looked for in the provider with the kind of its endpoint, and in the file. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^ollama (ollama\.|embeddings)/, "Ollama's native API is no dialect of the gateway"],
  [/^google interactions/, "Google's Interactions API is no dialect of the gateway"],
  [
    /embed|predict/i,
    'an embedding is no answer of a model: replayed by `packages/gateway/test/sdk/recorded-errands.test.ts`',
  ],
  [
    /count/i,
    'a count of tokens is no answer of a model: replayed by `packages/gateway/test/sdk/recorded-errands.test.ts`',
  ],
  [
    /completions?$/,
    'legacy completions pass through and are never translated: replayed by `packages/gateway/test/sdk/recorded-completions.test.ts`',
  ],
  [/skills|image|transcription|speech|rerank/, another],
];

const novas =
  "InvokeModel in Nova's form goes through Converse: replayed by `packages/dialects/test/shared/invoke-recordings.test.ts`";

/** Why a source is not replayed in front of every dialect; null where it is. */
export function reasonAgainst(source: Source): string | null {
  const key = keyOf(source);
  const name = `${key} ${source.file}`;
  if (key === 'bedrock invoke' && !isClaude(source)) {
    if (source.model.includes('nova')) return novas;
    return "InvokeModel in another vendor's own form passes through and is never translated: read by `packages/dialects/test/bedrock-native/native.test.ts`";
  }
  if (Object.hasOwn(byEndpoint, key)) return null;
  const known = reasons.find(([pattern]) => pattern.test(key) || pattern.test(name));
  if (known === undefined) throw new Error(`${name} is neither replayed nor is there a reason`);
  return known[1];
}

/** Claude's old text completions are called by InvokeModel too. */
function isClaude({ model, status, body }: Source): boolean {
  if (status >= 400) return true;
  return (
    model.includes('claude') && !body.includes('"type":"completion"') && !isOldClaudeStream(body)
  );
}

function isOldClaudeStream(body: Buffer): boolean {
  const [, base64 = ''] = /"bytes":"([^"]*)"/.exec(body.toString('latin1')) ?? [];
  return Buffer.from(base64, 'base64').includes('"completion"');
}
