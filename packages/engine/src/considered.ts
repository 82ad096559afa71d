// A deployment on its way to being a candidate: what is expected of it, and where it stands among
// the others. Fields are filled step by step while a choice is made, and not changed afterwards.

import type { Candidate } from './choice.ts';
import type { Deployment, Objective } from './deployment.ts';
import type { Standing } from './health.ts';
import type { Member } from './state.ts';

/**
 * Groups of candidates, in the order in which they are used. `recovering` takes part of its share
 * only; `capped` is of a cloud that has had its share of spend, for when no other can serve;
 * `resting` has an open circuit or asked to be left alone; `exhausted` has no quota left.
 */
export const tiers = { ready: 0, recovering: 1, capped: 2, resting: 3, exhausted: 4 } as const;
export type Tier = (typeof tiers)[keyof typeof tiers];

export class Considered implements Candidate {
  readonly member: Member;
  readonly standing: Standing;
  /** null is unknown. */
  readonly ttftMs: number | null;
  /** Infinite where a price is unknown: it comes after all that are known. */
  costNanoUsd: number = Number.POSITIVE_INFINITY;
  latencyMs = 0;
  tier: Tier = tiers.ready;
  /** Order within the tier, before the score: share of spend, or how long it rests yet, in ms. */
  rank = 0;
  score = 0;

  constructor(member: Member, standing: Standing, ttftMs: number | null) {
    this.member = member;
    this.standing = standing;
    this.ttftMs = ttftMs;
  }

  get deployment(): Deployment {
    return this.member.deployment;
  }

  reason(): string {
    const { costNanoUsd, ttftMs } = this;
    const isKnown = costNanoUsd < Number.POSITIVE_INFINITY;
    const cost = isKnown ? `$${(costNanoUsd / 1e9).toPrecision(3)}` : 'unknown';
    const ttft = ttftMs === null ? 'unknown' : `${Math.round(ttftMs)} ms`;
    const note = this.#note();
    return `cost ${cost}, ttft ${ttft}${note === null ? '' : `, ${note}`}`;
  }

  #note(): string | null {
    const seconds = Math.max(0, Math.ceil(this.rank / 1000));
    if (this.tier === tiers.capped)
      return `over the lock-in cap (${(this.rank * 100).toFixed(1)} %)`;
    if (this.tier === tiers.recovering) return 'recovering';
    if (this.standing === 'open') return `circuit open until +${seconds} s`;
    if (this.standing === 'held') return `rate-limited until +${seconds} s`;
    if (this.standing === 'quota') return `out of quota until +${seconds} s`;
    return this.standing === 'ready' ? null : 'circuit half-open';
  }
}

/** Whether `a` is to be tried before `b`; false for equals, so that the route's own order stays. */
export function goesBefore(a: Considered, b: Considered, objective: Objective): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.score !== b.score) return a.score < b.score;
  const isBySpeed = objective === 'cost' || objective === 'balanced';
  return isBySpeed ? a.latencyMs < b.latencyMs : a.costNanoUsd < b.costNanoUsd;
}
