// How fast requests are replayed with the whole engine on: circuits, quotas, retries, the lock-in
// cap and an outage. CPU time of this process, so that others on the machine count little. The
// threads of `what-if` have the same room for young objects as `npm run bench:replay` gives.
//
//   npm run bench:replay -- [--requests 2M]

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { findOffers } from '@entrepot/catalog/query';
import { usualWorld, type World } from '@entrepot/catalog/world';
import type { Deployment, Route } from '@entrepot/engine/deployment';
import { createReplay } from '@entrepot/replay/create-replay';
import type { ReplayOptions } from '@entrepot/replay/options';
import { defaultUpstream } from '@entrepot/replay/upstream/default-model';
import { draw } from '@entrepot/traffic/generate';
import { azureConversation2023 as profile } from '@entrepot/traffic/profile';
import { mostPerBatch, type RequestColumns } from '@entrepot/traffic/request-columns';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { marketOf } from '../packages/cli/src/market.ts';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '2M' } } });
const requests =
  Number(values.requests.replace(/M$/, '')) * (values.requests.endsWith('M') ? 1e6 : 1);
const requestsPerSecond = 200;

const models = ['openai/gpt-5.4-mini', 'anthropic/claude-haiku-4-5'];
const deployments = findOffers(marketOf('2026-08-21'), { model: models, region: 'global' })
  .filter(offer => offer.term === 'on-demand')
  .map((offer, priority): Deployment => {
    return { id: offer.id, offer, priority, expectedTtftMs: null };
  });
const constraints: Route['policy']['constraints'] = {
  maxTtftMs: null,
  residency: null,
  maxInputPicoUsd: null,
  maxOutputPicoUsd: null,
  maxShare: 0.6,
};
const routes: Route[] = [
  { name: 'any', policy: { objective: 'balanced', constraints }, deployments },
];
const world: World = {
  ...usualWorld,
  outages: [
    {
      place: { file: 'bench/replay.ts', line: 1 },
      match: { cloud: 'azure' },
      window: { clock: 'since-start', fromMs: 600_000, untilMs: 3_600_000 },
      errorShare: { least: 0.5, most: 0.5 },
      kinds: ['server-error', 'overloaded'],
      slowFactor: { least: 1, most: 1 },
      recoveryMs: 600_000,
      cause: null,
    },
  ],
};
const options: ReplayOptions = {
  traffic: { routes: ['any'], keys: ['key'], blockTokens: null, startUnixMs: null },
  routes,
  world,
  seed: 1,
  upstreams: Object.fromEntries(
    deployments.map(deployment => {
      const quota = { requestsPerMinute: 15_000, tokensPerMinute: 30_000_000 };
      return [deployment.id, { ...defaultUpstream(deployment), quota }];
    }),
  ),
};

const random = seededRandom(1);
let atMs = 0;

/** Made while the clock of the benchmark stands. */
function nextColumns(count: number): RequestColumns {
  const { inputTokens, outputTokens } = profile;
  return {
    count,
    atMs: Float64Array.from({ length: count }, () => {
      atMs -= (1000 / requestsPerSecond) * Math.log(1 - random());
      return atMs;
    }),
    route: new Uint16Array(count),
    key: new Uint16Array(count),
    inputTokens: Uint32Array.from({ length: count }, () => draw(inputTokens, random())),
    outputTokens: Uint32Array.from({ length: count }, () => draw(outputTokens, random())),
    maxOutputTokens: new Uint32Array(count),
    flags: new Uint16Array(count).fill(1),
    prefix: null,
  };
}

const spent = { cpuUs: 0, wallMs: 0, bytes: 0 };
function timed<T>(run: () => T): T {
  const before = { cpu: process.cpuUsage(), wall: performance.now(), bytes: allocatedBytes() };
  const result = run();
  const { user, system } = process.cpuUsage(before.cpu);
  spent.cpuUs += user + system;
  spent.wallMs += performance.now() - before.wall;
  spent.bytes += allocatedBytes() - before.bytes;
  return result;
}

function allocatedBytes(): number {
  return getHeapStatistics().total_allocated_bytes;
}

const replay = createReplay(options);
for (let done = 0; done < requests; done += mostPerBatch) {
  const columns = nextColumns(Math.min(mostPerBatch, requests - done));
  timed(() => replay.push(columns));
}
const result = timed(() => replay.finish());
const per = (amount: number): number => amount / result.requests;
const rate = (us: number): string => Math.round(1e6 / us).toLocaleString('en');
console.log(
  `${result.requests} requests over ${deployments.length} deployments, ${cpus()[0]?.model}`,
);
console.log(
  `CPU       ${per(spent.cpuUs).toFixed(2)} us a request: ${rate(per(spent.cpuUs))} a second`,
);
console.log(`wall      ${rate(per(1000 * spent.wallMs))} requests a second`);
console.log(`allocated ${Math.round(per(spent.bytes))} bytes a request`);
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(`memory    ${rssMb} MB at most, with the traffic's batches`);
console.log(
  `attempts  ${result.attempts}, failovers ${result.failovers}, throttled ${result.throttled}`,
);
