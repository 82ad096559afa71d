// Every recorded answer there is beside the project, each with the cloud and the dialect that it is
// of, or with the reason why no gateway of ours can be in front of it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DialectName } from '@entrepot/dialects/dialect';
import { answersOf } from './chunk-lines.ts';
import { type PlaceName, placeOf, reasonAgainst } from './places.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/data/recordings');

/** For `{ skip }` of a test: false where the recordings are there, else what is missing. */
export const recordingsMissing: false | string = existsSync(join(folder, 'index.json'))
  ? false
  : 'needs ../shared/data/recordings';

/** What a file is, before anything of it is judged. */
export interface Source {
  readonly file: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly model: string;
  readonly stream: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Exchange extends Source {
  readonly place: PlaceName;
  /** What the bytes are written in. */
  readonly dialect: DialectName;
}

export interface Unplayed extends Source {
  readonly reason: string;
}

/** Every file, once: to be replayed, or not and why. None where the folder is absent. */
export function sources(): readonly (Exchange | Unplayed)[] {
  if (recordingsMissing !== false) return [];
  return [...recorded(), ...fixtures('anthropic_sdk'), ...fixtures('vercel_ai')].map(source => {
    const reason = reasonAgainst(source);
    if (reason !== null) return { ...source, reason };
    const { place, dialect } = placeOf(source);
    return { ...source, place, dialect };
  });
}

export function isExchange(source: Exchange | Unplayed): source is Exchange {
  return 'place' in source;
}

interface IndexEntry {
  readonly file: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly model: string;
  readonly streaming: boolean;
}

function recorded(): Source[] {
  const index = json(readFileSync(join(folder, 'index.json'))) as { recordings: IndexEntry[] };
  return index.recordings.map(({ file, provider, endpoint, model, streaming }) => {
    const { response } = json(readFileSync(join(folder, file))) as {
      response: {
        status: number;
        headers: Record<string, string>;
        body: string | null;
        body_base64: string | null;
      };
    };
    const { status, headers, body: text, body_base64: base64 } = response;
    const body = base64 === null ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
    return { file, provider, endpoint, model, stream: streaming, status, headers, body };
  });
}

/**
 * Bodies alone, as SDKs keep them for their own tests. Names say the provider, content the rest.
 */
function fixtures(name: 'anthropic_sdk' | 'vercel_ai'): Source[] {
  return readdirSync(join(folder, name)).flatMap(file => {
    const bytes = readFileSync(join(folder, name, file));
    const stream = !file.endsWith('.json');
    const provider = name === 'anthropic_sdk' ? 'anthropic' : file.split('__')[0]!;
    const endpoint = file.split('__')[1] || 'fixtures';
    const status = stream ? 200 : statusOf(json(bytes));
    const bodies = file.endsWith('.chunks.txt') ? answersOf(provider, bytes) : [bytes];
    return bodies.map((body, at) => {
      const place = bodies.length === 1 ? '' : `, answer ${at + 1}`;
      const source = `${name}/${file}${place}`;
      return { file: source, provider, endpoint, model: '', stream, status, headers: {}, body };
    });
  });
}

/** An error that was kept without its status had that of its code, or 400. */
function statusOf(body: unknown): number {
  const { error } = body as { error?: { code?: unknown } | null };
  if (error === undefined || error === null) return 200;
  return typeof error.code === 'number' ? error.code : 400;
}

function json(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString());
}
