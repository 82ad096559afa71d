// How often the 90 % interval of a prediction contains what came, over many worlds of which the
// truth is known: each world draws how its upstreams are, a ledger is what they did to requests at
// first, upstreams are fitted to that ledger, and the interval of a replay of other requests is
// compared with what the true upstreams do to them.

import type { Deployment, Route } from '@entrepot/engine/deployment';
import { createReplay } from '@entrepot/replay/create-replay';
import { Draws, hashOf, mixed } from '@entrepot/replay/draws';
import type { AttemptRow } from '@entrepot/replay/fit/attempt-row';
import { fitUpstream } from '@entrepot/replay/fit/fit-upstream';
import type { UpstreamModel } from '@entrepot/replay/upstream/model';
import { type Figures, figuresOf } from '@entrepot/replay/what-if/figures';
import { intervalOf } from '@entrepot/replay/what-if/interval';
import type { RequestColumns } from '@entrepot/traffic/request-columns';

export type Covered = Readonly<Record<string, number>>;

export interface CoverageOptions {
  readonly worlds: number;
  /** Attempts on each deployment that the fit sees. */
  readonly ledgerRows: number;
  readonly requests: number;
  readonly seeds: number;
  readonly routes: readonly Route[];
  /** Which world is the first. */
  readonly seed: number;
}

const figures: Readonly<Record<string, (figures: Figures) => number>> = {
  cost: f => f.costUsd,
  'ttft p50': f => f.ttftMs.p50!,
  'ttft p95': f => f.ttftMs.p95!,
  'total p50': f => f.totalMs.p50!,
  'total p95': f => f.totalMs.p95!,
  failovers: f => f.failovers,
};

/** By figure: the share of worlds whose interval contained the truth. */
export function coverageOf(options: CoverageOptions): Covered {
  const counts = new Map(Object.keys(figures).map(name => [name, 0]));
  const deployments = options.routes.flatMap(route => route.deployments);
  for (let world = 0; world < options.worlds; world++) {
    const draws = new Draws(mixed(options.seed, world));
    const truth = Object.fromEntries(deployments.map(d => [d.id, drawnUpstream(draws)]));
    const rows = deployments.flatMap(d => attemptsOn(d, truth[d.id]!, options.ledgerRows, draws));
    const fitted = Object.fromEntries(deployments.map(d => [d.id, fitUpstream(d, rows)]));
    const columns = requestsOf(options, draws);
    const came = replayed(options, truth, columns, mixed(world, hashOf('truth')));
    const predicted = Array.from({ length: options.seeds }, (_, i) =>
      replayed(options, fitted, columns, i + 1),
    );
    for (const [name, of] of Object.entries(figures)) {
      const [least, most] = intervalOf(predicted.map(of))!;
      const value = of(came);
      if (value >= least && value <= most) counts.set(name, counts.get(name)! + 1);
    }
  }
  return Object.fromEntries([...counts].map(([name, n]) => [name, n / options.worlds]));
}

/** Known exactly, and drawn from a wide range. */
function drawnUpstream(draws: Draws): UpstreamModel {
  const between = (least: number, most: number) => {
    const median = least * (most / least) ** draws.next();
    return { median, logSd: 0 };
  };
  const share = between(0.01, 0.06).median;
  return {
    latency: {
      baseMs: between(200, 1500),
      prefillMsPerToken: between(0.03, 0.3),
      msPerOutputToken: between(5, 30),
      ttftCorrelation: 0,
      ttftSigma: between(0.2, 0.5).median,
      tokenSigma: between(0.05, 0.2).median,
    },
    errors: [
      {
        kind: 'server-error',
        share: { yes: share * 1e9, no: (1 - share) * 1e9 },
        retryAfterMs: null,
      },
    ],
    errorMs: between(30, 200),
    quota: { requestsPerMinute: null, tokensPerMinute: null },
    capacity: null,
    cache: null,
    assumed: [],
  };
}

/** What the true upstream did, one attempt after the other. */
function attemptsOn(
  { id }: Deployment,
  { latency, errors, errorMs }: UpstreamModel,
  count: number,
  draws: Draws,
): AttemptRow[] {
  const { yes, no } = errors[0]!.share;
  return Array.from({ length: count }, (_, i): AttemptRow => {
    const base = { deployment: id, startedAtMs: i * 1000, stream: true };
    if (draws.next() < yes / (yes + no)) {
      const none = { inputTokens: null, cachedReadTokens: null, outputTokens: null };
      const failed = { failure: 'server-error' as const, ttftMs: null, totalMs: errorMs.median };
      return { ...base, ...failed, ...none };
    }
    const inputTokens = inputOf(draws);
    const outputTokens = outputOf(draws);
    const { baseMs, prefillMsPerToken, msPerOutputToken, ttftSigma, tokenSigma } = latency;
    const readMs = baseMs.median + inputTokens * prefillMsPerToken.median;
    const ttftMs = readMs * Math.exp(ttftSigma * draws.normal());
    const restMs = outputTokens * msPerOutputToken.median;
    const totalMs = ttftMs + restMs * Math.exp(tokenSigma * draws.normal());
    const used = { inputTokens, cachedReadTokens: 0, outputTokens };
    return { ...base, failure: null, ttftMs, totalMs, ...used };
  });
}

function requestsOf({ requests: count }: CoverageOptions, draws: Draws): RequestColumns {
  let atMs = 0;
  return {
    count,
    atMs: Float64Array.from({ length: count }, () => (atMs -= 500 * Math.log(1 - draws.next()))),
    route: new Uint16Array(count),
    key: new Uint16Array(count),
    inputTokens: Uint32Array.from({ length: count }, () => inputOf(draws)),
    outputTokens: Uint32Array.from({ length: count }, () => outputOf(draws)),
    maxOutputTokens: new Uint32Array(count),
    flags: new Uint16Array(count).fill(1),
    prefix: null,
  };
}

function inputOf(draws: Draws): number {
  return Math.round(50 * 80 ** draws.next());
}

function outputOf(draws: Draws): number {
  return Math.round(20 * 30 ** draws.next());
}

function replayed(
  { routes }: CoverageOptions,
  upstreams: Readonly<Record<string, UpstreamModel>>,
  columns: RequestColumns,
  seed: number,
): Figures {
  const names = routes.map(route => route.name);
  const traffic = { routes: names, keys: ['key'], blockTokens: null, startUnixMs: null };
  const replay = createReplay({ traffic, routes, upstreams, seed });
  replay.push(columns);
  return figuresOf(replay.finish());
}
