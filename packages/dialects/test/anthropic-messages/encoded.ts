// Canonical requests under test, and what an encoder makes of them.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import type { Block, CanonicalRequest, Message, TextBlock } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';

export interface Written {
  readonly body: Record<string, unknown> & { readonly messages: Record<string, unknown>[] };
  readonly lost: readonly string[];
}

export const claude: TargetModel = {
  name: 'claude',
  vendor: 'anthropic',
  maxOutputTokens: 32_000,
  reasoning: true,
  jsonSchema: true,
};
export const said = (text: string): TextBlock => ({ type: 'text', text });
export const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
export const assistant = (...content: readonly Block[]): Message => ({
  role: 'assistant',
  content,
});
export const call = (id: string, argumentsJson = ''): Block => ({
  type: 'tool_call',
  id,
  name: 'f',
  argumentsJson,
});
export const result = (callId: string, ...content: readonly Block[]): Block => ({
  type: 'tool_result',
  callId,
  content,
  isError: false,
});
export const hello: readonly Message[] = [user(said('hello'))];
export function encode(
  request: Partial<CanonicalRequest>,
  target: Partial<TargetModel> = {},
): Written {
  const whole: CanonicalRequest = {
    model: 'm',
    messages: hello,
    stream: false,
    includeUsage: true,
    ...request,
  };
  const { body, losses } = anthropicMessages.encodeRequest(whole, { ...claude, ...target });
  return {
    body: JSON.parse(String(body)) as Written['body'],
    lost: losses.map(({ field, isMinor }) => (isMinor === true ? `${field} minor` : field)),
  };
}
