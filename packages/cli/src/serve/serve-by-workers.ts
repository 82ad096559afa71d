// `entrepot serve` with several workers: this process starts and watches them, and serves nothing.

import { withDefaults } from '@entrepot/engine/defaults';
import type { GatewayConfig } from '@entrepot/gateway/config/gateway-config';
import { Fleet } from '@entrepot/gateway/workers/fleet';
import { WorkerStartError } from '@entrepot/gateway/workers/worker-start-error';
import { type Output, UsageError } from '../command.ts';
import { stopSignal } from '../stop-signal.ts';
import { portTaken } from './port-taken.ts';
import type { WorkerInput } from './worker-process.ts';

/** Beside the time that open requests have: to write the ledger. */
const writeMs = 15_000;

/** Serves until a signal. `ready` is called once, with the URL. */
export async function serveByWorkers(
  config: GatewayConfig,
  size: number,
  input: WorkerInput,
  output: Output,
  ready: (url: string) => void,
): Promise<number> {
  const script = new URL('./worker-process.ts', import.meta.url);
  const { host, port } = config.listen;
  const stopMs = config.limits.drainMs + writeMs;
  const spendMs = withDefaults(config.engine).spend.windowMs;
  const note = (text: string): void => output.note(text);
  let fleet: Fleet;
  try {
    fleet = await Fleet.start({ script, size, host, port, input, spendMs, stopMs, note });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') throw portTaken(config.listen);
    throw cause instanceof WorkerStartError ? new UsageError(cause.message, 3) : cause;
  }
  const stopped = stopSignal();
  ready(`http://${host.includes(':') ? `[${host}]` : host}:${fleet.port}`);
  const end = await Promise.race([stopped, fleet.failed]);
  if (end instanceof WorkerStartError) {
    await fleet.stop();
    throw new UsageError(`no worker is left, and none can be started: ${end.message}`, 3);
  }
  output.note(`${end}: finishing what is open ...`);
  await fleet.stop();
  return 0;
}
