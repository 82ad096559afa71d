// `entrepot what-if merge`: one report of parts that were replayed apart.

import { type Command, UsageError } from '../../command.ts';
import { mergeParts } from '../../what-if/part-file.ts';
import { openQuality } from '../../what-if/quality-floor.ts';
import { reportWithQuality } from '../../what-if/quality-report.ts';
import { reportPage } from '../../what-if/report-page.ts';
import { showReport } from '../../what-if/show-report.ts';
import { showSweep, sweepPage } from '../../what-if/sweep-report.ts';
import { reportHelp, reportOptions, writeReport } from '../../what-if/write-report.ts';

const help = `Usage: entrepot what-if merge PART.json ... [options]

Makes the report of a comparison whose parts were replayed apart (--part, --emit k8s): the same, to
the byte but for the speed, as if one machine had replayed all. Where a part is missing the report
is labelled as partial, and the exit code is 130.

  --quality FILE    scores of models, as for what-if
  --sweep           show it as "what-if sweep" does
${reportHelp}

Example: entrepot what-if merge part-*.json --html report.html`;

export const merge: Command = {
  name: 'what-if merge',
  summary: 'Make the report of parts that were replayed on several machines.',
  help,
  options: { ...reportOptions, quality: { type: 'string' }, sweep: { type: 'boolean' } },
  async run(input, output) {
    if (input.positionals.length === 0) throw new UsageError('takes the files of the parts');
    const found = mergeParts(input.positionals);
    const { quality: scores } = input.values;
    const quality = openQuality(typeof scores === 'string' ? scores : null);
    const report = reportWithQuality({ ...found.compared, ...found }, quality);
    const isSweep = input.values.sweep === true;
    const text = isSweep ? showSweep(report) : showReport(report, output.width);
    writeReport(report, text, isSweep ? sweepPage : reportPage, input, output);
    return found.isPartial ? 130 : 0;
  },
};
