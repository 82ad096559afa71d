// Arrivals of a trace or of the ledger, by the same readers that what-if has.

import type { Arrivals } from '@entrepot/planner/serve/arrivals';
import { readTraffic } from '@entrepot/traffic/read-traffic';
import { TrafficError } from '@entrepot/traffic/traffic-error';
import { UsageError } from '../../command.ts';
import { withTrafficFile } from '../../what-if/traffic-file.ts';

/** More are left out, from the end: the plan says so. */
const mostRequests = 5_000_000;

export interface ReadArrivals {
  readonly arrivals: Arrivals;
  readonly name: string;
  readonly assumed: readonly string[];
}

/** `route`: only requests that ask for it; null takes all. Throws UsageError. */
export async function readArrivals(
  traffic: string,
  ledger: string,
  route: string | null,
): Promise<ReadArrivals> {
  return await withTrafficFile({ traffic, ledger }, file => readFile(file, route));
}

async function readFile(file: string, route: string | null): Promise<ReadArrivals> {
  try {
    const options = { format: null, routes: { otherwise: 'model', routes: new Map() }, seed: 1 };
    const open = await readTraffic(file, options);
    try {
      return await collect(open, route);
    } finally {
      open.close();
    }
  } catch (cause) {
    if (cause instanceof TrafficError) throw new UsageError(cause.message);
    throw cause;
  }
}

async function collect(
  { head, batches }: Awaited<ReturnType<typeof readTraffic>>,
  route: string | null,
): Promise<ReadArrivals> {
  const wanted = route === null ? -1 : head.routes.indexOf(route);
  if (route !== null && wanted < 0) {
    throw new UsageError(`the traffic has no route "${route}"; it has ${head.routes.join(', ')}`);
  }
  const at: number[] = [];
  const input: number[] = [];
  const output: number[] = [];
  for await (const batch of batches) {
    for (let i = 0; i < batch.count && at.length < mostRequests; i++) {
      if (wanted >= 0 && batch.route[i] !== wanted) continue;
      at.push(batch.atMs[i]!);
      input.push(Math.max(1, batch.inputTokens[i]!));
      output.push(Math.max(1, batch.outputTokens[i]!));
    }
  }
  if (at.length < 2) throw new UsageError(`${head.name} has fewer than two requests of that kind`);
  const arrivals = {
    count: at.length,
    atMs: Float64Array.from(at),
    inputTokens: Uint32Array.from(input),
    outputTokens: Uint32Array.from(output),
  };
  return { arrivals, name: head.name, assumed: head.assumed };
}
