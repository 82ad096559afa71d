// One of several processes that serve a configuration: see workers/fleet.ts of the gateway.

import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { resolveConfig } from '@entrepot/gateway/config/resolve-config';
import { runWorker } from '@entrepot/gateway/workers/run-worker';
import { liveMarket, withPolicies } from '../promoted/live.ts';
import type { Promoted } from '../promoted/promoted.ts';
import { keepHeapLean } from './lean-heap.ts';

/** The text as the primary has read it: all workers serve one, also those that start later. */
export interface WorkerInput {
  readonly file: string;
  readonly text: string;
  readonly promoted: Promoted;
}

keepHeapLean();
await runWorker(input => {
  const { file, text, promoted } = input as WorkerInput;
  const market = liveMarket(promoted);
  const { config } = resolveConfig(parseConfig(text, file), market, process.env);
  return withPolicies(config, promoted);
});
