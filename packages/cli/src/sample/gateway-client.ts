// Asks a gateway for one answer, as any caller does.

import type { Usage } from '@entrepot/engine/intent';
import { type Dispatcher, request } from 'undici';

export interface Answered {
  /** Id of the offer that answered. */
  readonly offer: string;
  /** The answer as text: content, and calls of tools as JSON. */
  readonly text: string;
  /** null when the answer does not say. */
  readonly usage: Usage | null;
}

export interface GatewayClient {
  readonly url: string;
  /** null where the gateway asks for none. */
  readonly key: string | null;
  readonly dispatcher: Dispatcher;
}

interface ChatAnswer {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string | null; readonly tool_calls?: unknown };
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  };
}

/** The failure in words where there is no answer. */
export async function askGateway(
  { url, key, dispatcher }: GatewayClient,
  body: string,
): Promise<Answered | string> {
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  try {
    const path = `${url}/v1/chat/completions`;
    const response = await request(path, { method: 'POST', headers, body, dispatcher });
    const text = await response.body.text();
    if (response.statusCode !== 200) return `${response.statusCode}: ${text.slice(0, 300)}`;
    const offer = response.headers['entrepot-offer'];
    if (typeof offer !== 'string')
      return 'the answer names no offer: is this a gateway of entrepot?';
    const { choices, usage } = JSON.parse(text) as ChatAnswer;
    const message = choices?.[0]?.message;
    const calls = message?.tool_calls === undefined ? '' : JSON.stringify(message.tool_calls);
    return { offer, text: `${message?.content ?? ''}${calls}`, usage: usageOf(usage) };
  } catch (cause) {
    return (cause as Error).message;
  }
}

function usageOf(usage: ChatAnswer['usage']): Usage | null {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {};
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const cachedReadTokens = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens,
    cachedReadTokens,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens,
  };
}
