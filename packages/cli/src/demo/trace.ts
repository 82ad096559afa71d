// What the demo plays: a trace from a file, or traffic drawn from the figures of a published one.

import { generate } from '@entrepot/traffic/generate';
import { azureConversation2023 } from '@entrepot/traffic/profile';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { type TracedRequest, tracedRequests } from '@entrepot/traffic/traced-request';
import { TrafficError } from '@entrepot/traffic/traffic-error';
import { UsageError } from '../command.ts';
import type { DemoOptions } from './demo-options.ts';

export interface DemoTrace {
  readonly source: string;
  readonly requests: readonly TracedRequest[];
}

/** A real cloud gets this many short requests and no more. */
const realRequests = 12;
const realTokens = 32;

/** As much as is played at `speed` trace seconds a second. Throws UsageError for a bad file. */
export async function demoTrace(options: DemoOptions, speed: number): Promise<DemoTrace> {
  const spanMs = options.seconds * speed * 1000;
  const { trace, real } = options;
  if (trace !== null) {
    const requests = await readTrace(trace, spanMs);
    return { source: trace, requests: real ? few(requests) : requests };
  }
  const random = seededRandom(options.seed);
  const requests = generate(azureConversation2023, spanMs / 1000, random);
  const source = `drawn from the figures of the ${azureConversation2023.source}`;
  return { source, requests: real ? few(requests) : requests };
}

function few(requests: readonly TracedRequest[]): TracedRequest[] {
  return requests.slice(0, realRequests).map(request => ({
    atMs: request.atMs,
    inputTokens: Math.min(request.inputTokens, realTokens),
    outputTokens: Math.min(request.outputTokens, realTokens),
  }));
}

/** The reader of files comes with DuckDB, which a demo without a file does not need. */
async function readTrace(file: string, untilMs: number): Promise<TracedRequest[]> {
  const { readTraffic } = await import('@entrepot/traffic/read-traffic');
  const routes = { otherwise: '', routes: new Map<string, string>() };
  try {
    const traffic = await readTraffic(file, { format: null, routes, seed: 1 });
    try {
      return await tracedRequests(traffic, untilMs);
    } finally {
      traffic.close();
    }
  } catch (cause) {
    if (cause instanceof TrafficError) throw new UsageError(`--trace: ${cause.message}`);
    throw cause;
  }
}
