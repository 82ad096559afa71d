// What can go wrong at a simulated cloud, as it is asked for by a call or by the control server.

import { type CloudName, isCloudName } from './cloud-name.ts';

export type FaultKind =
  /** The request is taken and nothing comes; with `headers`, the status line and headers come. */
  | 'stall'
  /** The answer stops after `afterEvents` content events, the connection stays open. */
  | 'stall-mid-stream'
  /** The connection is destroyed after `afterEvents` content events; flowing streams too. */
  | 'cut'
  /** 429 in the cloud's own form, with `retryAfterMs` where the cloud says such a thing. */
  | 'rate-limit'
  /** 500, or `status`. */
  | 'server-error'
  /** 529 at Anthropic, 503 elsewhere. */
  | 'overloaded'
  /** The listening socket is closed. Takes no `model`, `share` or `count`. */
  | 'refuse'
  /** 200 with a web page; with `frames`, the right content type and broken content. */
  | 'garbage'
  /** All latencies times `factor`. */
  | 'slow'
  /** 200, `afterEvents` content events, then the cloud's error event. Unary: as server-error. */
  | 'in-stream-error'
  /** The credential is refused. */
  | 'auth';

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests for this model, as callers name it. */
  readonly model?: string;
  /** The share of the matching requests that it hits, 0 to 1; by default all. */
  readonly share?: number;
  /** It goes away after this many hits. */
  readonly count?: number;
  /** By default 3; 0 is before any content. */
  readonly afterEvents?: number;
  readonly status?: number;
  /** In real time. By default one second divided by the simulation's speed. */
  readonly retryAfterMs?: number;
  /** By default 10. */
  readonly factor?: number;
  readonly headers?: boolean;
  readonly frames?: boolean;
}

export const faultKinds: readonly FaultKind[] = [
  'stall',
  'stall-mid-stream',
  'cut',
  'rate-limit',
  'server-error',
  'overloaded',
  'refuse',
  'garbage',
  'slow',
  'in-stream-error',
  'auth',
];

/** A fault that nobody can mean; the message says what is wrong. */
export class FaultError extends Error {}

/** Checks what came from outside, strictly: an unknown field is an error. */
export function parseFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultError('a fault is an object with a kind');
  }
  const fault = value as Readonly<Record<string, unknown>>;
  const { kind } = fault;
  if (!faultKinds.some(k => k === kind)) {
    throw new FaultError(`kind is one of ${faultKinds.join(', ')}, not ${JSON.stringify(kind)}`);
  }
  for (const [field, given] of Object.entries(fault)) {
    const wanted = fields[field];
    if (wanted === undefined) throw new FaultError(`a fault has no field "${field}"`);
    if (!wanted.holds(given)) throw new FaultError(`${field} must be ${wanted.says}`);
  }
  if (kind === 'refuse' && ['model', 'share', 'count'].some(f => f in fault)) {
    throw new FaultError('refuse closes the whole port: it takes no model, share or count');
  }
  return fault as unknown as Fault;
}

/** `azure-openai:stall`, or all of them with `stall` alone. */
export function parseFaultWord(word: string): { cloud: CloudName | null; fault: Fault } {
  const at = word.indexOf(':');
  const cloud = at === -1 ? null : word.slice(0, at);
  if (cloud !== null && !isCloudName(cloud)) throw new FaultError(`there is no cloud "${cloud}"`);
  return { cloud, fault: parseFault({ kind: word.slice(at + 1) }) };
}

interface FieldCheck {
  readonly says: string;
  holds(value: unknown): boolean;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const count: FieldCheck = { says: 'a whole number of 0 or more', holds: isCount };
const flag: FieldCheck = { says: 'true or false', holds: value => typeof value === 'boolean' };
const text: FieldCheck = { says: 'a text', holds: value => typeof value === 'string' };

function between(least: number, most: number): FieldCheck {
  const holds = (value: unknown): boolean =>
    typeof value === 'number' && value >= least && value <= most;
  return { says: `a number from ${least} to ${most}`, holds };
}

const fields: Readonly<Record<string, FieldCheck>> = {
  kind: text,
  model: text,
  share: between(0, 1),
  count,
  afterEvents: count,
  status: between(400, 599),
  retryAfterMs: count,
  factor: between(0, 1e6),
  headers: flag,
  frames: flag,
};
