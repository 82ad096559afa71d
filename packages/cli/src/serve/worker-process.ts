// One of several processes that serve a configuration: see workers/fleet.ts of the gateway.

import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { resolveConfig } from '@entrepot/gateway/config/resolve-config';
import { runWorker } from '@entrepot/gateway/workers/run-worker';
import { marketOf } from '../market.ts';

/** The text as the primary has read it: all workers serve one, also those that start later. */
export interface WorkerInput {
  readonly file: string;
  readonly text: string;
}

await runWorker(input => {
  const { file, text } = input as WorkerInput;
  return resolveConfig(parseConfig(text, file), marketOf(), process.env).config;
});
