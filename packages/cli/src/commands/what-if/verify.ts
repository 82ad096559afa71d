import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { policyHistory, versionFolder } from '../../promoted/policy-versions.ts';
import { type Comparison, compareFigures } from '../../verify/compare-figures.ts';
import { type Observed, observe } from '../../verify/observed.ts';
import { figure } from '../../what-if/figure-text.ts';
import { textOf } from '../catalog/arguments.ts';
import { left, right, table } from '../catalog/table.ts';
import { withLedger } from '../ledger/ledger-file.ts';
import { moment } from '../ledger/moment.ts';
import { configHelp, configOf } from '../policy/config-option.ts';
import { caseOf, type Report, readReport } from '../policy/report-file.ts';

export const verify: Command = {
  name: 'what-if verify',
  summary: 'Compare what a report predicted with what the ledger then showed.',
  help: `Usage: entrepot what-if verify [--report FILE] [options]

After a policy has served for a while: what its report predicted, beside what the ledger shows since
then. Without --report it is the policy in force, from its promotion on. Sums are compared by the
request. Exit code: 0 when all that was predicted with an interval came to lie in it, 1 when not.

  --report FILE   what "entrepot what-if ... --json FILE" wrote
  --scenario S    which scenario of the report, where it has several; base for the base
  --db FILE       the ledger (entrepot.db)
  --since D       only requests that started from D on: 2026-11-01 (UTC), or 7d for a week ago
  --until D       only requests that started before D
${configHelp}
  --json          JSON, for programs

Example: entrepot what-if verify --config entrepot.yaml --db entrepot.db`,
  options: {
    report: { type: 'string' },
    scenario: { type: 'string' },
    db: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const { positionals, values } = input;
  if (positionals.length > 0) throw new UsageError(`takes no argument "${positionals[0]}"`);
  const { report, scenario, promotedMs } = predictionOf(input);
  const wanted = textOf(input, 'scenario') ?? scenario;
  const predicted = wanted === 'base' ? report.base : caseOf(report, wanted, '--scenario');
  const nowMs = Date.now();
  const sinceMs = moment('--since', values.since, nowMs) ?? promotedMs;
  const untilMs = moment('--until', values.until, nowMs) ?? nowMs;
  let observed: Observed | null = null;
  await withLedger(values, async ledger => {
    observed = await observe(ledger.history(sinceMs), untilMs);
  });
  const came = observed as Observed | null;
  if (came === null) throw new UsageError('the ledger has no requests of that time', 1);
  const rows = compareFigures(report, predicted, came);
  const isOutside = rows.some(({ isInside }) => isInside === false);
  if (values.json === true) {
    const { requests, firstMs, lastMs, unpriced } = came;
    const of = { scenario: predicted.name, requests, firstMs, lastMs, unpriced };
    output.print(JSON.stringify({ ...of, figures: rows }, null, 2));
  } else print(predicted.name, rows, came, output);
  return isOutside ? 1 : 0;
}

interface Prediction {
  readonly report: Report;
  readonly scenario: string | null;
  readonly promotedMs: number;
}

function predictionOf(input: CommandInput): Prediction {
  const file = textOf(input, 'report');
  if (file !== null) return { report: readReport(file).report, scenario: null, promotedMs: 0 };
  const { folder } = configOf(input);
  const line = policyHistory(folder).at(-1);
  if (line === undefined || line.version === 0) {
    throw new UsageError('no policy is promoted, so --report must name what was predicted');
  }
  const kept = `${versionFolder(folder, line.version)}/report.json`;
  const { scenario, at } = line;
  return { report: readReport(kept).report, scenario, promotedMs: Date.parse(at) };
}

function print(name: string, rows: readonly Comparison[], came: Observed, output: Output): void {
  const at = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 16);
  const span = `${at(came.firstMs)} to ${at(came.lastMs)}`;
  output.print(`${name}, against ${came.requests} requests of the ledger (${span} UTC)\n`);
  const columns = [left(''), right('PREDICTED'), right('CAME'), right('ERROR'), left('')];
  const cells = rows.map(row => [
    row.figure,
    figure(row.predicted, row.interval, row.form),
    row.came === null ? 'unknown' : row.form(row.came),
    row.error === null ? '' : `${row.error > 0 ? '+' : ''}${Math.round(row.error * 1000) / 10} %`,
    row.isInside === null ? '' : row.isInside ? 'inside' : 'OUTSIDE',
  ]);
  output.print(table(columns, cells));
  if (came.unpriced > 0) output.note(`${came.unpriced} answers of unknown cost are not in it.`);
  const judged = rows.filter(({ isInside }) => isInside !== null);
  const inside = judged.filter(({ isInside }) => isInside === true).length;
  output.note(`${inside} of ${judged.length} figures with an interval came to lie in it.`);
}
