// What a ledger tells of one upstream. What it does not tell stays as it is assumed of any.

import type { Deployment } from '@entrepot/engine/deployment';
import type { FailureKind } from '@entrepot/engine/outcome';
import { defaultUpstream } from '../upstream/default-model.ts';
import type { CacheModel, LatencyModel, Uncertain, UpstreamModel } from '../upstream/model.ts';
import type { AttemptRow } from './attempt-row.ts';
import { fitErrors } from './fit-errors.ts';
import { fitQuota } from './fit-quota.ts';
import { fitTtft } from './fit-ttft.ts';
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
  const { latency, said } = fitLatency(answers, assumed.latency);
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
      `${id}: as in ${answers.length} answers of the ledger, whatever its load was and will be`,
      ...said.map(sentence => `${id}: ${sentence}`),
    ],
  };
}

function fitLatency(
  answers: readonly AttemptRow[],
  assumed: LatencyModel,
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
  return { latency: { ...ttft, msPerOutputToken: token.mean, tokenSigma: token.sigma }, said: [] };
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
