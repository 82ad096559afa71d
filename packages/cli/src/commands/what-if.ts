// `entrepot what-if`: real traffic, replayed through the gateway's decisions in changed worlds.

import type { Command, CommandInput, Output } from '../command.ts';
import { compare } from '../what-if/compare.ts';
import { openQuality } from '../what-if/quality-floor.ts';
import { reportWithQuality } from '../what-if/quality-report.ts';
import { showReport } from '../what-if/show-report.ts';
import { withTrafficFile } from '../what-if/traffic-file.ts';
import { countOf, readSpec, specHelp, specOptions } from '../what-if/what-if-spec.ts';
import { reportHelp, reportOptions, writeReport } from '../what-if/write-report.ts';

const help = `Usage: entrepot what-if --traffic ledger|FILE --scenario NAME|FILE [--scenario ...]

What would this traffic have cost, how well would it have run, and how locked in would it be, in a
changed world? Requests are replayed in virtual time through the decisions that serve them. Base
and scenarios stand side by side, each figure with its interval, then why the cost changes.
"entrepot scenario list" lists scenarios; a+b is two at once.

${specHelp}
  --scenario S      a scenario by name or file; may be given several times
  --threads N       replays at the same time (one for each processor)
${reportHelp}

Ctrl-C stops and reports what was replayed so far, labelled as partial; then the exit code is 130.

Example: entrepot what-if --traffic trace.csv --scenario openai-outage --scenario lock-in-cap`;

export const whatIf: Command = {
  name: 'what-if',
  summary: 'Replay traffic through the decisions of the gateway, in changed worlds.',
  help,
  options: { ...specOptions, ...reportOptions, threads: { type: 'string' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const spec = readSpec(input, 20);
  const threads = threadsOf(input);
  const seeds = Array.from({ length: spec.seeds }, (_, i) => i + 1);
  const { compared, results, isPartial, performance } = await withTrafficFile(spec, file =>
    compare(spec, file, seeds, threads, output),
  );
  const comparison = { ...compared, results, isPartial, performance };
  const report = reportWithQuality(comparison, openQuality(spec.quality));
  writeReport(report, showReport(report), input, output);
  return isPartial ? 130 : 0;
}

export function threadsOf({ values }: CommandInput): number | null {
  const { threads } = values;
  return typeof threads === 'string' ? countOf('--threads', threads, 1, 256) : null;
}
