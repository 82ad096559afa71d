// `npm run calibrate`: plays traffic live through the gateway on simulated clouds and the same in
// virtual time, and counts how often intervals hold.
//
//   npm run calibrate                           ten minutes at 5 requests a second, twice
//   npm run calibrate -- --seconds 60 --rate 2 --worlds 50
//   npm run calibrate -- --write                keeps the figures in docs/calibration.md
//
// Ends with 1 when cost is off by over 1 %, a quantile of latency by over 10 %, availability by
// over 0.2 points, or an interval holds in less than 85 or more than 95 of a hundred worlds.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coverageOf } from './coverage.ts';
import { coveredRoutes } from './covered-routes.ts';
import { limits, names, pageOf } from './page.ts';
import { type CalibrationOptions, calibrate } from './rehearse.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '300' },
    write: { type: 'boolean', default: false },
  },
});
let isOff = false;

const worlds = Number(values.worlds);
const seed = Number(values.seed);
const known = { ledgerRows: 300, requests: 500, seeds: 19, routes: coveredRoutes };
const covered = coverageOf({ ...known, worlds, seed });
console.log(`${worlds} worlds, of which the 90 % interval held the truth:`);
for (const [name, share] of Object.entries(covered)) {
  const isWithin = share >= 0.85 && share <= 0.95;
  isOff ||= !isWithin;
  console.log(
    `${name.padEnd(13)} ${(100 * share).toFixed(1).padStart(6)} % ${isWithin ? '' : 'OFF'}`,
  );
}

const seconds = Number(values.seconds);
const options: CalibrationOptions = {
  seconds,
  requestsPerSecond: Number(values.rate),
  mostOutputTokens: 1000,
  outage: { fromMs: 400 * seconds, untilMs: 600 * seconds },
  seed,
  seeds: 10,
};
const calibration = await calibrate(options);
const { requests, live, replayed, off } = calibration;
console.log(`${requests} requests, an outage of one cloud for a fifth of the time: live, replayed`);
for (const name of names) {
  const isWithin = Math.abs(off[name]) <= limits[name];
  isOff ||= !isWithin;
  const shown = [live[name], replayed[name]].map(x => x.toPrecision(5).padStart(10)).join(' ');
  const percent = `${(100 * off[name]).toFixed(2)} %`.padStart(9);
  console.log(`${name.padEnd(13)} ${shown} ${percent} ${isWithin ? 'within' : 'OVER'}`);
}
if (values.write) {
  const date = new Date().toISOString().slice(0, 10);
  const page = pageOf({ date, calibration, options, coverage: { worlds, covered } });
  writeFileSync(join(import.meta.dirname, '../../docs/calibration.md'), page);
}
process.exitCode = isOff ? 1 : 0;
