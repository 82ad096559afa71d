import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { unknownRoutes } from '../../promoted/live.ts';
import { promotePolicy, versionFolder } from '../../promoted/policy-versions.ts';
import { describePolicy, touched } from '../../scenario/describe-scenario.ts';
import { findScenarioFile, openScenario } from '../../scenario/scenario-files.ts';
import { catalogFilesOf, textOf } from '../catalog/arguments.ts';
import { configHelp, configOf } from './config-option.ts';
import { caseOf, readReport } from './report-file.ts';

export const promote: Command = {
  name: 'policy promote',
  summary: 'Put the policy of a scenario in force, with the report that justified it.',
  help: `Usage: entrepot policy promote NAME|FILE --report FILE [options]

Keeps the policy of a scenario as a new version, with the report of the what-if that justified it
beside it, and puts it in force: the gateway uses it when it is started the next time. Versions are
never changed or lost; "policy history" lists them, "policy rollback" goes back.

  --report FILE   what "entrepot what-if ... --json FILE" wrote
  --scenario S    which scenario of the report it is, where the report has several
${configHelp}

Example: entrepot policy promote lock-in-cap --report report.json --config entrepot.yaml`,
  options: {
    report: { type: 'string' },
    scenario: { type: 'string' },
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
  const files = catalogFilesOf(input);
  const scenario = openScenario(name, files);
  const lines = describePolicy(scenario);
  if (lines.length === 0) throw new UsageError(`${scenario.id} changes no policy`, 1);
  const [unknown] = unknownRoutes(scenario.policy, routes);
  if (unknown !== undefined) {
    const known = routes.join(', ');
    throw new UsageError(`it names the route ${unknown}; the configuration has: ${known}`, 1);
  }
  const { text, report } = readReport(reportFile);
  const own = report.scenarios.some(one => one.name === scenario.id) ? scenario.id : null;
  const reported = caseOf(report, textOf(input, 'scenario') ?? own, '--scenario');
  const version = promotePolicy(
    folder,
    { 'policy.yaml': findScenarioFile(name, files).text, 'report.json': text },
    { at: new Date().toISOString(), title: scenario.title, scenario: reported.name },
  );
  output.print(`Policy version ${version}: ${scenario.title}`);
  for (const line of lines) output.print(`  ${line}`);
  const others = touched(scenario).filter(part => part !== 'policy');
  if (others.length > 0) output.note(`Not of the policy, and left out: ${others.join(', ')}.`);
  output.note(`Kept in ${versionFolder(folder, version)}; in force when serve starts again.`);
  return 0;
}
