// Asks a gateway for one answer, as any caller does, in the dialect of the request.

import type { Block, Usage } from '@entrepot/dialects/canonical';
import { type Dialect, DialectError } from '@entrepot/dialects/dialect';
import { type Dispatcher, request } from 'undici';
import type { Asked } from './spoken.ts';

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

const context = { id: '', model: '', createdSeconds: 0, includeUsage: false };

/** The failure in words where there is no answer. */
export async function askGateway(
  { url, key, dispatcher }: GatewayClient,
  dialect: Dialect,
  asked: Asked,
): Promise<Answered | string> {
  const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  try {
    const body = JSON.stringify(asked.body);
    const options = { method: 'POST', headers, body, dispatcher } as const;
    const response = await request(url + asked.path, options);
    const bytes = new Uint8Array(await response.body.arrayBuffer());
    if (response.statusCode !== 200) {
      return `${response.statusCode}: ${Buffer.from(bytes).toString().slice(0, 300)}`;
    }
    const offer = response.headers['entrepot-offer'];
    if (typeof offer !== 'string')
      return 'the answer names no offer: is this a gateway of entrepot?';
    const { candidates, usage } = dialect.decodeResponse(bytes, {}, context);
    return { offer, text: (candidates[0]?.content ?? []).map(textOf).join(''), usage };
  } catch (cause) {
    if (cause instanceof DialectError) return `no answer of ${dialect.name}: ${cause.message}`;
    return (cause as Error).message;
  }
}

function textOf(block: Block): string {
  if (block.type === 'text' || block.type === 'refusal') return block.text;
  if (block.type !== 'tool_call') return '';
  return JSON.stringify({ name: block.name, arguments: block.argumentsJson });
}
