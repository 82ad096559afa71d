import { readFileSync } from 'node:fs';
import type { PolicyEdits } from '@entrepot/catalog/policy-edit';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { unknownRoutes } from '../../promoted/live.ts';
import { asksForQuality, openPolicy } from '../../promoted/open-policy.ts';
import { promotePolicy, versionFolder } from '../../promoted/policy-versions.ts';
import { restart } from '../../promoted/restart.ts';
import { describePolicy } from '../../scenario/describe-scenario.ts';
import { findScenarioFile } from '../../scenario/scenario-files.ts';
import { openQuality } from '../../what-if/quality-floor.ts';
import { catalogFilesOf, textOf } from '../catalog/arguments.ts';
import { configHelp, configOf } from './config-option.ts';
import { caseOf, readReport } from './report-file.ts';

export const promote: Command = {
  name: 'policy promote',
  summary: 'Put the policy of a scenario in force, with the report that justified it.',
  help: `Usage: entrepot policy promote NAME|FILE --report FILE [options]

Keeps the policy of a scenario, or of a policy file, as a new version, with the report of the
what-if that justified it beside it, and puts it in force: the gateway uses it when it is started
the next time. Versions are never changed or lost; "policy history" lists them, "policy rollback" goes
back.

  --report FILE   what "entrepot what-if ... --json FILE" wrote
  --quality FILE  the scores that a least quality goes by; kept with it
  --scenario S    which scenario of the report it is, where the report has several
${configHelp}

Example: entrepot policy promote lock-in-cap --report report.json --config entrepot.yaml`,
  options: {
    report: { type: 'string' },
    scenario: { type: 'string' },
    quality: { type: 'string' },
    config: { type: 'string' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const [name] = input.positionals;
  if (name === undefined || input.positionals.length > 1) {
    throw new UsageError('takes one scenario whose policy it is');
  }
  const reportFile = textOf(input, 'report');
  if (reportFile === null) throw new UsageError('needs --report: the what-if that justified it');
  const { folder, routes } = configOf(input);
  const file = findScenarioFile(name, catalogFilesOf(input));
  const { id, title, edits } = openPolicy(file);
  const lines = describePolicy(edits);
  if (lines.length === 0) throw new UsageError(`${name} changes no policy`, 1);
  const [unknown] = unknownRoutes(edits, routes);
  if (unknown !== undefined) {
    const known = routes.join(', ');
    throw new UsageError(`it names the route ${unknown}; the configuration has: ${known}`, 1);
  }
  const { text, report } = readReport(reportFile);
  const own = report.scenarios.some(one => one.name === id) ? id : null;
  const reported = caseOf(report, textOf(input, 'scenario') ?? own, '--scenario');
  const quality = scoresOf(textOf(input, 'quality'), edits);
  const version = promotePolicy(
    folder,
    { 'policy.yaml': file.text, 'report.json': text, ...quality },
    { at: new Date().toISOString(), title, scenario: reported.name },
  );
  output.print(`Policy version ${version}: ${title}`);
  for (const line of lines) output.print(`  ${line}`);
  output.note(`Kept in ${versionFolder(folder, version)}. ${restart}`);
  return 0;
}

/** The file of scores that a policy with a least quality goes by. */
function scoresOf(file: string | null, edits: PolicyEdits): Record<string, string> {
  if (!asksForQuality(edits)) return {};
  if (file === null) {
    throw new UsageError('it asks for a least quality: --quality must name the file of scores');
  }
  openQuality(file);
  return { 'quality.yaml': readFileSync(file, 'utf8') };
}
