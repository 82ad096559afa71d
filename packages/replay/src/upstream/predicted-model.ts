// How an upstream behaves that a plan has computed and nobody has measured: the plan's times at the
// plan's load, as uncertain as such plans were wrong where they could be checked.

import type { PredictedTime, Prediction } from '@entrepot/catalog/prediction';
import type { Deployment } from '@entrepot/engine/deployment';
import { defaultUpstream } from './default-model.ts';
import type { LoadModel, Uncertain, UpstreamModel } from './model.ts';

/** Half of a normal distribution is within so many deviations. */
const halfWithin = 0.6745;

/** What the plan does not say, failures and caches, stays as it is assumed of any. */
export function predictedUpstream(deployment: Deployment, predicted: Prediction): UpstreamModel {
  const assumed = defaultUpstream(deployment);
  const { ttft, token, underWay } = predicted;
  const of = (ms: number, { error }: PredictedTime): Uncertain => {
    return { median: ms, logSd: error / halfWithin };
  };
  const load = ({ growth }: PredictedTime): LoadModel | null =>
    growth === 0 ? null : { perRequest: { median: growth, logSd: 0 }, usual: underWay };
  const ttftLoad = load(ttft);
  const tokenLoad = load(token);
  return {
    ...assumed,
    latency: {
      baseMs: of(ttft.ms, ttft),
      prefillMsPerToken: of(ttft.msPerInputToken, ttft),
      // One prediction is wrong about both in the same way.
      ttftCorrelation: 1,
      msPerOutputToken: of(token.ms, token),
      ttftSigma: ttft.spread,
      tokenSigma: token.spread,
      ...(ttftLoad === null ? {} : { ttftLoad }),
      ...(tokenLoad === null ? {} : { tokenLoad }),
    },
    assumed: [predictionSaid(deployment, predicted), ...assumed.assumed.slice(1)],
  };
}

function predictionSaid({ offer }: Deployment, predicted: Prediction): string {
  const { by, requestsPerSecond, underWay, ttft, token } = predicted;
  const digits = (value: number): number => Number(value.toPrecision(3));
  const percent = ({ error }: PredictedTime): string => `${Math.round(100 * error)} %`;
  return (
    `${offer.id}: first token after ${digits(ttft.ms)} ms and ${digits(ttft.msPerInputToken)} ms ` +
    `for each token of input, then ${digits(token.ms)} ms for each token of output, with ` +
    `${digits(underWay)} requests under way (${digits(requestsPerSecond)} a second): predicted by ` +
    `${by}, half of such predictions within ${percent(ttft)} and ${percent(token)}`
  );
}
