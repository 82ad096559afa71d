// The same requests live and in virtual time, figure by figure.

import type { World } from '@entrepot/catalog/world';
import type { Route } from '@entrepot/engine/deployment';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import { createReplay } from '@entrepot/replay/create-replay';
import type { UpstreamModel } from '@entrepot/replay/upstream/model';
import { figuresOf } from '@entrepot/replay/what-if/figures';
import { meanOf } from '@entrepot/replay/what-if/interval';
import { featureBit, type RequestColumns } from '@entrepot/traffic/request-columns';
import type { TracedRequest } from '@entrepot/traffic/traced-request';

export interface Summary {
  readonly costUsd: number;
  readonly ttftMsP50: number;
  readonly ttftMsP95: number;
  readonly totalMsP50: number;
  readonly totalMsP95: number;
  readonly availability: number;
}

/** What the callers saw and what it cost, by the ledger. */
export function liveSummary(records: readonly LedgerRecord[]): Summary {
  const answered = records.filter(record => record.outcome === 'ok');
  const nanoUsd = answered.reduce((sum, record) => sum + (record.chargeNanoUsd ?? 0), 0);
  const ttft = answered.map(record => record.ttftMs!).sort((a, b) => a - b);
  const total = answered.map(record => record.totalMs!).sort((a, b) => a - b);
  const at = (sorted: readonly number[], q: number): number =>
    sorted[Math.ceil(q * sorted.length) - 1]!;
  return {
    costUsd: nanoUsd / 1e9,
    ttftMsP50: at(ttft, 0.5),
    ttftMsP95: at(ttft, 0.95),
    totalMsP50: at(total, 0.5),
    totalMsP95: at(total, 0.95),
    availability: answered.length / records.length,
  };
}

export interface Rehearsal {
  readonly requests: readonly TracedRequest[];
  readonly routes: readonly Route[];
  readonly upstreams: Readonly<Record<string, UpstreamModel>>;
  readonly world: World;
  readonly seeds: number;
}

/** The mean over the seeds. */
export function replaySummary(rehearsal: Rehearsal): Summary {
  const { routes, upstreams, world, seeds } = rehearsal;
  const all = Array.from({ length: seeds }, (_, i): Summary => {
    const traffic = { routes: ['any'], keys: ['tester'], blockTokens: null, startUnixMs: null };
    const replay = createReplay({ traffic, routes, upstreams, world, seed: i + 1 });
    replay.push(columnsOf(rehearsal.requests));
    const { costUsd, ttftMs, totalMs, availability } = figuresOf(replay.finish());
    return {
      costUsd,
      ttftMsP50: ttftMs.p50!,
      ttftMsP95: ttftMs.p95!,
      totalMsP50: totalMs.p50!,
      totalMsP95: totalMs.p95!,
      availability: availability!,
    };
  });
  const names = Object.keys(all[0]!) as (keyof Summary)[];
  const means = names.map(name => [name, meanOf(all.map(one => one[name]))] as const);
  return Object.fromEntries(means) as unknown as Summary;
}

/** How far off the replay is: shares, and for availability the difference. */
export function offBy(live: Summary, replayed: Summary): Summary {
  const share = (of: keyof Summary): number => replayed[of] / live[of] - 1;
  return {
    costUsd: share('costUsd'),
    ttftMsP50: share('ttftMsP50'),
    ttftMsP95: share('ttftMsP95'),
    totalMsP50: share('totalMsP50'),
    totalMsP95: share('totalMsP95'),
    availability: replayed.availability - live.availability,
  };
}

function columnsOf(requests: readonly TracedRequest[]): RequestColumns {
  const count = requests.length;
  return {
    count,
    atMs: Float64Array.from(requests, request => request.atMs),
    route: new Uint16Array(count),
    key: new Uint16Array(count),
    inputTokens: Uint32Array.from(requests, request => request.inputTokens),
    outputTokens: Uint32Array.from(requests, request => request.outputTokens),
    maxOutputTokens: new Uint32Array(count),
    flags: new Uint16Array(count).fill(featureBit('streaming')),
    prefix: null,
  };
}
