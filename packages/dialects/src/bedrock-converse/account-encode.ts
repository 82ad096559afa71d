// Who asks and at what price, for an upstream: the tier of service, and labels for the log that the
// service keeps, which have rules of their own.

import type { CanonicalRequest } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { userDigest } from '../user-digest.ts';

const serviceTiers: ReadonlySet<string> = new Set(['default', 'flex', 'priority', 'reserved']);
/** Words of others for the service's own choice. */
const defaultTiers: ReadonlySet<string> = new Set(['auto', 'standard_only', 'standard']);

const maxLabels = 16;
const labelKey = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const labelValue = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;

/** `serviceTier` and `requestMetadata`. */
export function encodeAccount(request: CanonicalRequest, losses: Losses): JsonObject {
  const { serviceTier, store } = request;
  if (store === true) losses.add('store', 'answers are not stored here');
  return { ...encodeTier(serviceTier, losses), ...encodeLabels(request, losses) };
}

function encodeTier(tier: string | undefined, losses: Losses): JsonObject {
  if (tier === undefined || defaultTiers.has(tier)) return {};
  if (serviceTiers.has(tier)) return { serviceTier: { type: tier } };
  losses.add('serviceTier', 'this tier is not known here');
  return {};
}

function encodeLabels({ metadata = {}, user }: CanonicalRequest, losses: Losses): JsonObject {
  const labels = new Map<string, string>();
  if (user !== undefined) labels.set('user', labelValue.test(user) ? user : userDigest(user));
  const given = Object.entries(metadata);
  const fits =
    given.length + labels.size <= maxLabels &&
    given.every(([key, value]) => labelKey.test(key) && labelValue.test(value)) &&
    !(labels.has('user') && Object.hasOwn(metadata, 'user'));
  if (!fits) losses.add('metadata', 'labels are few and of plain characters here');
  else for (const [key, value] of given) labels.set(key, value);
  return labels.size === 0 ? {} : { requestMetadata: Object.fromEntries(labels) };
}
