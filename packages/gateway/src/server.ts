// The HTTP server: one canonical match of method and path, then the way of a request. Everything
// that is not an inference request is small and answered here.

import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { WholeDialect } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { withoutAzure } from './azure-paths.ts';
import type { ServerLimits } from './config/gateway-config.ts';
import { dialectOfPath, endpointAt, endpointNames } from './endpoints.ts';
import { gatewayError } from './errors.ts';
import type { Gateway } from './gateway.ts';
import { Front } from './inbound/front.ts';
import { Http1Sessions } from './inbound/http1-sessions.ts';
import { Http2Sessions } from './inbound/http2-sessions.ts';
import { type Dispatch, discard, type Inbound } from './inbound/inbound.ts';
import type { Exposed } from './metrics/metrics.ts';
import { isModels, showModels } from './models.ts';
import { handle } from './path/handle.ts';
import { serveStored, storedMethods, storedPath } from './responses/stored-endpoint.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly because: string;
}

/** What those who run the gateway may ask. */
export interface Reports {
  readiness(): Readiness;
  exposed(): Promise<Exposed>;
}

/** Of one request, in either version of HTTP. */
const headBytes = 16 * 1024;
const headers = 100;
/** How long a connection on which nothing is asked is kept. */
const idleMs = 72_000;

/** Makes the server; it does not listen yet. */
export function createGatewayServer(
  gateway: Gateway,
  limits: ServerLimits,
  reports: Reports,
): Front {
  const { headMs, bodyMs } = limits;
  const terms = { headMs, requestMs: headMs + bodyMs, idleMs, headBytes, headers };
  const serve: Dispatch = inbound => dispatch(gateway, reports, inbound);
  const http1 = new Http1Sessions(terms, gateway.clock, serve);
  return new Front(http1, new Http2Sessions(terms, serve), headMs);
}

function dispatch(gateway: Gateway, reports: Reports, inbound: Inbound): void {
  const [asked, query] = splitTarget(inbound.target);
  const path = withoutAzure(asked);
  const endpoint = endpointAt(path, query);
  if (endpoint !== null) {
    if (inbound.method === 'POST') void handle(gateway, endpoint, inbound);
    else sendWrongMethod(gateway, endpoint.dialect, inbound, ['POST']);
    return;
  }
  const stored = storedPath(path);
  if (stored !== null) {
    const methods = storedMethods(stored);
    if (methods.includes(inbound.method)) {
      void serveStored(gateway, stored, query, inbound);
    } else sendWrongMethod(gateway, openaiResponses, inbound, methods);
    return;
  }
  if (inbound.method !== 'GET' && inbound.method !== 'HEAD') {
    sendNotFound(gateway, path, inbound);
    return;
  }
  if (path === '/healthz') send(inbound, 200, 'text/plain', 'ok\n');
  else if (path === '/readyz') {
    const { ready, because } = reports.readiness();
    send(inbound, ready ? 200 : 503, 'text/plain', `${because}\n`);
  } else if (path === '/metrics') void sendMetrics(gateway, reports, inbound);
  else if (isModels(path)) showModels(gateway, path, query, inbound);
  else sendNotFound(gateway, path, inbound);
}

/** Path and query. Absolute targets and anything unplain match nothing. */
function splitTarget(target: string): [path: string, query: string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

function sendNotFound(gateway: Gateway, path: string, inbound: Inbound): void {
  const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}...` : path);
  const known = [
    ...endpointNames,
    '/v1/models',
    '/v1/models/{model}',
    '/v1beta/models',
    '/v1beta/models/{model}',
    '/healthz',
    '/readyz',
    '/metrics',
  ];
  const detail = `Asked for ${shown}; there are: ${known.join(', ')}.`;
  const error = gatewayError('nothing_there', detail);
  sendError(gateway, dialectOfPath(path, inbound.headers), inbound, error);
}

async function sendMetrics(gateway: Gateway, reports: Reports, inbound: Inbound): Promise<void> {
  const { exposition, expositionType } = await import('./metrics/exposition.ts');
  try {
    send(inbound, 200, expositionType, await exposition(await reports.exposed()));
  } catch (cause) {
    gateway.log.error({ err: cause }, 'the metrics cannot be told');
    send(inbound, 503, 'text/plain', 'not to be had now\n');
  }
}

function send(inbound: Inbound, status: number, type: string, text: string): void {
  inbound.send(status, ['content-type', type], Buffer.from(text));
}

function sendWrongMethod(
  gateway: Gateway,
  dialect: WholeDialect,
  inbound: Inbound,
  methods: readonly string[],
): void {
  const error = gatewayError('wrong_method', `It takes ${methods.join(' or ')}.`);
  sendError(gateway, dialect, inbound, error, ['allow', methods.join(', ')]);
}

function sendError(
  gateway: Gateway,
  dialect: WholeDialect,
  inbound: Inbound,
  error: CanonicalError,
  more: readonly string[] = [],
): void {
  inbound.readBody(discard);
  const requestId = gateway.requestIds.next();
  const { status, headers, body } = dialect.encodeError(error, requestId);
  const own = Object.entries(headers).flat();
  inbound.send(status, [...own, 'x-request-id', requestId, ...more], body);
}
