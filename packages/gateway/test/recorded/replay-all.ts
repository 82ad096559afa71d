// Every recorded answer to a caller of every dialect, one after another.

import type { Exchange } from './exchange.ts';
import { type Caller, callers } from './fronts.ts';
import { type PlaceName, places } from './places.ts';
import type { Result } from './proof-page.ts';
import { Replay } from './replay.ts';

type Failed = (exchange: Exchange, caller: Caller, message: string) => void;

/** Plays one answer to every caller; what fails is told. */
export async function playToAll(
  replay: Replay,
  exchange: Exchange,
  failed: Failed,
): Promise<Result> {
  const passed = new Set<Caller>();
  for (const caller of callers) {
    try {
      await replay.play(exchange, caller);
      passed.add(caller);
    } catch (cause) {
      failed(exchange, caller, (cause as Error).message);
    }
  }
  return { exchange, passed };
}

export async function replayAll(
  exchanges: readonly Exchange[],
  failed: Failed,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const place of Object.keys(places) as PlaceName[]) {
    const replay = await Replay.start(place, 7);
    for (const exchange of exchanges.filter(each => each.place === place)) {
      results.push(await playToAll(replay, exchange, failed));
    }
    await replay.close();
  }
  return results;
}
