// Requests that were recorded, to be asked again: a line each, the body of a Chat Completions call.

import { readFileSync } from 'node:fs';
import { UsageError } from '../command.ts';

export interface RecordedRequest {
  readonly line: number;
  /** The model that it asked for: a route of the gateway. */
  readonly route: string;
  readonly body: Readonly<Record<string, unknown>>;
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
  let body: unknown;
  try {
    body = JSON.parse(content);
  } catch (cause) {
    throw new UsageError(`${place}: must be a JSON object: ${(cause as Error).message}`);
  }
  const { model, messages, n } = (body ?? {}) as Record<string, unknown>;
  const wrong = (field: string, message: string): UsageError =>
    new UsageError(`${place}: ${field}: ${message}`);
  if (typeof model !== 'string') throw wrong('model', 'must name the route that was asked for');
  if (!Array.isArray(messages)) throw wrong('messages', 'must be those of a Chat Completions body');
  if (n !== undefined && n !== 1) throw wrong('n', 'must be 1: one answer is judged');
  return { line, route: model, body: body as Record<string, unknown> };
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
