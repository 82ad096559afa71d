// Draws traffic of a profile's shape: Poisson arrivals under a rate that wanders from minute to
// minute, and token counts from the profile's quantiles. The same seed gives the same traffic.

import { exponential, normal, type Random } from './distributions.ts';
import type { Quantiles, TrafficProfile } from './profile.ts';
import type { TracedRequest } from './traced-request.ts';

/** The requests of the first `seconds` of traffic, ascending in time. */
export function generate(
  profile: TrafficProfile,
  seconds: number,
  random: Random,
): TracedRequest[] {
  const requests: TracedRequest[] = [];
  const rates = minuteRates(profile, Math.ceil(seconds / 60), random);
  let atSeconds = 0;
  for (;;) {
    const rate = rates[Math.floor(atSeconds / 60)] ?? profile.requestsPerSecond;
    atSeconds += exponential(random) / rate;
    if (atSeconds >= seconds) return requests;
    requests.push({
      atMs: atSeconds * 1000,
      inputTokens: draw(profile.inputTokens, random()),
      outputTokens: draw(profile.outputTokens, random()),
    });
  }
}

/** A log-normal rate per minute that remembers the minute before (first-order autoregression). */
function minuteRates(profile: TrafficProfile, minutes: number, random: Random): number[] {
  const { requestsPerSecond, minuteRateVariation, minuteRateCorrelation: memory } = profile;
  const sigma = Math.sqrt(Math.log(1 + minuteRateVariation ** 2));
  const rates: number[] = [];
  let state = normal(random);
  for (let minute = 0; minute < minutes; minute++) {
    rates.push(requestsPerSecond * Math.exp(sigma * state - sigma ** 2 / 2));
    state = memory * state + Math.sqrt(1 - memory ** 2) * normal(random);
  }
  return rates;
}

/** The value at `share` of a distribution, straight between its points; a whole number >= 1. */
export function draw(quantiles: Quantiles, share: number): number {
  let [lowShare, lowValue] = quantiles[0]!;
  for (const [highShare, highValue] of quantiles) {
    if (share <= highShare) {
      const width = highShare - lowShare;
      const part = width === 0 ? 0 : (share - lowShare) / width;
      return Math.max(1, Math.round(lowValue + part * (highValue - lowValue)));
    }
    [lowShare, lowValue] = [highShare, highValue];
  }
  return Math.max(1, Math.round(lowValue));
}
