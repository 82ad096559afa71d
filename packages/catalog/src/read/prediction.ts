// The `predicted` of an offer that a scenario adds: see ../prediction.ts for what each part means.

import type { Fields } from '../fields.ts';
import type { PredictedTime, Prediction } from '../prediction.ts';
import { readAmount } from './world-numbers.ts';

const timeFields = ['ms', 'spread', 'error', 'growth'];
const fields = ['by', 'requestsPerSecond', 'underWay', 'ttft', 'token'];

/** null where the offer has none. */
export function readPrediction(offer: Fields): Prediction | null {
  if (!offer.has('predicted')) return null;
  const predicted = offer.object('predicted', fields);
  const ttft = predicted.object('ttft', [...timeFields, 'msPerInputToken']);
  return {
    by: predicted.text('by'),
    requestsPerSecond: readAmount(predicted, 'requestsPerSecond'),
    underWay: readAmount(predicted, 'underWay'),
    ttft: { ...readTime(ttft), msPerInputToken: readAmount(ttft, 'msPerInputToken') },
    token: readTime(predicted.object('token', timeFields)),
  };
}

function readTime(time: Fields): PredictedTime {
  return {
    ms: readAmount(time, 'ms'),
    spread: readAmount(time, 'spread'),
    error: readAmount(time, 'error'),
    growth: readAmount(time, 'growth'),
  };
}
