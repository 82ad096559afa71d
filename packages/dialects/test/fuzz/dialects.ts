// Every dialect there is.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Dialect } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

export const dialects: readonly Dialect[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  bedrockConverse,
  gemini,
];
