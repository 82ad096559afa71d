// Proves that a plan, written as an offer, is what what-if then takes for how its hosts behave: the
// same requests, replayed on the planned offer alone, wait as long as the plan says.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { parse } from 'yaml';
import { runCommand } from '../command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrepot-own-offer-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

const model = 'meta/llama-3.3-70b-instruct';
const day = ['--as-of', '2026-11-23'];

/** Independent arrivals at ten a second, of lengths that differ by a factor of two or three. */
function trace(count: number): string {
  const random = seededRandom(7);
  const length = (mean: number): number => Math.round(mean * (0.4 + 1.2 * random()));
  let at = Date.UTC(2026, 0, 1);
  const rows = Array.from({ length: count }, () => {
    at -= 100 * Math.log(1 - random());
    const moment = new Date(at).toISOString().replace('T', ' ').slice(0, 23);
    return `${moment},${length(1500)},${length(300)}`;
  });
  return ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\n');
}

interface Seen {
  readonly ttftMs: { readonly p50: number; readonly p95: number };
  readonly totalMs: { readonly p50: number };
  readonly intervals: { readonly ttftMs: { readonly p50: [number, number] } };
}

async function replayed(offer: string, seeds: number): Promise<{ seen: Seen; assumed: string[] }> {
  const scenario = `${file('alone.yaml')}+${offer}`;
  const args = ['--traffic', file('trace.csv'), '--route', model, '--scenario', scenario, ...day];
  const json = file('report.json');
  const run = await runCommand(['what-if', ...args, '--seeds', String(seeds), '--json', json]);
  assert.equal(run.code, 0, run.stderr);
  const { scenarios, assumed } = JSON.parse(readFileSync(json, 'utf8'));
  return { seen: scenarios[0], assumed };
}

test('a plan as an offer answers in what-if as the plan says', async () => {
  writeFileSync(file('trace.csv'), trace(1500));
  writeFileSync(
    file('alone.yaml'),
    'id: alone\ntitle: Hosts of our own alone\nsource: hypothetical\nseenOn: 2026-11-23\n' +
      `offers:\n  remove:\n    - match: { model: ${model}, cloud: [aws, azure, google] }\n`,
  );
  const own = file('own.yaml');
  // Apart from saturation, where a little more load is much more waiting.
  const slo = ['--ttft-p95', '1s', '--tpot-p95', '60ms'];
  const wish = ['--model', 'llama-3.3-70b', '--traffic', file('trace.csv'), ...slo];
  const files = ['--accelerator', 'H100-SXM', '--as-offer', own, '--json', '-'];
  const planned = await runCommand(['plan', 'serve', ...wish, ...files, ...day]);
  assert.equal(planned.code, 0, planned.stderr);
  const { load } = JSON.parse(planned.stdout).plans[0];
  const text = readFileSync(own, 'utf8');
  const { predicted } = parse(text).offers.add[0];
  assert.ok(predicted.ttft.error > 0.1 && predicted.token.error > 0.05, 'with the fit’s error');
  assert.match(text, /^# First token: \d+ ms, 95 of 100 within \d+ ms\.$/m);

  // As if the plan were right: close to its percentiles.
  writeFileSync(file('right.yaml'), text.replace(/error: .*/g, 'error: 0'));
  const right = await replayed(file('right.yaml'), 2);
  const near = (ms: number, seconds: number, share: number, what: string): void => {
    assert.ok(
      Math.abs(ms / (seconds * 1000) - 1) < share,
      `${what}: ${ms} ms, ${seconds} s planned`,
    );
  };
  near(right.seen.ttftMs.p50, load.ttftSeconds.p50, 0.15, 'median TTFT');
  near(right.seen.ttftMs.p95, load.ttftSeconds.p95, 0.25, '95th percentile of TTFT');
  near(right.seen.totalMs.p50, load.totalSeconds.p50, 0.1, 'median of the whole');

  // With what such plans are wrong by: the plan is in the interval, and the report says why.
  const { seen, assumed } = await replayed(own, 8);
  const [least, most] = seen.intervals.ttftMs.p50;
  assert.ok(least < load.ttftSeconds.p50 * 1000 && load.ttftSeconds.p50 * 1000 < most);
  const said = assumed.find(sentence => sentence.includes('predicted by entrepot plan serve'));
  assert.match(said ?? '', new RegExp(`^openai-compatible/global/${model}: first token after`));
});
