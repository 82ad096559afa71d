// Who can answer: each dialect with a model that takes most of what it can say, and variants where
// a model or a cloud takes less. A new variant is one line here: its cells are those of its dialect
// until the test of the table says which of them differ.

import type { GenerateName, TargetModel } from '../dialect.ts';

/** The dialects that are translated; legacy completions only pass through. */
export type SpokenDialect = Exclude<GenerateName, 'openai-completions' | 'bedrock-native'>;

export interface Target {
  /** The dialect's name, or `dialect/variant`. */
  readonly id: string;
  readonly dialect: SpokenDialect;
  /** For people. */
  readonly title: string;
  readonly model: TargetModel;
}

const gpt: TargetModel = {
  name: 'gpt-4.1',
  vendor: 'openai',
  maxOutputTokens: 32_768,
  reasoning: false,
  jsonSchema: true,
};
const reasoningGpt: TargetModel = { ...gpt, name: 'gpt-5.4', reasoning: true };
const openWeights: TargetModel = { ...gpt, name: 'qwen3-32b', vendor: 'qwen', reasoning: true };
const claude: TargetModel = {
  name: 'claude-sonnet-5',
  vendor: 'anthropic',
  maxOutputTokens: 64_000,
  reasoning: true,
  jsonSchema: true,
  adaptiveThinking: true,
};
const olderClaude: TargetModel = {
  ...claude,
  name: 'claude-sonnet-4',
  jsonSchema: false,
  adaptiveThinking: false,
};
const nova: TargetModel = { ...claude, name: 'amazon.nova-2-lite-v1:0', vendor: 'amazon' };
const gemini: TargetModel = { ...gpt, name: 'gemini-3-pro', vendor: 'google', reasoning: true };

export const targets: readonly Target[] = [
  target('openai-chat', 'Chat Completions: gpt, not reasoning', gpt),
  target('openai-chat/reasoning', 'Chat Completions: gpt, reasoning', reasoningGpt),
  target('openai-chat/open-weights', 'Chat Completions: open weights, reasoning', openWeights),
  target('openai-responses', 'Responses: gpt, not reasoning', gpt),
  target('openai-responses/reasoning', 'Responses: gpt, reasoning', reasoningGpt),
  target('anthropic-messages', 'Messages: Claude', claude),
  target('anthropic-messages/older', 'Messages: Claude 4 and before', olderClaude),
  target('anthropic-messages/fixed-sampling', 'Messages: Claude, own sampling only', {
    ...claude,
    rejectsSampling: true,
  }),
  target('bedrock-converse', 'Converse: Claude', claude),
  target('bedrock-converse/nova', 'Converse: Nova', nova),
  target('gemini', 'Gemini 3', gemini),
  target('gemini/2.5', 'Gemini 2.5', { ...gemini, name: 'gemini-2.5-flash' }),
];

export const dialectNames: readonly SpokenDialect[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'bedrock-converse',
  'gemini',
];

function target(id: string, title: string, model: TargetModel): Target {
  return { id, dialect: id.split('/')[0] as SpokenDialect, title, model };
}
