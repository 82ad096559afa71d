// `entrepot what-if`: real traffic, replayed through the gateway's decisions in changed worlds.

import type { Command, CommandInput, Output } from '../command.ts';
import { partHelp, partOptions, replayed } from '../what-if/part-option.ts';
import { openQuality } from '../what-if/quality-floor.ts';
import { reportWithQuality } from '../what-if/quality-report.ts';
import { reportPage } from '../what-if/report-page.ts';
import { showReport } from '../what-if/show-report.ts';
import { readSpec, specHelp, specOptions } from '../what-if/what-if-spec.ts';
import { reportHelp, reportOptions, writeReport } from '../what-if/write-report.ts';

const help = `Usage: entrepot what-if --traffic ledger|FILE --scenario NAME|FILE [--scenario ...]

What would this traffic have cost, how well would it have run, and how locked in would it be, in a
changed world? Requests are replayed in virtual time through the decisions that serve them. Base
and scenarios stand side by side, each figure with its interval, then why the cost changes.
"entrepot scenario list" lists scenarios; a+b is two at once.

${specHelp}
  --scenario S      a scenario by name or file; may be given several times
${partHelp}
${reportHelp}

Further: what-if sweep, commit, fit, backtest, verify, sample, merge (each has its --help).

Ctrl-C stops and reports what was replayed so far, labelled as partial; then the exit code is 130.

Example: entrepot what-if --traffic trace.csv --scenario openai-outage --scenario lock-in-cap`;

/** Enough for intervals by rank: see packages/replay/src/what-if/interval.ts. */
const usualSeeds = 20;

export const whatIf: Command = {
  name: 'what-if',
  summary: 'Replay traffic through the decisions of the gateway, in changed worlds.',
  help,
  options: { ...specOptions, ...partOptions, ...reportOptions },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const spec = readSpec(input, usualSeeds);
  const quality = openQuality(spec.quality);
  const found = await replayed(['what-if'], spec, input, output);
  if (found === null) return 0;
  const report = reportWithQuality({ ...found.compared, ...found }, quality);
  writeReport(report, showReport(report, output.width), reportPage, input, output);
  return found.isPartial ? 130 : 0;
}
