// Which deployments can serve a request, and in which order. What cannot or may not serve it is
// ruled out. What rests (open circuit, rate limit, quota) stands behind, soonest back first: it is
// used when all others have failed, and when nothing else is left, which is called panic. A cloud
// at its lock-in cap stands behind the clouds that are not, for the same reason: the cap steers
// where money goes, it does not turn an outage of the others into failed requests.

import type { Choice, RuledOut } from './choice.ts';
import { mayProbe, slowStartShare } from './circuit.ts';
import { Considered, goesBefore, tiers } from './considered.ts';
import { ruledOutBecause } from './constraints.ts';
import type { Settings } from './defaults.ts';
import type { Objective, Policy, Route } from './deployment.ts';
import type { Ms, Random } from './engine.ts';
import { restsUntil, standing } from './health.ts';
import type { Intent } from './intent.ts';
import { expectedTtftMs, isFresh } from './latency.ts';
import { scoreAll } from './score.ts';
import { type Spend, spendForShares } from './spend.ts';
import type { Member } from './state.ts';
import { sumOf } from './window.ts';

/** A route with its deployments and what is remembered of them. */
export interface Party {
  readonly route: Route;
  readonly members: readonly Member[];
}

export function chooseFrom(
  party: Party,
  spend: Spend,
  settings: Settings,
  intent: Intent,
  now: Ms,
  random: Random,
): Choice {
  const { route, members } = party;
  const candidates: Considered[] = [];
  const ruledOut: RuledOut[] = [];
  const { policy } = route;
  for (const member of members) {
    const { deployment, state } = member;
    const priorMs = deployment.expectedTtftMs;
    const ttftMs = expectedTtftMs(state.latency, settings.latency, priorMs, now);
    const because = ruledOutBecause(intent, deployment, policy.constraints, ttftMs);
    if (because !== null) ruledOut.push({ deployment, reason: because });
    else {
      const stands = standing(state.health, settings, now);
      candidates.push(new Considered(member, stands, ttftMs));
    }
  }
  scoreAll(candidates, intent, policy.objective, settings, random);
  for (const one of candidates) place(one, settings, now, random);
  applyCap(candidates, policy, spend, settings, now);
  explore(candidates, policy, settings, now, random);
  sort(candidates, policy.objective);
  const first = candidates[0];
  const panic = first !== undefined && first.tier >= tiers.resting;
  return { route, intent, atMs: now, candidates, ruledOut, panic };
}

/** Puts a candidate into its tier by its health. */
function place(one: Considered, settings: Settings, now: Ms, random: Random): void {
  const { health } = one.member.state;
  const { circuit } = health;
  if (one.standing === 'ready') {
    const share = slowStartShare(circuit, settings.circuit, now);
    if (share < 1 && random() >= share) one.tier = tiers.recovering;
    return;
  }
  if (one.standing === 'half-open' && mayProbe(circuit, settings.circuit, now, random)) return;
  one.tier = one.standing === 'quota' ? tiers.exhausted : tiers.resting;
  one.rank = restsUntil(health, one.standing, now) - now;
}

/** Those that could serve now, of clouds that are at their share or over it, go behind. */
function applyCap(
  candidates: readonly Considered[],
  policy: Policy,
  spend: Spend,
  settings: Settings,
  now: Ms,
): void {
  const cap = policy.constraints.maxShare;
  if (cap === null || cap >= 1) return;
  const total = spendForShares(spend, settings.spend, now);
  if (total === 0) return;
  for (const one of candidates) {
    if (one.tier !== tiers.ready && one.tier !== tiers.recovering) continue;
    const share = sumOf(one.member.spentOnCloud, now) / total;
    if (share < cap) continue;
    one.tier = tiers.capped;
    one.rank = share;
  }
}

/** Where speed matters, now and then one goes first that was not measured for long. */
function explore(
  candidates: readonly Considered[],
  policy: Policy,
  settings: Settings,
  now: Ms,
  random: Random,
): void {
  if (policy.objective !== 'latency' && policy.objective !== 'balanced') return;
  const { exploreShare, exploreAfterMs } = settings.latency;
  if (candidates.length < 2 || random() >= exploreShare) return;
  const from = Math.floor(random() * candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    const one = candidates[(from + i) % candidates.length]!;
    const { latency } = one.member.state;
    if (one.tier !== tiers.ready || isFresh(latency, exploreAfterMs, now)) continue;
    one.rank = -1;
    return;
  }
}

/** Insertion: routes have a handful of deployments, and it keeps the order of equals. */
function sort(candidates: Considered[], objective: Objective): void {
  for (let i = 1; i < candidates.length; i++) {
    const one = candidates[i]!;
    let at = i;
    while (at > 0 && goesBefore(one, candidates[at - 1]!, objective)) {
      candidates[at] = candidates[at - 1]!;
      at -= 1;
    }
    candidates[at] = one;
  }
}
