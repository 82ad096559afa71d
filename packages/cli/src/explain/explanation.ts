// What becomes of one request, or of one answer, between two dialects: what is sent, what of it is
// kept, emulated and lost, in the caller's own words.

import { writeFor } from '@entrepot/dialects/capabilities/judge';
import { type UsedFeature, usedFeatures } from '@entrepot/dialects/capabilities/request-features';
import type { SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import { type Dialect, DialectError, type Loss, type PathFields } from '@entrepot/dialects/dialect';
import { refuseRepeatedResults } from '@entrepot/dialects/repeated-result';
import { joinBytes } from '@entrepot/dialects/utf8';
import { dialectOf } from '@entrepot/gateway/dialects';
import { outgoing } from '@entrepot/gateway/outgoing';
import type { Destination } from './destination.ts';

export interface Told {
  readonly field: string;
  readonly reason: string;
}

export interface Explanation {
  /** null for a dialect alone, and where nothing can be sent. */
  readonly address: string | null;
  /** As it would be sent; null where nothing can be. */
  readonly body: Uint8Array | null;
  readonly kept: readonly string[];
  readonly emulated: readonly { readonly feature: string; readonly how: string }[];
  /** The request goes on without these. */
  readonly lost: readonly Told[];
  /** Each of these is a 400, unless the route says `losses: drop`. */
  readonly refused: readonly Told[];
}

/** Throws DialectError for a body that is not one of the caller's dialect. */
export function explainRequest(
  caller: Dialect,
  body: Buffer,
  path: PathFields | undefined,
  { dialect: name, model, upstream }: Destination,
): Explanation {
  const request = caller.decodeRequest(body, path);
  const scan = caller.scan(body, path);
  const dialect = dialectOf(name);
  const address = upstream === null ? null : addressOf(upstream.address(name, request.stream));
  const passes =
    dialect === caller && scan !== null && dialect.takes?.(body, scan, model) !== false;
  const told = ({ field, reason }: Loss): Told => ({ field: caller.fieldName(field), reason });
  const repeated = passes ? null : repeatedResult(() => refuseRepeatedResults(request));
  const written = passes
    ? { body: joinBytes(dialect.splice(body, scan, model.name)), losses: [], again: request }
    : writeFor(request, dialect, model);
  if (repeated !== null || !('again' in written)) {
    const why = repeated ?? (written as { field: string | undefined; reason: string });
    const refused = [told({ field: why.field ?? '', reason: why.reason })];
    return { address: null, body: null, kept: [], emulated: [], lost: [], refused };
  }
  const asked = { dialect: caller, betas: null };
  const { includeUsage } = request;
  const understood = { body, scan, includeUsage, isUnkept: false, canonical: () => request };
  const out = upstream === null ? null : outgoing(asked, understood, upstream, 'drop');
  const isVital = (loss: Loss): boolean => caller.vital.has(loss.field);
  const isRefused = (loss: Loss): boolean => isVital(loss) || loss.isMinor !== true;
  const losses: readonly Loss[] = written.losses;
  const from = caller.name as SpokenDialect;
  const to = { dialect: name as SpokenDialect, model };
  const features = usedFeatures(request, written.again, from, to);
  return {
    address,
    body: out !== null && 'body' in out ? joinBytes(out.body) : written.body,
    kept: features.filter(({ became }) => became === 'carried').map(feature => feature.name),
    emulated: features.flatMap(emulatedIn),
    lost: losses.filter(loss => !isRefused(loss)).map(told),
    refused: losses.filter(isRefused).map(told),
  };
}

function emulatedIn({ name, how }: UsedFeature): { feature: string; how: string }[] {
  return how === null ? [] : [{ feature: name, how }];
}

function addressOf({ origin, path }: { origin: string; path: string }): string {
  return `POST ${origin}${path}`;
}

function repeatedResult(check: () => void): { field: string | undefined; reason: string } | null {
  try {
    check();
    return null;
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    return { field: cause.error.field, reason: cause.error.message };
  }
}

/** An answer or a stream of the upstream as the caller would get it. */
export function explainAnswer(
  caller: Dialect,
  upstream: Dialect,
  bytes: Buffer,
  model: string,
  isStream: boolean,
): { readonly body: Uint8Array; readonly lost: readonly Told[] } {
  const context = { id: 'REQUEST', model, createdSeconds: 0, includeUsage: true };
  if (!isStream) {
    const answer = upstream.decodeResponse(bytes, {}, context);
    const { body, losses } = caller.encodeResponse(answer, context);
    return { body, lost: losses.map(({ field, reason }) => ({ field, reason })) };
  }
  const decoder = upstream.decoder(context);
  const encoder = caller.encoder(context);
  const events = [...decoder.push(bytes), ...decoder.end()];
  const body = Buffer.concat(events.map(event => encoder.push(event)));
  return { body, lost: encoder.losses.map(({ field, reason }) => ({ field, reason })) };
}
