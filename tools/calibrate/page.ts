// docs/calibration.md: how far replay is off, and how often its intervals hold, as measured.

import type { Summary } from './compare.ts';
import type { Covered } from './coverage.ts';
import type { Calibration, CalibrationOptions } from './rehearse.ts';

/** How far off each figure may be. */
export const limits: Readonly<Record<keyof Summary, number>> = {
  costUsd: 0.01,
  ttftMsP50: 0.1,
  ttftMsP95: 0.1,
  totalMsP50: 0.1,
  totalMsP95: 0.1,
  availability: 0.002,
};

export const names = Object.keys(limits) as readonly (keyof Summary)[];

export interface MeasuredPage {
  readonly date: string;
  readonly calibration: Calibration;
  readonly options: CalibrationOptions;
  readonly coverage: { readonly worlds: number; readonly covered: Covered };
}

export function pageOf({ date, calibration, options, coverage }: MeasuredPage): string {
  const { requests, live, replayed, off } = calibration;
  const { seconds, requestsPerSecond, seeds } = options;
  const rows = names.map(name => {
    const figures = [live[name], replayed[name]].map(x => x.toPrecision(5)).join(' | ');
    const unit = name === 'availability' ? 'points' : '%';
    return `| ${name} | ${figures} | ${percent(off[name])} ${unit} | ${percent(limits[name])} ${unit} |`;
  });
  const covers = Object.entries(coverage.covered).map(
    ([name, share]) => `| ${name} | ${percent(share)} % |`,
  );
  return `# How true what-if is

Written by \`npm run calibrate -- --write\` on ${date}. The tests
\`tools/calibrate/calibration.test.ts\` and \`tools/calibrate/coverage.test.ts\` hold the same in
small, and \`packages/replay/test/same/same-decisions.test.ts\` proves that gateway and replay take
the same decisions on the same inputs.

## Live against replayed

Traffic of the shape of the Azure conversation trace of 2023 is played live, in real time, through
a gateway over simulated clouds on loopback: ${seconds} seconds at
${requestsPerSecond} requests a second.
Upstreams are fitted to the ledger of that play. Other requests, with an outage of one cloud for a
fifth of the time, are then played live once more, and replayed in virtual time over the fitted
upstreams. The ledger of the second play, ${requests} requests, was not used for the fit. Replayed
figures are the mean of ${seeds} seeds.

| figure | live | replayed | off by | may be |
|---|---|---|---|---|
${rows.join('\n')}

The clouds are simulated ones: the figures tell how true the replay is where upstreams are what
they were fitted to, and nothing of how much real clouds change from one week to the next. The
second offer is 10 % dearer than the first and the third twice as dear, so that cost tells who
served, too. Where an outage ends just before or just after a circuit is probed, a moment decides
for minutes who serves: a single live play is then one draw of many, and the mean of the replays is
none of them.

## How often the 90 % interval holds

${coverage.worlds} worlds, each with two upstreams that are drawn at random: times, errors and their
noise. A ledger of 300 attempts on each is what is known of them. Then 500 other requests are
replayed with 19 seeds, and once with the true upstreams: that must lie within the interval in nine
worlds of ten.

| figure | interval held in |
|---|---|
${covers.join('\n')}

With 19 seeds or more the interval goes from the 5th to the 95th hundredth of the seeds by rank;
with fewer it is Student's. What the parameters do not hold (a quota that nobody met, an outage
that nobody foresees) is in no interval.
`;
}

function percent(share: number): string {
  return (100 * share)
    .toFixed(2)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0');
}
