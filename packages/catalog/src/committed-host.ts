import type { Cloud, Provenance } from './offer.ts';

/** What an hour of a host costs where it is taken ahead, from a day on until the next record. */
export interface CommittedHost extends Provenance {
  readonly cloud: Cloud;
  /** Name of the instance type. */
  readonly instance: string;
  readonly from: string;
  readonly nanoUsdPerHour: number;
  /** What it is sold as. */
  readonly product: string;
  /** So many hosts, and for so long, can be had at most; null is unknown. */
  readonly mostHosts: number | null;
  readonly mostDays: number | null;
}

/** The price of each host that held on a day. */
export function committedOn(records: readonly CommittedHost[], day: string): CommittedHost[] {
  const latest = new Map<string, CommittedHost>();
  for (const record of records) {
    const key = `${record.cloud} ${record.instance}`;
    const known = latest.get(key);
    if (record.from <= day && (known === undefined || known.from < record.from)) {
      latest.set(key, record);
    }
  }
  return [...latest.values()];
}
