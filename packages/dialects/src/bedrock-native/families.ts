// Which models a body of a model's own form can be for: where its prompt stands, and members that
// one vendor alone has.

import type { Scan, TargetModel } from '../dialect.ts';

/** Where the prompt stands, by vendor. Others have it where openai has it, or in `prompt`. */
const prompts: ReadonlyMap<string, readonly string[]> = new Map([
  ['meta', ['prompt']],
  ['amazon', ['inputText']],
  ['cohere', ['prompt', 'message', 'messages']],
  ['openai', ['messages']],
  // Messages of Claude are known by their version, and its text completions have ended.
  ['anthropic', []],
]);
const usual: readonly string[] = ['messages', 'prompt'];

/** All places of a prompt. */
export const promptMembers: readonly string[] = ['prompt', 'messages', 'message', 'inputText'];

const ownMembers: ReadonlyMap<string, string> = new Map([
  ['max_gen_len', 'meta'],
  ['textGenerationConfig', 'amazon'],
  ['chat_history', 'cohere'],
  ['num_generations', 'cohere'],
  ['maxTokens', 'ai21'],
  ['numResults', 'ai21'],
]);

/** Whether a body can be for this model, by its members. */
export function takes(_body: Uint8Array, { fields }: Scan, { vendor }: TargetModel): boolean {
  const members = [...(fields?.keys() ?? [])];
  const owner = members.map(name => ownMembers.get(name)).find(found => found !== undefined);
  if (owner !== undefined && owner !== vendor) return false;
  return (prompts.get(vendor) ?? usual).some(name => members.includes(name));
}
