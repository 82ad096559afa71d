// What every step of a request may use. Made once at start; holds no state of a request.

import type { Engine, Random } from '@entrepot/engine/engine';
import type { SharesRests } from '@entrepot/engine/rest';
import type { SharesSpend } from '@entrepot/engine/spend';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Keys } from './keys.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { RequestIds } from './request-ids.ts';
import type { Responses } from './responses/responses.ts';
import type { GatewayRoute } from './routes.ts';
import type { Sweep } from './sweep.ts';
import type { Upstream } from './upstream.ts';

export interface Gateway {
  readonly engine: Engine & SharesSpend & SharesRests;
  readonly ledger: Ledger;
  readonly keys: Keys;
  /** By every name that callers may use. */
  readonly routes: ReadonlyMap<string, GatewayRoute>;
  /** Throws for an id that is not configured. */
  upstream(deploymentId: string): Upstream;
  readonly responses: Responses;
  readonly limits: { readonly bodyBytes: number };
  readonly clock: Clock;
  readonly random: Random;
  readonly sweep: Sweep;
  readonly requestIds: RequestIds;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** True once a shutdown has begun: what is open finishes, nothing new begins. */
  readonly draining: boolean;
}
