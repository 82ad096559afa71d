// What is compared: the world as it is, and changed ones. And the replays that a comparison needs.

import type { Criteria } from '@entrepot/catalog/criteria';
import type { Place } from '@entrepot/catalog/fields';
import type { World } from '@entrepot/catalog/world';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import type { ReplayOptions } from '../options.ts';
import type { ReplayResult } from '../result/replay-result.ts';
import type { TokenScale } from '../token-scale.ts';
import { defaultUpstream } from '../upstream/default-model.ts';
import type { UpstreamModel } from '../upstream/model.ts';

/** One market, policy and world. Plain data. */
export interface Case {
  /** Unique among those that are compared. */
  readonly name: string;
  readonly title: string;
  readonly routes: readonly Route[];
  readonly world: World;
  readonly settings?: SettingsOverrides;
  readonly upstreams?: Readonly<Record<string, UpstreamModel>>;
  readonly tokenScales?: Readonly<Record<string, TokenScale>>;
  /** How the routes came to be others than those of the base. */
  readonly steps?: readonly Step[];
}

/** A place in a scenario, and which offers it adds, removes or changes; null where policies. */
export interface Step {
  readonly place: Place;
  readonly match: Criteria | null;
}

export function deploymentsOf({ routes }: Case): Deployment[] {
  return routes.flatMap(route => route.deployments);
}

/** What is known of how a deployment behaves, or assumed. */
export function upstreamOf({ upstreams }: Case, deployment: Deployment): UpstreamModel {
  return upstreams?.[deployment.id] ?? defaultUpstream(deployment);
}

/**
 * How far a replay has gone from the base to a case, one kind of change after the other: its market
 * and policy; also how upstreams fail and slow down; also capacity and what was bought in advance;
 * also the traffic, which is all of it.
 */
export type Stage = 'market' | 'failures' | 'capacity' | 'whole';
export const stages: readonly Stage[] = ['market', 'failures', 'capacity', 'whole'];

/** One replay of a comparison. */
export interface Run {
  readonly caseName: string;
  readonly stage: Stage;
  readonly seed: number;
  readonly options: ReplayOptions;
}

/** What is kept of a run: enough for the report, and to be merged with others of the comparison. */
export interface RunResult extends Pick<Run, 'caseName' | 'stage' | 'seed'> {
  readonly result: ReplayResult;
}
