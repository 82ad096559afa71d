// How a gateway deals with what callers of Responses want kept: not at all, by keeping it itself,
// or by leaving it to the upstream.

import type { ResponsesConfig } from '../config/gateway-config.ts';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import type { ResponseStore } from '../ledger/stored-response.ts';

export type Responses =
  /** Upstreams are told to keep nothing. */
  | { readonly mode: 'none' }
  /** Upstreams are told to keep nothing; the gateway keeps. */
  | {
      readonly mode: 'gateway';
      readonly store: ResponseStore;
      readonly maxResponseBytes: number;
    }
  /** What callers say of it goes to upstreams as it is. */
  | { readonly mode: 'upstream' };

export function openResponses(config: ResponsesConfig, ledger: OpenLedger): Responses {
  const { store: mode, maxResponseBytes, retentionMs, maxTotalBytes } = config;
  if (mode !== 'gateway') return { mode };
  return { mode, store: ledger.responses({ retentionMs, maxTotalBytes }), maxResponseBytes };
}

export async function closeResponses(responses: Responses): Promise<void> {
  if (responses.mode === 'gateway') await responses.store.close();
}
