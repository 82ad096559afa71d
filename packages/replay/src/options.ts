// What a replay is made of. Plain data: it can be sent to a worker thread.

import type { Offer } from '@entrepot/catalog/offer';
import type { World } from '@entrepot/catalog/world';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Route } from '@entrepot/engine/deployment';
import type { TrafficHead } from '@entrepot/traffic/request-columns';
import type { TokenScale } from './token-scale.ts';
import type { UpstreamModel } from './upstream/model.ts';

export interface ReplayOptions {
  readonly traffic: Pick<TrafficHead, 'routes' | 'keys' | 'blockTokens' | 'startUnixMs'>;
  /** Over the offers of the market that is replayed; one for each route of the traffic. */
  readonly routes: readonly Route[];
  /** The engine's, where they differ from its defaults. */
  readonly settings?: SettingsOverrides;
  /** By default all is as it is. */
  readonly world?: World;
  /** By id of the deployment; for others `defaultUpstream` holds. */
  readonly upstreams?: Readonly<Record<string, UpstreamModel>>;
  /** How many tokens of a model one of the traffic is. By default 1, exactly. */
  readonly tokenScales?: Readonly<Record<string, TokenScale>>;
  /** The same seed, traffic and options give the same result, byte for byte. */
  readonly seed: number;
  /** `median` takes every parameter as if it were known, in place of drawing it by the seed. */
  readonly parameters?: 'drawn' | 'median';
  /** Other markets, for what the same answers would have cost at their prices. */
  readonly otherMarkets?: readonly (readonly Offer[])[];
}
