// Every dialect there is: those that are written in each other, and those that have an operation or
// an upstream of their own.

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import type { CountDialect, Dialect, EmbedDialect } from '@entrepot/dialects/dialect';
import { geminiBatchEmbed } from '@entrepot/dialects/gemini/batch-embed';
import { geminiCountTokens, vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { geminiEmbed } from '@entrepot/dialects/gemini/embed';
import { vertexPredict } from '@entrepot/dialects/gemini/predict';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

export const dialects: readonly Dialect[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  bedrockConverse,
  gemini,
];

export const embedDialects: readonly EmbedDialect[] = [
  openaiEmbeddings,
  geminiEmbed,
  geminiBatchEmbed,
  titanEmbeddings,
  cohereEmbeddings,
  vertexPredict,
];

export const countDialects: readonly CountDialect[] = [
  openaiInputTokens,
  anthropicCountTokens,
  geminiCountTokens,
  vertexCountTokens,
  bedrockCountTokens,
];
