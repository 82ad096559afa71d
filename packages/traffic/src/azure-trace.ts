// Reads the CSV of the Azure LLM inference traces: TIMESTAMP, ContextTokens, GeneratedTokens.

import type { TracedRequest } from './traced-request.ts';

/** A trace that cannot be read; the message names the line and what was expected. */
export class TraceError extends Error {
  readonly code = 'ENTREPOT_TRACE';
  constructor(message: string) {
    super(message);
    this.name = 'TraceError';
  }
}

const wanted = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const;

/** Requests in the order of time, from 0. Throws TraceError on the first line that is wrong. */
export function parseAzureTrace(text: string, fileName: string): TracedRequest[] {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '')
    .replace(/^\uFEFF/, '')
    .split(',')
    .map(name => name.trim());
  const columns = wanted.map(name => header.indexOf(name));
  const missing = wanted.filter((_, i) => columns[i] === -1);
  if (missing.length > 0) {
    const found = header.join(', ') || 'nothing';
    throw new TraceError(`${fileName}:1: no column ${missing.join(', ')}; the header has ${found}`);
  }
  const requests: TracedRequest[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() !== '') requests.push(parseLine(line, columns, `${fileName}:${i + 1}`));
  }
  if (requests.length === 0) throw new TraceError(`${fileName}: there is no request in it`);
  requests.sort((a, b) => a.atMs - b.atMs);
  const first = requests[0]!.atMs;
  return requests.map(request => ({ ...request, atMs: request.atMs - first }));
}

function parseLine(line: string, columns: readonly number[], place: string): TracedRequest {
  const cells = line.split(',');
  const [time, input, output] = columns.map(column => (cells[column] ?? '').trim());
  return {
    atMs: parseTime(time!, place),
    inputTokens: parseCount(input!, 'ContextTokens', place),
    outputTokens: parseCount(output!, 'GeneratedTokens', place),
  };
}

/** `2023-11-16 18:15:46.6805900`, UTC; digits beyond the microsecond are kept as a fraction. */
function parseTime(text: string, place: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?/.exec(text);
  const seconds = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  if (match === null || Number.isNaN(seconds)) {
    const expected = 'a time such as 2023-11-16 18:15:46.680';
    throw new TraceError(`${place}: TIMESTAMP is ${JSON.stringify(text)}; expected ${expected}`);
  }
  return seconds + Number(match[3] ?? 0) * 1000;
}

function parseCount(text: string, column: string, place: string): number {
  const count = Number(text);
  if (text === '' || !Number.isInteger(count) || count < 0) {
    const shown = JSON.stringify(text);
    throw new TraceError(`${place}: ${column} is ${shown}; expected a whole number >= 0`);
  }
  return count;
}
