// How many tokens traffic has by route and minute: what capacity that is bought by the minute has
// to carry.

import type { Traffic } from '@entrepot/traffic/request-columns';

export interface RouteLoad {
  readonly route: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly minutes: readonly MinuteTokens[];
}

export interface MinuteTokens {
  readonly input: number;
  readonly output: number;
}

export interface Load {
  /** Whole minutes, the last of which has the last request. */
  readonly minutes: number;
  readonly routes: readonly RouteLoad[];
}

const minuteMs = 60_000;

export async function minuteLoad({ head, batches }: Traffic): Promise<Load> {
  const input = head.routes.map((): number[] => []);
  const output = head.routes.map((): number[] => []);
  let last = 0;
  for await (const batch of batches) {
    for (let i = 0; i < batch.count; i++) {
      const minute = Math.floor(batch.atMs[i]! / minuteMs);
      const route = batch.route[i]!;
      input[route]![minute] = (input[route]![minute] ?? 0) + batch.inputTokens[i]!;
      output[route]![minute] = (output[route]![minute] ?? 0) + batch.outputTokens[i]!;
    }
    last = batch.atMs[batch.count - 1] ?? last;
  }
  return {
    minutes: Math.floor(last / minuteMs) + 1,
    routes: head.routes.map((route, r) => ({
      route,
      inputTokens: sum(input[r]!),
      outputTokens: sum(output[r]!),
      minutes: Array.from({ length: input[r]!.length }, (_, m) => ({
        input: input[r]![m] ?? 0,
        output: output[r]![m] ?? 0,
      })),
    })),
  };
}

/** Minutes without requests are holes. */
function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
