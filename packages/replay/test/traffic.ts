// Traffic and routes for the tests of replay: plain ones, of which each test changes what it is
// about.

import type { Route } from '@entrepot/engine/deployment';
import type { RequestColumns } from '@entrepot/traffic/request-columns';
import { createReplay } from '../src/create-replay.ts';
import type { ReplayOptions } from '../src/options.ts';
import type { ReplayResult } from '../src/result/replay-result.ts';
import type { UpstreamModel } from '../src/upstream/model.ts';

export const head: ReplayOptions['traffic'] = {
  routes: ['chat'],
  keys: ['key-1'],
  blockTokens: null,
  startUnixMs: null,
};

/** `count` streams, one each `everyMs`, all alike. */
export function columns(
  count: number,
  everyMs: number,
  changes: Partial<RequestColumns> = {},
): RequestColumns {
  return {
    count,
    atMs: Float64Array.from({ length: count }, (_, i) => i * everyMs),
    route: new Uint16Array(count),
    key: new Uint16Array(count),
    inputTokens: new Uint32Array(count).fill(1000),
    outputTokens: new Uint32Array(count).fill(200),
    maxOutputTokens: new Uint32Array(count),
    flags: new Uint16Array(count).fill(1),
    prefix: null,
    ...changes,
  };
}

/** First token after 300 ms, 10 ms for each that follows, always; nothing fails. */
export function upstream(changes: Partial<UpstreamModel> = {}): UpstreamModel {
  const exactly = (median: number) => ({ median, logSd: 0 });
  return {
    latency: {
      baseMs: exactly(300),
      prefillMsPerToken: exactly(0),
      msPerOutputToken: exactly(10),
      ttftCorrelation: 0,
      ttftSigma: 0,
      tokenSigma: 0,
    },
    errors: [],
    errorMs: exactly(50),
    quota: { requestsPerMinute: null, tokensPerMinute: null },
    capacity: null,
    cache: null,
    assumed: [],
    ...changes,
  };
}

/** Replays one batch to its end. */
export function replayed(
  routes: readonly Route[],
  requests: RequestColumns,
  options: Partial<ReplayOptions> = {},
): ReplayResult {
  const replay = createReplay({ traffic: head, routes, seed: 1, ...options });
  replay.push(requests);
  return replay.finish();
}
