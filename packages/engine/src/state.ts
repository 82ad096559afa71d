// All that the engine remembers, as plain data: it can be saved as JSON, compared, and restored.
// The same state, inputs and random numbers give the same decisions.

import type { Settings } from './defaults.ts';
import type { Deployment } from './deployment.ts';
import { createHealth, type Health } from './health.ts';
import { createLatency, type Latency } from './latency.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import type { Spend } from './spend.ts';
import { createTokenHistory, type TokenHistory } from './token-history.ts';
import type { Window } from './window.ts';

export interface DeploymentState {
  readonly health: Health;
  readonly latency: Latency;
  readonly tokens: TokenHistory;
  readonly retries: RetryBudget;
}

export interface EngineState {
  /** By id of the deployment. */
  readonly deployments: Readonly<Record<string, DeploymentState>>;
  readonly spend: Spend;
}

/** A deployment as a route has it, with what is remembered of it: shared by all its routes. */
export interface Member {
  readonly deployment: Deployment;
  state: DeploymentState;
  /** On the deployment's cloud, by all that run there. */
  spentOnCloud: Window;
}

/** What `createEngine` gives beyond decisions. */
export interface Remembers {
  /** A copy: later decisions do not change it. */
  snapshot(): EngineState;
  /**
   * Goes on from a snapshot. Deployments that are not in it keep what is known of them; those that
   * are only in it are left out.
   */
  restore(state: EngineState): void;
}

export function createDeploymentState(settings: Settings): DeploymentState {
  return {
    health: createHealth(settings),
    latency: createLatency(),
    tokens: createTokenHistory(),
    retries: createRetryBudget(settings.retryBudget),
  };
}
