// What one attempt sends: the caller's own bytes where both sides speak the same dialect, else the
// request in the other dialect with what it could not carry.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { DialectError, type Loss, type WholeDialect } from '@entrepot/dialects/dialect';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import type { Pieces } from '@entrepot/dialects/pieces';
import { refuseRepeatedResults } from '@entrepot/dialects/repeated-result';
import { joinBytes } from '@entrepot/dialects/utf8';
import type { Carriage } from './clouds/cloud.ts';
import { gatewayError } from './errors.ts';
import { type Fault, fault } from './failures.ts';
import type { Arrival } from './path/accept.ts';
import type { Understood } from './path/understand.ts';
import type { LossPolicy } from './routes.ts';
import type { Upstream } from './upstream.ts';

export interface Outgoing {
  readonly dialect: WholeDialect;
  readonly body: Pieces;
  /** null where the bytes of the dialect go and come as they are. */
  readonly carriage: Carriage | null;
  /** The `anthropic-beta` header to send; null for none. */
  readonly betas: string | null;
  /** What goes beside the body, names and values in turn. Absent: nothing. */
  readonly headers?: readonly string[] | undefined;
  /** The answer can go to the caller as it is. */
  readonly sameDialect: boolean;
  /** Usage was asked for on our own account. */
  readonly hideUsage: boolean;
  /** Field names in the caller's words. */
  readonly lost: readonly string[];
}

/** Of an arrival: in which words it asks. */
export type Asked = Pick<Arrival, 'dialect' | 'betas' | 'headers'>;

/** The body for this upstream, or the Fault `unsupported` when it would lose what must be kept. */
export function outgoing(
  arrival: Asked,
  understood: Pick<Understood, 'body' | 'scan' | 'includeUsage' | 'isUnkept' | 'canonical'>,
  upstream: Upstream,
  lossPolicy: LossPolicy,
): Outgoing | Fault {
  const dialect = upstream.dialectFor(arrival.dialect);
  const sameDialect = dialect.name === arrival.dialect.name;
  const { scan, includeUsage } = understood;
  const carriage = upstream.carriage(dialect.name);
  const betas = sameDialect ? arrival.betas : null;
  if (
    sameDialect &&
    scan !== null &&
    dialect.takes?.(understood.body, scan, upstream.model) !== false
  ) {
    const spliced = understood.isUnkept
      ? dialect.spliceUnkept!(understood.body, scan, upstream.model)
      : dialect.splice(understood.body, scan, upstream.target.modelName);
    const carried = carry(spliced, carriage, betas);
    const { headers } = arrival;
    return { dialect, ...carried, headers, sameDialect, hideUsage: !includeUsage };
  }
  try {
    const request = understood.canonical(upstream.id);
    if (dialect.operation !== 'embed') refuseRepeatedResults(request as CanonicalRequest);
    const encoded = dialect.encodeRequest(request, upstream.model);
    const { vital } = arrival.dialect;
    const first = encoded.losses.find(
      loss => vital.has(loss.field) || (lossPolicy === 'refuse' && loss.isMinor !== true),
    );
    if (first !== undefined) return unsupported(arrival, first, upstream);
    const lost = encoded.losses.map(loss => arrival.dialect.fieldName(loss.field));
    const carried = carry([encoded.body], carriage, betas);
    const all = lost.concat(carried.lost);
    return { dialect, ...carried, sameDialect, hideUsage: !includeUsage, lost: all };
  } catch (cause) {
    if (cause instanceof DialectError) return refused(arrival, cause);
    throw cause;
  }
}

/** The body as the cloud takes it, and what goes beside it. */
function carry(
  pieces: Pieces,
  carriage: Carriage | null,
  betas: string | null,
): Pick<Outgoing, 'body' | 'carriage' | 'betas' | 'lost'> {
  if (carriage === null) return { body: pieces, carriage, betas, lost: [] };
  const { without, put, betaMember } = carriage;
  const body = joinBytes(pieces);
  if (betas === null) {
    return { body: [spliceMembers(body, without, put)], carriage, betas, lost: [] };
  }
  const { taken, lost } = sorted(betas, carriage);
  if (betaMember === null) {
    const header = taken.length === 0 ? null : taken.join(',');
    return { body: [spliceMembers(body, without, put)], carriage, betas: header, lost };
  }
  const all = { ...put, [betaMember]: JSON.stringify(taken) };
  return { body: [spliceMembers(body, without, all)], carriage, betas: null, lost };
}

/** Which betas the cloud takes, by its own names, and which it would refuse the request for. */
function sorted(header: string, { betas }: Carriage): { taken: string[]; lost: string[] } {
  const names = header.split(',').map(beta => beta.trim());
  const list = names.filter(beta => beta !== '');
  if (betas === undefined) return { taken: list, lost: [] };
  const taken = new Set(list.flatMap(beta => betas.get(beta) ?? []));
  const lost = list.filter(beta => !betas.has(beta)).map(beta => `anthropic-beta:${beta}`);
  return { taken: [...taken], lost };
}

/** What an encoder refuses outright, with its field in the caller's words. */
function refused(arrival: Asked, { error }: DialectError): Fault {
  if (error.field === undefined) return fault('unsupported', error, null);
  const field = arrival.dialect.fieldName(error.field);
  return fault('unsupported', { ...error, field }, null);
}

function unsupported(arrival: Asked, loss: Loss, upstream: Upstream): Fault {
  const field = arrival.dialect.fieldName(loss.field);
  const { model, service } = upstream.target.deployment.offer;
  const detail = `"${field}" cannot be carried to ${model} on ${service}: ${loss.reason}`;
  return fault('unsupported', gatewayError('unsupported_field', detail, field), null);
}
