// `entrepot what-if sweep`: one traffic under many policies.

import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { partHelp, partOptions, replayed } from '../../what-if/part-option.ts';
import { openQuality } from '../../what-if/quality-floor.ts';
import { reportWithQuality } from '../../what-if/quality-report.ts';
import { showSweep, sweepPage } from '../../what-if/sweep-report.ts';
import { readSpec, specHelp, specOptions } from '../../what-if/what-if-spec.ts';
import { reportHelp, reportOptions, writeReport } from '../../what-if/write-report.ts';

const help = `Usage: entrepot what-if sweep --traffic ledger|FILE --vary NAME=VALUES [--vary ...]

Replays the traffic under every combination of values, and shows which of them no other beats in
cost, latency, availability, concentration, and quality where it is scored.

  --vary V          maxShare=0.4..1.0 (seven steps), maxShare=0.4..1.0:0.2, objective=cost,latency,
                    residency=eu,us+eu, maxTtftMs=..., minQuality=...,
                    maxInputUsdPerMtok=..., maxOutputUsdPerMtok=...
  --scenario S      sweep in this changed world, not on the base; a+b is two at once
${specHelp}
${partHelp}
${reportHelp}

Example: entrepot what-if sweep --traffic trace.csv --vary maxShare=0.4..1.0 --vary objective=cost`;

const usualSeeds = 5;

export const sweep: Command = {
  name: 'what-if sweep',
  summary: 'Vary policies, and show the frontier of cost, latency, availability, concentration.',
  help,
  options: {
    ...specOptions,
    vary: { type: 'string', multiple: true },
    ...partOptions,
    ...reportOptions,
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const spec = readSpec(input, usualSeeds);
  if (spec.vary.length === 0) throw new UsageError('needs --vary, such as maxShare=0.4..1.0');
  if (spec.scenarios.length > 1) throw new UsageError('takes one --scenario: a+b is two at once');
  const quality = openQuality(spec.quality);
  const found = await replayed(['what-if', 'sweep'], spec, input, output);
  if (found === null) return 0;
  const report = reportWithQuality({ ...found.compared, ...found }, quality);
  writeReport(report, showSweep(report), sweepPage, input, output);
  return found.isPartial ? 130 : 0;
}
