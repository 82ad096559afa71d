import type { Traffic } from './request-columns.ts';

/**
 * One request of a trace: when it came and how long it and its answer were. Nothing of its text.
 */
export interface TracedRequest {
  /** Milliseconds since the first request of the trace. */
  readonly atMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The requests before a moment, one by one: for few of them. */
export async function tracedRequests(traffic: Traffic, untilMs: number): Promise<TracedRequest[]> {
  const requests: TracedRequest[] = [];
  for await (const { count, atMs, inputTokens, outputTokens } of traffic.batches) {
    for (let i = 0; i < count; i++) {
      if (atMs[i]! >= untilMs) return requests;
      const lengths = { inputTokens: inputTokens[i]!, outputTokens: outputTokens[i]! };
      requests.push({ atMs: atMs[i]!, ...lengths });
    }
  }
  return requests;
}
