// Requests that were recorded, to be asked again, a line each: the body of a call of Chat
// Completions or Responses, or of any dialect with the path that it was posted to.

import { readFileSync } from 'node:fs';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { type Dialect, DialectError } from '@entrepot/dialects/dialect';
import { type Endpoint, endpointAt } from '@entrepot/gateway/endpoints';
import { UsageError } from '../command.ts';
import { type Body, wayOf } from './spoken.ts';

export interface RecordedRequest {
  readonly line: number;
  /** The model that it asked for: a route of the gateway. */
  readonly route: string;
  readonly dialect: Dialect;
  readonly body: Body;
  /** null: the caller set none. */
  readonly maxOutputTokens: number | null;
}

/** Throws UsageError that names file, line and field. */
export function readRequests(file: string): readonly RecordedRequest[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--requests: ${(cause as Error).message}`);
  }
  return text.split('\n').flatMap((content, i) => {
    if (content.trim() === '') return [];
    return [requestOf(content, i + 1, `${file}:${i + 1}`)];
  });
}

function requestOf(content: string, line: number, place: string): RecordedRequest {
  const wrong = (message: string): UsageError => new UsageError(`${place}: ${message}`);
  let recorded: unknown;
  try {
    recorded = JSON.parse(content);
  } catch (cause) {
    throw wrong(`must be a JSON object: ${(cause as Error).message}`);
  }
  if (!isObject(recorded)) throw wrong('must be a JSON object');
  const { path, body } = postedTo(recorded, wrong);
  const [pathname, query = ''] = path.split('?');
  const endpoint = endpointAt(pathname!, query);
  if (endpoint === null) throw wrong(`path: there is nothing at ${path}`);
  const opened = decoded(endpoint, body, wrong);
  const { dialect, request } = opened;
  if (wayOf(dialect.name) === null) {
    throw wrong(`path: answers of ${dialect.name} are not compared`);
  }
  const kept = ['previous_response_id', 'conversation'].find(name => body[name] != null);
  if (kept !== undefined) throw wrong(`${kept}: what it goes on from may be gone`);
  const count = request.candidates ?? 1;
  const field = dialect.fieldName('candidates');
  if (count !== 1) throw wrong(`${field}: must be 1: one answer is judged`);
  const { model: route, maxOutputTokens = null } = request;
  return { line, route, dialect, body: opened.body, maxOutputTokens };
}

/** A body alone is of the dialect whose own field it has; Messages and Chat have the same one. */
function postedTo(
  recorded: Body,
  wrong: (message: string) => UsageError,
): { path: string; body: Body } {
  const { path, body } = recorded;
  if (typeof path === 'string' && isObject(body)) return { path, body };
  if (recorded.messages !== undefined) return { path: '/v1/chat/completions', body: recorded };
  if (recorded.input !== undefined) return { path: '/v1/responses', body: recorded };
  const others = 'others are written {"path": "/v1/messages", "body": {...}}';
  throw wrong(`messages: must be those of a Chat Completions body; ${others}`);
}

/** As the gateway reads it at that path. */
function decoded(
  endpoint: Endpoint,
  body: Body,
  wrong: (message: string) => UsageError,
): { dialect: Dialect; request: CanonicalRequest; body: Body } {
  try {
    const bytes = Buffer.from(JSON.stringify(body));
    const opened = endpoint.open?.(bytes, {});
    const { dialect, path } = opened ?? endpoint;
    const read = opened === undefined ? body : (JSON.parse(opened.body.toString()) as Body);
    const request = dialect.decodeRequest(opened?.body ?? bytes, path) as CanonicalRequest;
    return { dialect: dialect as Dialect, request, body: read };
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    throw wrong(cause.message);
  }
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** At most `most` of them, each as likely as any other; the same for the same random source. */
export function drawRequests(
  all: readonly RecordedRequest[],
  most: number,
  random: () => number,
): readonly RecordedRequest[] {
  const shuffled = [...all];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled.slice(0, most);
}
