// A client that hides nothing: what came, in which order, and how the connection ended.

import { Agent, type IncomingMessage, request } from 'node:http';
import type { Simcloud } from '../../src/simcloud.ts';

export interface Raw {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The answer ended as HTTP says that it ends. */
  readonly whole: boolean;
}

export interface Ask {
  readonly stream?: boolean;
  readonly text?: string;
  readonly model?: string;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
  /** Called with all that has come, whenever something has. */
  readonly onData?: (sofar: string) => void;
}

const keys = { openai: 'simulated-openai-key', azureOpenai: 'simulated-azure-key' };

/** One Chat Completions call. Rejects when no status line comes. */
export function ask(
  simcloud: Simcloud,
  options: Ask = {},
  cloud: keyof typeof keys = 'openai',
): Promise<Raw> {
  const { stream = false, text = '[[simulate output=80]]', model = 'gpt-4o' } = options;
  const path = cloud === 'openai' ? '/v1/chat/completions' : '/openai/v1/chat/completions';
  const { promise, resolve, reject } = Promise.withResolvers<Raw>();
  const call = request(simcloud.urls[cloud] + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys[cloud]}`, 'content-type': 'application/json' },
    agent: options.agent ?? new Agent({ keepAlive: false }),
    ...(options.signal && { signal: options.signal }),
  });
  call.on('error', reject);
  call.on('response', response => {
    // From here on, the response's own end tells how the call went.
    call.removeAllListeners('error').on('error', () => {});
    let body = '';
    response.setEncoding('utf8');
    response.on('data', chunk => {
      body += chunk;
      options.onData?.(body);
    });
    response.on('error', () => {});
    response.on('close', () => {
      const { statusCode: status = 0, headers, complete: whole } = response;
      resolve({ status, headers, body, whole });
    });
  });
  call.end(JSON.stringify({ model, stream, messages: [{ role: 'user', content: text }] }));
  return promise;
}

/** Content events of a stream of chat chunks. */
export function contentEvents(body: string): number {
  return [...body.matchAll(/"delta":\{"content":"[^"]/g)].length;
}
