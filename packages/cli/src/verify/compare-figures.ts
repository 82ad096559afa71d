// What was predicted beside what came. Sums are taken by the request, because no two weeks have the
// same traffic; how much it was is a figure of its own.

import type { Interval } from '@entrepot/replay/what-if/interval';
import type { Report, ReportedCase } from '../commands/policy/report-file.ts';
import { type Form, ms, percent, usd, whole } from '../what-if/figure-text.ts';
import type { Observed } from './observed.ts';

export interface Comparison {
  readonly figure: string;
  readonly predicted: number | null;
  readonly interval: Interval | null;
  readonly came: number | null;
  /** Came over predicted, less 1; null where one is unknown, or nothing was predicted. */
  readonly error: number | null;
  /** null where there is no interval, or nothing came. */
  readonly isInside: boolean | null;
  readonly form: Form;
}

/** Every figure that both have. */
export function compareFigures(
  { traffic }: Report,
  predicted: ReportedCase,
  came: Observed,
): readonly Comparison[] {
  const { intervals } = predicted;
  const byRequest = 1000 / traffic.requests;
  const byRequestCame = 1000 / came.requests;
  const scaled = (interval: Interval | null): Interval | null =>
    interval === null ? null : [interval[0] * byRequest, interval[1] * byRequest];
  const hours = (spanMs: number): number => Math.max(spanMs, 1) / 3_600_000;
  const rate = traffic.requests / hours(traffic.spanSeconds * 1000);
  const rateCame = came.requests / hours(came.lastMs - came.firstMs);
  return [
    row('requests an hour', rate, null, rateCame, whole),
    row(
      'cost of 1,000 requests',
      predicted.costUsd * byRequest,
      scaled(intervals.costUsd),
      came.costUsd * byRequestCame,
      usd,
    ),
    row('TTFT p50', predicted.ttftMs.p50, intervals.ttftMs.p50, came.ttftMs.p50, ms),
    row('TTFT p95', predicted.ttftMs.p95, intervals.ttftMs.p95, came.ttftMs.p95, ms),
    row('total time p50', predicted.totalMs.p50, intervals.totalMs.p50, came.totalMs.p50, ms),
    row('total time p95', predicted.totalMs.p95, intervals.totalMs.p95, came.totalMs.p95, ms),
    row(
      'availability',
      predicted.availability,
      intervals.availability,
      came.answered / came.requests,
      percent,
    ),
    row(
      'failovers of 1,000 requests',
      predicted.failovers * byRequest,
      scaled(intervals.failovers),
      came.failovers * byRequestCame,
      value => String(Math.round(value * 10) / 10),
    ),
    row('HHI by cloud', predicted.hhi, intervals.hhi, came.hhi, whole),
    ...shares(predicted, came),
  ];
}

function shares(predicted: ReportedCase, came: Observed): Comparison[] {
  const sum = Object.values(predicted.costByCloud).reduce((a, b) => a + b, 0);
  const clouds = new Set([...Object.keys(predicted.costByCloud), ...came.usdByCloud.keys()]);
  const share = (usdOf: number | undefined, all: number): number | null =>
    all === 0 ? null : (usdOf ?? 0) / all;
  return [...clouds]
    .sort()
    .map(cloud =>
      row(
        `spend at ${cloud === '' ? 'no cloud' : cloud}`,
        share(predicted.costByCloud[cloud], sum),
        null,
        share(came.usdByCloud.get(cloud), came.costUsd),
        percent,
      ),
    );
}

function row(
  figure: string,
  predicted: number | null,
  interval: Interval | null,
  came: number | null,
  form: Form,
): Comparison {
  const isKnown = predicted !== null && predicted !== 0 && came !== null;
  const isInside =
    interval === null || came === null ? null : came >= interval[0] && came <= interval[1];
  const error = isKnown ? came / predicted - 1 : null;
  return { figure, predicted, interval, came, error, isInside, form };
}
