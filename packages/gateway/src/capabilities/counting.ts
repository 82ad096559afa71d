// Who counts the tokens of a prompt, and for whom: only a vendor's own counter does, and whoever
// has none says so, because a guess would be taken for a count.

import { atEach, carriedThere, type Errand, type ErrandTable } from './errand.ts';

const counters = [
  'openai-api, in Responses',
  'anthropic-api',
  'gemini-api',
  'vertex-ai, Gemini',
  'vertex-ai, Claude',
  'bedrock, Claude',
] as const;
const others = [
  'openai-api, in Chat alone',
  'azure-openai',
  'bedrock, other models',
  'bedrock-mantle',
  'openai-compatible',
] as const;
type Place = (typeof counters)[number] | (typeof others)[number];
const places: readonly Place[] = [...counters, ...others];

const noCounter = { is: 'refused', why: 'can count tokens' } as const;
const counted = { ...atEach(counters, carriedThere), ...atEach(others, noCounter) };

const count = (name: string, said: string): Errand<Place> => ({ name, said, at: counted });

export const counting: ErrandTable<Place> = {
  title: 'Counting tokens',
  places,
  errands: [
    count('Messages', '/v1/messages/count_tokens'),
    count('Responses', '/v1/responses/input_tokens'),
    count('Gemini', '/v1beta/models/{model}:countTokens'),
    count('Converse', '/model/{model}/count-tokens'),
    count('the body of InvokeModel, Claude', '/model/{model}/count-tokens'),
  ],
};
