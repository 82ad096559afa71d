// committed-hosts.jsonl: a price of a host that is taken ahead, from a day on.

import type { CommittedHost } from '../committed-host.ts';
import { Fields, type Place } from '../fields.ts';
import { toNanoUsd } from '../money.ts';
import type { Problem } from '../problem.ts';
import { clouds } from './services.ts';

const known = [
  'cloud',
  'instance',
  'from',
  'usdPerHour',
  'product',
  'mostHosts',
  'mostDays',
  'source',
  'seenOn',
];

export function readCommittedHost(
  value: unknown,
  place: Place,
  problems: Problem[],
): CommittedHost {
  const fields = new Fields(value, known, place, problems);
  const usd = fields.positiveOrNull('usdPerHour');
  if (usd === null) fields.problem('usdPerHour', 'must be a number above 0');
  return {
    cloud: fields.oneOf('cloud', clouds),
    instance: fields.text('instance'),
    from: fields.date('from'),
    nanoUsdPerHour: toNanoUsd(usd ?? 1) ?? 0,
    product: fields.text('product'),
    mostHosts: fields.countOrNull('mostHosts'),
    mostDays: fields.countOrNull('mostDays'),
    source: fields.text('source'),
    seenOn: fields.date('seenOn'),
  };
}
