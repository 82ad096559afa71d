// The HTTP server: one canonical match of method and path, then the way of a request. Everything
// that is not an inference request is small and answered here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { WholeDialect } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { withoutAzure } from './azure-paths.ts';
import type { ServerLimits } from './config/gateway-config.ts';
import { dialectOfPath, endpointAt, endpointNames } from './endpoints.ts';
import { gatewayError } from './errors.ts';
import { Front } from './front.ts';
import type { Gateway } from './gateway.ts';
import { type Dispatch, Http2Sessions } from './http2-sessions.ts';
import type { Exposed } from './metrics/metrics.ts';
import { isModels, showModels } from './models.ts';
import { handle } from './path/handle.ts';
import { serveStored, storedMethods, storedPath } from './responses/stored-endpoint.ts';

// An import would read every export of the module, and one of them loads all of fetch.
const { createServer } = process.getBuiltinModule('node:http');

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
  const requestMs = headMs + bodyMs;
  const serve: Dispatch = (request, response) => dispatch(gateway, reports, request, response);
  const http1 = createServer(
    {
      maxHeaderSize: headBytes,
      // Slow heads and slow bodies are closed (408) by Node, checked at this interval.
      headersTimeout: headMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(5_000, headMs),
      keepAliveTimeout: idleMs,
      insecureHTTPParser: false,
      noDelay: true,
    },
    serve,
  );
  http1.maxHeadersCount = headers;
  http1.on('clientError', answerBadHead);
  const http2 = new Http2Sessions({ headMs, requestMs, idleMs, headBytes, headers }, serve);
  return new Front(http1, http2, headMs);
}

function dispatch(
  gateway: Gateway,
  reports: Reports,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [asked, query] = splitUrl(request.url ?? '');
  const path = withoutAzure(asked);
  const endpoint = endpointAt(path, query);
  if (endpoint !== null) {
    if (request.method === 'POST') void handle(gateway, endpoint, request, response);
    else sendWrongMethod(gateway, endpoint.dialect, request, response, ['POST']);
    return;
  }
  const stored = storedPath(path);
  if (stored !== null) {
    const methods = storedMethods(stored);
    if (methods.includes(request.method ?? '')) {
      void serveStored(gateway, stored, query, request, response);
    } else sendWrongMethod(gateway, openaiResponses, request, response, methods);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendNotFound(gateway, path, request, response);
    return;
  }
  if (path === '/healthz') send(response, 200, 'text/plain', 'ok\n');
  else if (path === '/readyz') {
    const { ready, because } = reports.readiness();
    send(response, ready ? 200 : 503, 'text/plain', `${because}\n`);
  } else if (path === '/metrics') void sendMetrics(gateway, reports, response);
  else if (isModels(path)) showModels(gateway, path, query, request, response);
  else sendNotFound(gateway, path, request, response);
}

/** Path and query. Absolute targets and anything unplain match nothing. */
function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function sendNotFound(
  gateway: Gateway,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
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
  sendError(gateway, dialectOfPath(path, request.headers), request, response, error);
}

async function sendMetrics(
  gateway: Gateway,
  reports: Reports,
  response: ServerResponse,
): Promise<void> {
  const { exposition, expositionType } = await import('./metrics/exposition.ts');
  try {
    send(response, 200, expositionType, await exposition(await reports.exposed()));
  } catch (cause) {
    gateway.log.error({ err: cause }, 'the metrics cannot be told');
    send(response, 503, 'text/plain', 'not to be had now\n');
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}

function sendWrongMethod(
  gateway: Gateway,
  dialect: WholeDialect,
  request: IncomingMessage,
  response: ServerResponse,
  methods: readonly string[],
): void {
  const error = gatewayError('wrong_method', `It takes ${methods.join(' or ')}.`);
  sendError(gateway, dialect, request, response, error, { allow: methods.join(', ') });
}

function sendError(
  gateway: Gateway,
  dialect: WholeDialect,
  request: IncomingMessage,
  response: ServerResponse,
  error: CanonicalError,
  more: Readonly<Record<string, string>> = {},
): void {
  request.resume();
  const requestId = gateway.requestIds.next();
  const { status, headers, body } = dialect.encodeError(error, requestId);
  const own = { 'x-request-id': requestId, 'content-length': body.length };
  response.writeHead(status, { ...headers, ...own, ...more }).end(body);
}

/** What Node's parser refused: too long a head, an ambiguous one, or a caller that was too slow. */
function answerBadHead(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const message = `The request could not be read as HTTP (${error.code ?? 'unknown'}).`;
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: 'bad_http' },
  });
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}
