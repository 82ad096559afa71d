import type { Catalog } from '@entrepot/catalog/catalog';
import { compose } from '@entrepot/catalog/compose';
import { matches } from '@entrepot/catalog/criteria';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { formatProblem, type Problem, problemsOf } from '@entrepot/catalog/problem';
import type { Scenario } from '@entrepot/catalog/scenario';
import type { WorldEntry } from '@entrepot/catalog/world';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { findScenarioFile } from '../../scenario/scenario-files.ts';
import { catalogFilesOf, soundCatalog } from '../catalog/arguments.ts';

export const check: Command = {
  name: 'scenario check',
  summary: 'Check scenarios, alone and together.',
  help: `Usage: entrepot scenario check NAME|FILE... [--catalog DIR] [--json]

Tells everything that is wrong with a scenario by file, line and field. Several are also checked
against each other: where two contradict each other, both places are named. What matches no offer
is a warning. Exit code: 0 when all is good (warnings do not count), 1 when not.

  --catalog DIR   another folder than the catalog that comes with entrepot
  --json          {"ok", "problems", "warnings"}

Example: entrepot scenario check openai-outage lock-in-cap`,
  options: { catalog: { type: 'string' }, json: { type: 'boolean' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  if (input.positionals.length === 0) throw new UsageError('takes scenarios: names or files');
  const files = catalogFilesOf(input);
  const catalog = soundCatalog(files);
  const texts = input.positionals.map(name => findScenarioFile(name, files));
  const scenarios: Scenario[] = [];
  const problems: Problem[] = texts.flatMap(text =>
    problemsOf(() => {
      const scenario = loadScenario(text);
      compose(catalog, [scenario]);
      scenarios.push(scenario);
    }),
  );
  if (problems.length === 0) problems.push(...problemsOf(() => compose(catalog, scenarios)));
  const warnings = problems.length > 0 ? [] : warningsOf(catalog, scenarios);
  const ok = problems.length === 0;
  if (input.values.json === true) {
    output.print(JSON.stringify({ ok, problems, warnings }, null, 2));
  } else {
    for (const problem of problems) output.print(formatProblem(problem));
    for (const warning of warnings) output.note(`warning: ${formatProblem(warning)}`);
    if (ok) output.print(`${scenarios.map(s => s.id).join(' with ')}: good.`);
  }
  return ok ? 0 : 1;
}

/** Entries of the world that mean no offer, of the catalog or of those that are added. */
function warningsOf(catalog: Catalog, scenarios: readonly Scenario[]): Problem[] {
  const { world, catalog: changed } = compose(catalog, scenarios);
  const { outages, limits, latency, provisioned, commitments } = world;
  const entries: readonly WorldEntry[] = [
    ...outages,
    ...limits,
    ...latency,
    ...provisioned,
    ...commitments,
  ];
  return entries
    .filter(({ match }) => !changed.offers.some(offer => matches(offer, match)))
    .map(({ place }) => ({ ...place, field: 'match', message: 'no offer of the catalog matches' }));
}
