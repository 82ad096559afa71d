// The dialects that the gateway speaks, by name: one line each.

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import { bedrockNative } from '@entrepot/dialects/bedrock-native/dialect';
import type { Dialect, DialectName, GenerateName, WholeDialect } from '@entrepot/dialects/dialect';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiCountTokens, vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

const generating: Readonly<Record<GenerateName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'anthropic-messages': anthropicMessages,
  'bedrock-converse': bedrockConverse,
  'bedrock-native': bedrockNative,
  gemini,
};

const dialects: Readonly<Record<DialectName, WholeDialect>> = {
  ...generating,
  'openai-embeddings': openaiEmbeddings,
  'gemini-embed': geminiEmbed,
  'gemini-batch-embed': geminiBatchEmbed,
  'titan-embeddings': titanEmbeddings,
  'cohere-embeddings': cohereEmbeddings,
  'vertex-predict': vertexPredict,
  'openai-input-tokens': openaiInputTokens,
  'anthropic-count-tokens': anthropicCountTokens,
  'gemini-count-tokens': geminiCountTokens,
  'vertex-count-tokens': vertexCountTokens,
  'bedrock-count-tokens': bedrockCountTokens,
};

export function dialectOf(name: GenerateName): Dialect;
export function dialectOf(name: DialectName): WholeDialect;
export function dialectOf(name: DialectName): WholeDialect {
  return dialects[name];
}
