// Recorded exchanges of real services, read where they lie beside the project.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../../shared/data/recordings');

/** For `{ skip }` of a test: false where the recordings are there, else what is missing. */
export const recordingsMissing: false | string = existsSync(join(folder, 'index.json'))
  ? false
  : 'needs ../shared/data/recordings';

export interface Recording {
  readonly file: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly streaming: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly body: Buffer;
}

interface IndexEntry {
  readonly file: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly streaming: boolean;
}

/** The recordings of an endpoint; none where the folder is absent. */
export function recordings(endpoint: string): readonly Recording[] {
  if (recordingsMissing !== false) return [];
  const index = readJson('index.json') as { recordings: IndexEntry[] };
  return index.recordings.filter(entry => entry.endpoint === endpoint).map(load);
}

/** Bytes of a fixture of another kind, by its path in the folder; null where it is absent. */
export function fixture(path: string): Buffer | null {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : null;
}

function load(entry: IndexEntry): Recording {
  const { file, provider, endpoint, streaming } = entry;
  const { request, response } = readJson(file) as {
    request: { body: string | null };
    response: {
      status: number;
      headers: Record<string, string>;
      body: string | null;
      body_base64: string | null;
    };
  };
  const { status, headers, body, body_base64 } = response;
  const bytes = body_base64 === null ? Buffer.from(body ?? '') : Buffer.from(body_base64, 'base64');
  const requestBody = request.body ?? '';
  return { file, provider, endpoint, streaming, status, headers, requestBody, body: bytes };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}
