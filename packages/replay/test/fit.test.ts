// Proves that what is fitted to attempts is what made them: times, errors and quotas; and that what
// is not known well is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployment } from '../../engine/test/fleet.ts';
import { Draws } from '../src/draws.ts';
import type { AttemptRow } from '../src/fit/attempt-row.ts';
import { fitUpstream } from '../src/fit/fit-upstream.ts';
import { defaultUpstream } from '../src/upstream/default-model.ts';
import type { Uncertain } from '../src/upstream/model.ts';

const aws = deployment('aws');

function rows(count: number, seed: number, everyMs = 1000): AttemptRow[] {
  const draws = new Draws(seed);
  return Array.from({ length: count }, (_, i) => {
    const inputTokens = Math.round(100 + 4000 * draws.next());
    const outputTokens = Math.round(20 + 300 * draws.next());
    const ttftMs = (400 + inputTokens * 0.08) * Math.exp(0.3 * draws.normal());
    const totalMs = ttftMs + outputTokens * 12 * Math.exp(0.1 * draws.normal());
    const failure = draws.next() < 0.02 ? 'server-error' : null;
    const told = { inputTokens, cachedReadTokens: 0, outputTokens };
    const none = { inputTokens: null, cachedReadTokens: null, outputTokens: null };
    return {
      deployment: 'aws',
      startedAtMs: i * everyMs,
      stream: true,
      failure,
      ttftMs: failure === null ? ttftMs : null,
      totalMs: failure === null ? totalMs : 40,
      ...(failure === null ? told : none),
    };
  });
}

function assertWithin({ median, logSd }: Uncertain, truth: number, name: string): void {
  const off = Math.abs(Math.log(median / truth));
  assert.ok(off < 3 * logSd + 1e-9, `${name} is ${median} (+/- ${logSd}), made with ${truth}`);
}

test('what made the attempts is found again, as closely as is said', () => {
  const { latency, errors, errorMs } = fitUpstream(aws, rows(2000, 3));
  assertWithin(latency.baseMs, 400, 'base');
  assertWithin(latency.prefillMsPerToken, 0.08, 'prefill');
  assertWithin(latency.msPerOutputToken, 12, 'token');
  assert.ok(latency.baseMs.logSd < 0.05 && latency.ttftCorrelation < -0.5);
  assert.ok(Math.abs(latency.ttftSigma - 0.3) < 0.02 && Math.abs(latency.tokenSigma - 0.1) < 0.01);
  assert.equal(errorMs.median.toFixed(3), '40.000');
  const [{ kind, share }] = errors as [(typeof errors)[0]];
  assert.equal(kind, 'server-error');
  assert.ok(Math.abs(share.yes / (share.yes + share.no) - 0.02) < 0.01);
});

test('fewer attempts tell less, and none tell nothing', () => {
  const many = fitUpstream(aws, rows(2000, 3)).latency.baseMs.logSd;
  const few = fitUpstream(aws, rows(60, 3)).latency.baseMs.logSd;
  assert.ok(few > 3 * many);
  assert.deepEqual(fitUpstream(aws, []), defaultUpstream(aws));
});

test('where all prompts are as long, nothing is told of reading them', () => {
  const same = rows(500, 4).map(row => ({ ...row, inputTokens: row.inputTokens && 1000 }));
  const { prefillMsPerToken } = fitUpstream(aws, same).latency;
  assert.ok(prefillMsPerToken.logSd > 0.4, `${prefillMsPerToken.logSd}`);
});

test('errors that come in bursts tell less of their share than as many that do not', () => {
  const spread = rows(6000, 5).map((row, i) => ({ ...row, failure: fails(i % 100 === 0) }));
  const burst = spread.map((row, i) => ({ ...row, failure: fails(i >= 3000 && i < 3060) }));
  const known = (all: AttemptRow[]): number => fitUpstream(aws, all).errors[0]!.share.yes;
  assert.ok(known(burst) < 0.1 * known(spread), `${known(burst)}, ${known(spread)}`);
});

function fails(yes: boolean): AttemptRow['failure'] {
  return yes ? 'server-error' : null;
}

test('a quota is found in the minutes that met it', () => {
  const limited = rows(4000, 6, 500).map((row, i) => {
    const isBusy = Math.floor(i / 120) % 3 === 0;
    const over = isBusy && i % 120 >= 90;
    return { ...row, failure: over ? ('rate-limit' as const) : row.failure };
  });
  const calm = limited.filter((_, i) => Math.floor(i / 120) % 3 === 0 || i % 2 === 0);
  const { quota, errors } = fitUpstream(aws, calm);
  assert.ok(Math.abs(quota.requestsPerMinute! - 90) <= 1, `${quota.requestsPerMinute}`);
  assert.deepEqual(
    errors.map(error => error.kind),
    ['server-error'],
  );
});
