// A worker's whole life: it hears what to serve, serves it, and ends when it is told to, when it
// gets SIGTERM, or when its primary is gone. What is open then finishes first.

import type { GatewayConfig } from '../config/gateway-config.ts';
import { type RunningGateway, startGateway } from '../start-gateway.ts';
import type { Start } from './messages.ts';
import { PrimaryLink } from './primary-link.ts';

/** Serves what `configOf` makes of the fleet's input, and ends the process. */
export async function runWorker(configOf: (input: unknown) => GatewayConfig): Promise<void> {
  const primary = new PrimaryLink();
  const stop = Promise.race([primary.stopped, terminated()]);
  const start = await Promise.race([primary.start, stop]);
  if (start === undefined) process.exit(0);
  let running: RunningGateway;
  try {
    running = await serve(configOf(start.input), start, primary);
  } catch (cause) {
    await primary.failed(cause);
    process.exit(3);
  }
  primary.ready(running.gateway);
  await stop;
  await running.close();
  await primary.ended();
  process.exit(0);
}

function serve(
  config: GatewayConfig,
  { port, reusePort }: Start,
  primary: PrimaryLink,
): Promise<RunningGateway> {
  return startGateway(
    { ...config, listen: { ...config.listen, port } },
    { reusePort, exposed: own => primary.exposed(own) },
  );
}

/** SIGINT comes from a terminal to all: the primary tells. A second SIGTERM ends at once. */
function terminated(): Promise<void> {
  process.on('SIGINT', () => {});
  return new Promise(resolve =>
    process.on('SIGTERM', () => {
      process.once('SIGTERM', () => process.exit(143));
      resolve();
    }),
  );
}
