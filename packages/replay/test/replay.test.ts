// Proves what a replay makes of requests: whole answers with their times and costs, failover when
// an upstream is down, refusal where no offer can serve, the same bytes for the same seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualWorld, type World } from '@entrepot/catalog/world';
import { UnknownRouteError } from '@entrepot/engine/unknown-route';
import { deployment, route } from '../../engine/test/fleet.ts';
import { createReplay } from '../src/create-replay.ts';
import { toUsd } from '../src/result/amount.ts';
import { quantileOf } from '../src/result/sketch.ts';
import { columns, head, replayed, upstream } from './traffic.ts';

const aws = deployment('aws', {}, { priority: 0 });
const azure = deployment('azure', {}, { priority: 1 });
const both = { aws: upstream(), azure: upstream() };

test('a request takes what its tokens take, and costs what the offer says', () => {
  const result = replayed([route([aws, azure])], columns(100, 1000), { upstreams: both });
  assert.equal(result.requests, 100);
  assert.equal(result.answered, 100);
  assert.equal(
    toUsd(result.paid.cost).toFixed(6),
    (100 * (1000 * 2.5e-6 + 200 * 10e-6)).toFixed(6),
  );
  const [ttftMs, totalMs] = [quantileOf(result.ttft, 0.5)!, quantileOf(result.total, 0.5)!];
  assert.ok(Math.abs(ttftMs / 300 - 1) < 0.01, `ttft ${ttftMs}`);
  assert.ok(Math.abs(totalMs / 2300 - 1) < 0.01, `total ${totalMs}`);
  assert.deepEqual(
    result.deployments.map(d => d.answered),
    [100, 0],
  );
});

const outage: World = {
  ...usualWorld,
  outages: [
    {
      place: { file: 'a test', line: 1 },
      match: { cloud: 'aws' },
      window: { clock: 'since-start', fromMs: 20_000, untilMs: 60_000 },
      errorShare: { least: 1, most: 1 },
      kinds: ['server-error'],
      slowFactor: { least: 1, most: 1 },
      recoveryMs: 0,
      cause: null,
    },
  ],
};

test('callers do not see the outage of one cloud while another stands ready', () => {
  const options = { upstreams: both, world: outage };
  const result = replayed([route([aws, azure])], columns(1000, 100), options);
  assert.equal(result.answered, 1000);
  assert.ok(result.failovers >= 5, 'those before the circuit opened were mended');
  assert.ok(result.failovers < 60, `the circuit kept others from failing: ${result.failovers}`);
  assert.ok(result.deployments[1]!.answered > 300);
});

test('who waits in silence at an upstream whose circuit opens goes elsewhere at once', () => {
  const [down] = outage.outages as [World['outages'][0]];
  const window = { ...down.window, fromMs: 0 };
  const world = { ...usualWorld, outages: [{ ...down, window, kinds: ['first-byte-timeout'] }] };
  const settings = { patience: { unmeasuredMs: 20_000, prefillMsPerToken: 0 } };
  const options = { upstreams: both, world: world as World, settings };
  const result = replayed([route([aws, azure])], columns(300, 100), options);
  assert.equal(result.answered, 300);
  const longest = quantileOf(result.total, 1)!;
  assert.ok(Math.abs(longest / 22_310 - 1) < 0.02, `the first waited to the end: ${longest}`);
  const middle = quantileOf(result.total, 0.5)!;
  const left = 20_400 - 15_000 + 2_300;
  assert.ok(Math.abs(middle / left - 1) < 0.05, `others left when the fifth had failed: ${middle}`);
});

test('without a substitute they do', () => {
  const result = replayed([route([aws])], columns(1000, 100), { upstreams: both, world: outage });
  assert.ok(result.failed > 250 && result.failed < 1000, `${result.failed} failed`);
  assert.equal(result.answered + result.failed, 1000);
});

test('a request that no offer can serve is refused, and nothing is sent', () => {
  const flags = new Uint16Array(10).fill(1 << 4);
  const result = replayed([route([aws])], columns(10, 100, { flags }), { upstreams: both });
  assert.equal(result.refused, 10);
  assert.equal(result.attempts, 0);
});

test('the same seed gives the same bytes, another seed others', () => {
  const bytes = (seed: number): string =>
    JSON.stringify(replayed([route([aws, azure], 'balanced')], columns(5000, 20), { seed }));
  assert.equal(bytes(7), bytes(7));
  assert.notEqual(bytes(7), bytes(8));
});

test('parameters that are not known are drawn by the seed, or taken at their middle', () => {
  const { latency } = upstream();
  const unsure = upstream({ latency: { ...latency, baseMs: { median: 300, logSd: 0.5 } } });
  const ttftMs = (seed: number, parameters: 'drawn' | 'median'): number => {
    const options = { upstreams: { aws: unsure }, seed, parameters };
    return quantileOf(replayed([route([aws])], columns(10, 1000), options).ttft, 0.5)!;
  };
  assert.notEqual(ttftMs(1, 'drawn'), ttftMs(2, 'drawn'));
  assert.equal(ttftMs(1, 'median'), ttftMs(2, 'median'));
  assert.ok(Math.abs(ttftMs(1, 'median') / 300 - 1) < 0.01);
});

test('a route that is not there is an error before anything is replayed', () => {
  const traffic = { ...head, routes: ['caht'] };
  assert.throws(
    () => createReplay({ traffic, routes: [route([aws])], seed: 1 }),
    UnknownRouteError,
  );
});
