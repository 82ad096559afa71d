// `npm run calibrate`: plays traffic live through the gateway on simulated clouds and the same in
// virtual time, and prints how far apart they are.
//
//   npm run calibrate                           ten minutes at 5 requests a second, twice
//   npm run calibrate -- --seconds 60 --rate 2
//
// Ends with 1 when cost is off by over 1 %, a quantile of latency by over 10 %, or availability by
// over 0.2 points.

import { parseArgs } from 'node:util';
import { calibrate } from './rehearse.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const outage = { fromMs: 400 * seconds, untilMs: 600 * seconds };
const { requests, live, replayed, off } = await calibrate({
  seconds,
  requestsPerSecond: Number(values.rate),
  mostOutputTokens: 1000,
  outage,
  seed: Number(values.seed),
  seeds: 10,
});
console.log(`${requests} requests, an outage of one cloud for a fifth of the time`);
const most = { costUsd: 0.01, availability: 0.002 } as const;
let isOff = false;
for (const name of Object.keys(live) as (keyof typeof live)[]) {
  const limit = name === 'costUsd' || name === 'availability' ? most[name] : 0.1;
  const isWithin = Math.abs(off[name]) <= limit;
  isOff ||= !isWithin;
  const shown = [live[name], replayed[name]].map(x => x.toPrecision(5).padStart(10)).join(' ');
  const percent = `${(100 * off[name]).toFixed(2)} %`.padStart(9);
  console.log(`${name.padEnd(13)} ${shown} ${percent} ${isWithin ? 'within' : 'OVER'} ${limit}`);
}
process.exitCode = isOff ? 1 : 0;
