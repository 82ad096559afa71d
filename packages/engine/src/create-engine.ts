// Puts the engine together: routes and deployments by name, what is remembered of them, and the
// decisions over both. Holds no clock and no random source; its only state is what `snapshot`
// gives.

import { type Charge, chargeOf } from './charge.ts';
import type { Choice, Step } from './choice.ts';
import { chooseFrom, type Party } from './choose.ts';
import { beginOn, openedSince } from './circuit.ts';
import { type Settings, type SettingsOverrides, withDefaults } from './defaults.ts';
import type { Route } from './deployment.ts';
import type { Engine, Ms, Random } from './engine.ts';
import { estimateOf } from './estimate.ts';
import { noteOutcome } from './health.ts';
import type { Intent, Usage } from './intent.ts';
import { measure } from './latency.ts';
import { nextStep } from './next.ts';
import type { Attempted, AttemptOutcome } from './outcome.ts';
import { noteRest, type Rest, restOf, type SharesRests } from './rest.ts';
import { countBegin, countEnd } from './retry-budget.ts';
import {
  addSpend,
  addUntold,
  createSpend,
  type SharesSpend,
  type Spend,
  type Spent,
  spendOn,
} from './spend.ts';
import {
  createDeploymentState,
  type DeploymentState,
  type EngineState,
  type Member,
  type Remembers,
} from './state.ts';
import { noteUsage } from './token-history.ts';
import { UnknownRouteError } from './unknown-route.ts';
import type { Window } from './window.ts';

export interface EngineOptions extends SettingsOverrides {
  readonly routes: readonly Route[];
}

/**
 * The engine over some routes. A deployment may stand in several routes, and is remembered once.
 * Throws RangeError for two routes of one name, or two offers under one deployment id. `choose`
 * throws UnknownRouteError; the other calls throw RangeError for an unknown deployment id.
 */
export function createEngine(
  options: EngineOptions,
): Engine & Remembers & SharesSpend & SharesRests {
  return new RememberingEngine(options);
}

class RememberingEngine implements Engine, Remembers, SharesSpend, SharesRests {
  readonly #settings: Settings;
  readonly #parties = new Map<string, Party>();
  /** Of each deployment as the first route has it. */
  readonly #members = new Map<string, Member>();
  readonly #stateOf = (id: string): DeploymentState => this.#member(id).state;
  #spend: Spend;

  constructor(options: EngineOptions) {
    this.#settings = withDefaults(options);
    this.#spend = createSpend(this.#settings.spend);
    for (const route of options.routes) this.#add(route);
  }

  choose(intent: Intent, now: Ms, random: Random): Choice {
    const party = this.#parties.get(intent.route);
    if (party === undefined) throw new UnknownRouteError(intent.route, this.#parties.keys());
    return chooseFrom(party, this.#spend, this.#settings, intent, now, random);
  }

  next(choice: Choice, tried: readonly Attempted[], now: Ms, random: Random): Step {
    return nextStep(this.#stateOf, this.#settings, choice, tried, now, random);
  }

  begin(deployment: string, now: Ms): void {
    const { health, retries } = this.#member(deployment).state;
    countBegin(retries, now);
    beginOn(health.circuit, this.#settings.circuit, now);
  }

  hasOpenedSince(deployment: string, startedMs: Ms, now: Ms): boolean {
    const { health } = this.#member(deployment).state;
    return openedSince(health.circuit, this.#settings.circuit, startedMs, now);
  }

  observe(outcome: AttemptOutcome, now: Ms): void {
    const { health, latency, retries } = this.#member(outcome.deployment).state;
    countEnd(retries);
    noteOutcome(health, this.#settings, outcome, now);
    if (outcome.operation !== 'count') measure(latency, this.#settings.latency, outcome, now);
  }

  settle(deployment: string, usage: Usage, now: Ms): Charge {
    const member = this.#member(deployment);
    const { offer } = member.deployment;
    const charge = chargeOf(offer, usage);
    noteUsage(member.state.tokens, this.#settings.tokens, usage);
    if (charge.nanoUsd !== null) {
      const spent = { cloud: offer.cloud, nanoUsd: charge.nanoUsd, charges: 1 };
      addSpend(this.#spend, member.spentOnCloud, spent, now);
      addUntold(this.#spend.untold, spent);
    }
    return charge;
  }

  estimate(intent: Intent, deployment: string): Charge {
    return estimateOf(this.#member(deployment).deployment.offer, intent);
  }

  takeSpent(): readonly Spent[] {
    const { untold } = this.#spend;
    this.#spend.untold = [];
    return untold;
  }

  addSpent(spent: readonly Spent[], now: Ms): void {
    for (const one of spent) addSpend(this.#spend, this.#spendOn(one.cloud), one, now);
  }

  rests(now: Ms): readonly Rest[] {
    const rests = [...this.#members].map(([id, m]) => restOf(id, m.state.health, now));
    return rests.filter(rest => rest !== null);
  }

  addRest(rest: Rest, now: Ms): void {
    const member = this.#members.get(rest.deployment);
    if (member !== undefined) noteRest(member.state.health, rest, now);
  }

  snapshot(): EngineState {
    const deployments = Object.fromEntries([...this.#members].map(([id, m]) => [id, m.state]));
    return structuredClone({ deployments, spend: this.#spend });
  }

  restore(state: EngineState): void {
    const { deployments, spend } = structuredClone(state);
    this.#spend = spend;
    for (const { members } of this.#parties.values()) {
      for (const member of members) {
        const { id, offer } = member.deployment;
        member.spentOnCloud = this.#spendOn(offer.cloud);
        if (Object.hasOwn(deployments, id)) member.state = deployments[id]!;
      }
    }
  }

  #add(route: Route): void {
    if (this.#parties.has(route.name)) throw new RangeError(`two routes named ${route.name}`);
    const members = route.deployments.map(deployment => {
      const known = this.#members.get(deployment.id);
      if (known !== undefined && known.deployment.offer.id !== deployment.offer.id) {
        throw new RangeError(`two offers under the deployment id ${deployment.id}`);
      }
      const state = known?.state ?? createDeploymentState(this.#settings);
      const spentOnCloud = this.#spendOn(deployment.offer.cloud);
      const member: Member = { deployment, state, spentOnCloud };
      if (known === undefined) this.#members.set(deployment.id, member);
      return member;
    });
    this.#parties.set(route.name, { route, members });
  }

  #spendOn(cloud: string): Window {
    return spendOn(this.#spend, this.#settings.spend, cloud);
  }

  #member(id: string): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new RangeError(`no deployment ${id}`);
    return member;
  }
}
