// The dialects that the gateway speaks, by name: one line each.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Dialect, DialectName } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';

const dialects: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'anthropic-messages': anthropicMessages,
  'bedrock-converse': bedrockConverse,
  gemini,
};

export function dialectOf(name: DialectName): Dialect {
  return dialects[name];
}
