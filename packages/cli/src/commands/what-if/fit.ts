// `entrepot what-if fit`: what the ledger tells of each upstream, as replays take it.

import type { Uncertain } from '@entrepot/replay/upstream/model';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { today } from '../../market.ts';
import { CaseMaker } from '../../what-if/cases.ts';
import { ms, percent, whole } from '../../what-if/figure-text.ts';
import { fitLedger, type Upstreams } from '../../what-if/fit-ledger.ts';
import { emptySpec } from '../../what-if/what-if-spec.ts';
import { left, right, table } from '../catalog/table.ts';

const help = `Usage: entrepot what-if fit --config FILE [--ledger FILE] [--json]

What the ledger tells of each deployment of a configuration: time to the first token, time for each
further one, failures and quotas, each with the range in which nine in ten would lie. "what-if
--traffic ledger" uses the same by itself, and "what-if --fit FILE" for other traffic.

  --config FILE     the gateway's configuration
  --ledger FILE     the ledger (entrepot.db)
  --json            the models, with what stays assumed

Example: entrepot what-if fit --config entrepot.yaml --ledger entrepot.db`;

export const fit: Command = {
  name: 'what-if fit',
  summary: 'Show what the ledger tells of each upstream, as replays take it.',
  help,
  options: {
    config: { type: 'string' },
    ledger: { type: 'string' },
    json: { type: 'boolean' },
  },
  run,
};

async function run({ values, positionals }: CommandInput, output: Output): Promise<number> {
  const { config, ledger } = values;
  if (positionals.length > 0) throw new UsageError(`takes no argument ${positionals[0]}`);
  if (typeof config !== 'string') throw new UsageError('needs --config: whose deployments');
  const maker = new CaseMaker({ ...emptySpec, config, asOf: today() });
  const db = typeof ledger === 'string' ? ledger : emptySpec.ledger;
  const models = await fitLedger(db, maker.deployments);
  output.print(values.json === true ? JSON.stringify(models, null, 2) : show(models));
  return 0;
}

function show(models: Upstreams): string {
  const columns = ['first token', 'a token of input', 'a token of output', 'failures', 'quota'];
  const rows = Object.entries(models).map(([id, { latency, errors, quota }]) => {
    const share = errors.reduce((sum, { share: { yes, no } }) => sum + yes / (yes + no), 0);
    const { requestsPerMinute } = quota;
    return [
      id,
      ranged(latency.baseMs),
      ranged(latency.prefillMsPerToken),
      ranged(latency.msPerOutputToken),
      percent(Number(share.toPrecision(2))),
      requestsPerMinute === null ? '-' : `${whole(requestsPerMinute)}/min`,
    ];
  });
  const assumed = [...new Set(Object.values(models).flatMap(model => model.assumed))];
  return [
    table([left('deployment'), ...columns.map(right)], rows),
    '',
    ...assumed.map(sentence => `  - ${sentence}`),
  ].join('\n');
}

/** The median, and between what nine in ten lie. */
function ranged({ median, logSd }: Uncertain): string {
  const form = (value: number): string =>
    value >= 10 ? ms(value) : `${Number(value.toPrecision(2))} ms`;
  if (logSd === 0 || median === 0) return form(median);
  const factor = Math.exp(1.645 * logSd);
  return `${form(median)} (${form(median / factor)} to ${form(median * factor)})`;
}
