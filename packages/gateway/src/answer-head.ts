// The head of an answer: what the gateway tells of it, and what it passes on of what the upstream
// told.

import type { DialectName } from '@entrepot/dialects/dialect';
import { pushClientRequestId } from './client-request-id.ts';
import type { Arrival } from './path/accept.ts';
import type { Trail, Won } from './path/attempt.ts';

/** Flat list of names and values, as `writeHead` takes it. */
export function answerHead(
  arrival: Arrival,
  won: Won,
  trail: Trail,
  contentType: string,
  lost: readonly string[],
): string[] {
  const { target, cloud } = won.upstream;
  const head = ['content-type', contentType];
  if (won.answer === null) {
    head.push('cache-control', 'no-cache, no-transform', 'x-accel-buffering', 'no');
  }
  head.push('x-request-id', arrival.requestId);
  const { requestIdHeader } = arrival.dialect;
  if (requestIdHeader !== undefined) head.push(requestIdHeader, arrival.requestId);
  pushClientRequestId(head, arrival.inbound.headers);
  const { headers } = won.exchange;
  const upstreamId = cloud.requestIdHeader === null ? undefined : headers[cloud.requestIdHeader];
  if (upstreamId !== undefined) head.push('entrepot-upstream-request-id', upstreamId);
  head.push('entrepot-offer', target.deployment.offer.id);
  head.push('entrepot-attempts', String(trail.records.length + 1));
  if (target.simulated) head.push('entrepot-simulated', 'true');
  if (arrival.dialect.name === 'bedrock-native') pushInvokeHeaders(head, headers);
  if (lost.length > 0) head.push('entrepot-lost', lost.join(', '));
  if (won.isAlone && won.outgoing.sameDialect) pushLimits(head, arrival.dialect.name, headers);
  return head;
}

/** What InvokeModel says of an answer beside it, which its callers read. */
function pushInvokeHeaders(head: string[], headers: Won['exchange']['headers']): void {
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith('x-amzn-bedrock-') && typeof value === 'string') head.push(name, value);
  }
}

/**
 * What an upstream says of its limits, as its dialect's SDKs read it. Gemini and Bedrock say
 * nothing. (platform.openai.com "Rate limits", docs.claude.com "Rate limits")
 */
const limitPrefixes: Readonly<Partial<Record<DialectName, string>>> = {
  'openai-chat': 'x-ratelimit-',
  'openai-responses': 'x-ratelimit-',
  'openai-completions': 'x-ratelimit-',
  'openai-embeddings': 'x-ratelimit-',
  'openai-input-tokens': 'x-ratelimit-',
  'anthropic-messages': 'anthropic-ratelimit-',
  'anthropic-count-tokens': 'anthropic-ratelimit-',
};

/**
 * Only of a route's one deployment: of several, each has limits of its own, and a caller that slows
 * down for one keeps itself from the others.
 */
function pushLimits(
  head: string[],
  dialect: DialectName,
  headers: Won['exchange']['headers'],
): void {
  const prefix = limitPrefixes[dialect];
  if (prefix === undefined) return;
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith(prefix) && typeof value === 'string') head.push(name, value);
  }
}
