// All that a gateway needs to start, resolved: offers from the catalog, secrets from where they
// are kept. Made from a file by resolveConfig, or by hand.

import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { KeyHash } from '../keys.ts';
import type { LedgerMode } from '../ledger/ledger.ts';
import type { GatewayRoute } from '../routes.ts';
import type { Target } from './target.ts';

export interface ConfiguredRoute extends GatewayRoute {
  /** Other names that callers may use for it. */
  readonly aliases: readonly string[];
}

export interface GatewayConfig {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** null: no key is asked for. */
  readonly keys: readonly KeyHash[] | null;
  readonly ledger: { readonly path: string; readonly mode: LedgerMode };
  readonly responses: ResponsesConfig;
  readonly limits: ServerLimits;
  /** What the connection pools must know of the engine's deadlines. */
  readonly deadlines: { readonly connectMs: number };
  /** What differs from the engine's own defaults. */
  readonly engine: SettingsOverrides;
  readonly targets: readonly Target[];
  readonly routes: readonly ConfiguredRoute[];
}

export interface ResponsesConfig {
  /** Who keeps answers of Responses: nobody, the gateway, or whichever upstream gave them. */
  readonly store: 'none' | 'gateway' | 'upstream';
  readonly retentionMs: number;
  /** Of one answer with its input; a larger one is not kept, and says so. */
  readonly maxResponseBytes: number;
  /** Of all of them; the oldest makes way. */
  readonly maxTotalBytes: number;
}

/** What one caller may take of the server. */
export interface ServerLimits {
  readonly bodyBytes: number;
  /** Until the head of a request is whole. */
  readonly headMs: number;
  /** Until its body is whole. */
  readonly bodyMs: number;
  /** How long open requests may take to finish when the gateway is stopped. */
  readonly drainMs: number;
}
