// What a ledger tells of one upstream. What it does not tell stays as it is assumed of any.

import type { Deployment } from '@entrepot/engine/deployment';
import type { FailureKind } from '@entrepot/engine/outcome';
import { defaultUpstream } from '../upstream/default-model.ts';
import type {
  CacheModel,
  LatencyModel,
  LoadModel,
  Uncertain,
  UpstreamModel,
} from '../upstream/model.ts';
import type { AttemptRow } from './attempt-row.ts';
import { fitErrors } from './fit-errors.ts';
import { fitLoad, type Residual } from './fit-load.ts';
import { fitQuota } from './fit-quota.ts';
import { fitTtft } from './fit-ttft.ts';
import { type Load, loadsOf } from './in-flight.ts';
import { deviationOf } from './moments.ts';

/** Fewer answers tell of nothing but themselves. */
const leastAnswers = 20;

/** These say when they end, and nothing of how fast errors are told. */
const silent: ReadonlySet<FailureKind | null> = new Set<FailureKind | null>([
  null,
  'connect-timeout',
  'first-byte-timeout',
  'stall',
  'truncated',
  'client-closed',
]);

/** `rows` are all attempts on any deployment; those of this one are taken. */
export function fitUpstream(deployment: Deployment, rows: readonly AttemptRow[]): UpstreamModel {
  const assumed = defaultUpstream(deployment);
  const own = rows.filter(row => row.deployment === deployment.id);
  const answers = own.filter(row => row.failure === null && row.outputTokens !== null);
  if (answers.length < leastAnswers) return assumed;
  const loads = loadsOf(own);
  const loadOf = new Map(own.map((row, i) => [row, loads[i]!]));
  const { latency, said } = fitLatency(answers, assumed.latency, loadOf);
  const quota = fitQuota(own);
  const told = own.filter(row => !silent.has(row.failure)).map(row => Math.max(1, row.totalMs));
  const { id } = deployment.offer;
  return {
    latency,
    errors: fitErrors(own, quota.requestsPerMinute !== null || quota.tokensPerMinute !== null),
    errorMs: told.length === 0 ? assumed.errorMs : logNormal(told).mean,
    quota,
    capacity: null,
    cache: assumed.cache === null ? null : fitCache(answers, assumed.cache),
    assumed: [
      `${id}: as in ${answers.length} answers of the ledger`,
      ...loadSaid(latency).map(sentence => `${id}: ${sentence}`),
      ...said.map(sentence => `${id}: ${sentence}`),
    ],
  };
}

function fitLatency(
  answers: readonly AttemptRow[],
  assumed: LatencyModel,
  loadOf: ReadonlyMap<AttemptRow, Load>,
): { latency: LatencyModel; said: string[] } {
  const streams = answers.filter(
    ({ stream, ttftMs, totalMs }) => stream && ttftMs !== null && ttftMs > 0 && ttftMs < totalMs,
  );
  if (streams.length < leastAnswers) {
    const said = ['few of its answers were streamed: the time to first token is assumed'];
    return { latency: fitWhole(answers, assumed), said };
  }
  const measured = streams.map(row => ({
    freshTokens: (row.inputTokens ?? 0) - (row.cachedReadTokens ?? 0),
    ttftMs: row.ttftMs!,
  }));
  const perToken = streams
    .filter(({ outputTokens }) => outputTokens! > 0)
    .map(({ totalMs, ttftMs, outputTokens }) => (totalMs - ttftMs!) / outputTokens!);
  const token = logNormal(perToken);
  const ttft = fitTtft(measured, assumed.prefillMsPerToken);
  const latency = { ...ttft, msPerOutputToken: token.mean, tokenSigma: token.sigma };
  return { latency: withLoad(latency, streams, loadOf), said: [] };
}

/** With how times grow with load, where the ledger shows it. */
function withLoad(
  latency: LatencyModel,
  streams: readonly AttemptRow[],
  loadOf: ReadonlyMap<AttemptRow, Load>,
): LatencyModel {
  const { baseMs, prefillMsPerToken, msPerOutputToken } = latency;
  const residuals = (expectedOf: (row: AttemptRow) => number, of: (row: AttemptRow) => number) =>
    streams.flatMap((row): Residual[] => {
      const log = Math.log(of(row) / expectedOf(row));
      return Number.isFinite(log) ? [{ ...loadOf.get(row)!, atMs: row.startedAtMs, log }] : [];
    });
  const ttft = fitLoad(
    residuals(
      row =>
        baseMs.median +
        prefillMsPerToken.median * ((row.inputTokens ?? 0) - (row.cachedReadTokens ?? 0)),
      row => row.ttftMs!,
    ),
  );
  const token = fitLoad(
    residuals(
      row => msPerOutputToken.median * row.outputTokens!,
      row => row.totalMs - row.ttftMs!,
    ),
  );
  const by = ({ median, logSd }: Uncertain, factor: number): Uncertain => ({
    median: median * factor,
    logSd,
  });
  return {
    ...latency,
    ...(ttft === null
      ? {}
      : {
          baseMs: by(baseMs, Math.exp(ttft.shift)),
          prefillMsPerToken: by(prefillMsPerToken, Math.exp(ttft.shift)),
          ttftSigma: ttft.sigma,
          ttftLoad: ttft.load,
        }),
    ...(token === null
      ? {}
      : {
          msPerOutputToken: by(msPerOutputToken, Math.exp(token.shift)),
          tokenSigma: token.sigma,
          tokenLoad: token.load,
        }),
  };
}

/** What holds of load, in words. */
function loadSaid({ ttftLoad, tokenLoad }: LatencyModel): string[] {
  const grows = (what: string, { perRequest, usual }: LoadModel): string => {
    const share = (100 * perRequest.median) / (1 + perRequest.median * usual);
    return `${what} by ${share.toPrecision(2)} %, from ${usual.toPrecision(2)} on`;
  };
  const said = [
    ...(ttftLoad === undefined ? [] : [grows('the time to first token', ttftLoad)]),
    ...(tokenLoad === undefined ? [] : [grows('the time for each token', tokenLoad)]),
  ];
  if (said.length === 0) return ['it answers as fast under any load: the ledger shows no other'];
  return [`with each further request under way ${said.join(' and ')}, also beyond what was seen`];
}

/** Answers that came as a whole: what is left after the first token was its tokens. */
function fitWhole(answers: readonly AttemptRow[], assumed: LatencyModel): LatencyModel {
  const { baseMs, prefillMsPerToken } = assumed;
  const rest = answers.flatMap(({ totalMs, inputTokens, outputTokens }) => {
    const ttftMs = baseMs.median + (inputTokens ?? 0) * prefillMsPerToken.median;
    return outputTokens! > 0 && totalMs > ttftMs ? [(totalMs - ttftMs) / outputTokens!] : [];
  });
  if (rest.length < leastAnswers) return assumed;
  const token = logNormal(rest);
  return { ...assumed, msPerOutputToken: token.mean, tokenSigma: token.sigma };
}

/** The median with what its samples leave open, and how much one differs from the next. */
function logNormal(samples: readonly number[]): { mean: Uncertain; sigma: number } {
  const logs = samples.map(x => Math.log(Math.max(x, 1e-6)));
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
  const sigma = deviationOf(logs.map(x => x - mean));
  const logSd = sigma / Math.sqrt(Math.max(1, logs.length - 1));
  return { mean: { median: Math.exp(mean), logSd }, sigma };
}

function fitCache(answers: readonly AttemptRow[], cache: CacheModel): CacheModel {
  let input = 0;
  let read = 0;
  for (const { inputTokens, cachedReadTokens } of answers) {
    if ((inputTokens ?? 0) < cache.leastTokens) continue;
    input += inputTokens ?? 0;
    read += cachedReadTokens ?? 0;
  }
  return { ...cache, assumedReadShare: input === 0 ? 0 : read / input };
}
