// What a trace looks like in a few figures: enough to draw traffic of the same shape from a seed.

/** Points of a distribution: [share of requests at or below, value], ascending from 0 to 1. */
export type Quantiles = readonly (readonly [share: number, value: number])[];

export interface TrafficProfile {
  readonly name: string;
  /** Where the figures are from, and how they were fitted. */
  readonly source: string;
  readonly requestsPerSecond: number;
  /** Standard deviation of the per-minute rate over its mean. */
  readonly minuteRateVariation: number;
  /** Correlation of the rate of one minute with that of the next. */
  readonly minuteRateCorrelation: number;
  readonly inputTokens: Quantiles;
  readonly outputTokens: Quantiles;
}

/**
 * The conversation service of the Azure LLM inference trace of 2023 (Patel et al., "Splitwise",
 * ISCA 2024; AzurePublicDataset, CC-BY 4.0): 19,366 requests in 3,502 s on 2023-11-16. Fitted here
 * by reading off quantiles; the per-minute rate's variation is the variance of minute counts beyond
 * Poisson's. Input and output lengths are drawn independently: their rank correlation is 0.07.
 */
export const azureConversation2023: TrafficProfile = {
  name: 'azure-conversation-2023',
  source: 'Azure LLM inference trace 2023, conversation (AzurePublicDataset, CC-BY 4.0)',
  requestsPerSecond: 5.53,
  minuteRateVariation: 0.21,
  minuteRateCorrelation: 0.81,
  inputTokens: [
    [0, 2],
    [0.01, 29],
    [0.05, 181],
    [0.1, 207],
    [0.2, 387],
    [0.3, 403],
    [0.4, 703],
    [0.5, 1020],
    [0.6, 1071],
    [0.7, 1130],
    [0.75, 1189],
    [0.8, 1315],
    [0.9, 2734],
    [0.95, 4083],
    [0.99, 4142],
    [0.999, 6212],
    [1, 14050],
  ],
  outputTokens: [
    [0, 7],
    [0.01, 16],
    [0.05, 41],
    [0.1, 54],
    [0.2, 77],
    [0.3, 91],
    [0.4, 103],
    [0.5, 129],
    [0.6, 177],
    [0.7, 384],
    [0.8, 400],
    [0.9, 424],
    [0.95, 451],
    [0.99, 601],
    [0.999, 954],
    [1, 1000],
  ],
};
