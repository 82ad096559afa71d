// `entrepot config check`: everything that is wrong with a configuration file, or what it routes
// where and for how much.

import type { GatewayConfig } from '@entrepot/gateway/config/gateway-config';
import { loadConfig } from '@entrepot/gateway/config/load-config';
import { ConfigError, type ConfigProblem, formatProblem } from '@entrepot/gateway/config/problem';
import { type Command, type Output, UsageError } from '../../command.ts';
import { describeRoutes } from '../../describe-routes.ts';
import { describePromoted, liveMarket, withPolicies } from '../../promoted/live.ts';
import { type Promoted, readPromoted } from '../../promoted/promoted.ts';

const help = `Check a configuration file and show what it routes where.

Usage: entrepot config check FILE [--json]

  --json   {"ok", "problems", "warnings", "routes"} on standard output

Every problem is told with its line and column. Offers and prices are those of today; secrets are
looked up and never shown. What was promoted for the file counts, as when it is served. Exit code: 0
when the file is good (warnings do not count), 1 when not.

Example: entrepot config check examples/entrepot.yaml`;

export const check: Command = {
  name: 'config check',
  summary: 'Check a configuration file and show what it routes where.',
  help,
  options: { json: { type: 'boolean' } },
  async run({ positionals, values }, output) {
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError('takes one configuration file, such as examples/entrepot.yaml');
    }
    const found = checkFile(file);
    if (values.json === true) output.print(JSON.stringify(found.json(), null, 2));
    else found.print(output);
    return found.problems.length === 0 ? 0 : 1;
  },
};

interface Found {
  readonly problems: readonly ConfigProblem[];
  json(): unknown;
  print(output: Output): void;
}

function checkFile(file: string): Found {
  try {
    const promoted = readPromoted(file);
    const { config, warnings } = loadConfig(file, liveMarket(promoted), process.env);
    return good(file, withPolicies(config, promoted), warnings, promoted);
  } catch (cause) {
    if (cause instanceof ConfigError) return bad(file, cause.problems);
    throw cause;
  }
}

function bad(file: string, problems: readonly ConfigProblem[]): Found {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return {
    problems,
    json: () => ({ ok: false, problems, warnings: [], routes: [] }),
    print: output => {
      output.print(problems.map(formatProblem).join('\n'));
      output.note(`${file} has ${count}.`);
    },
  };
}

function good(
  file: string,
  config: GatewayConfig,
  warnings: readonly ConfigProblem[],
  promoted: Promoted,
): Found {
  return {
    problems: [],
    json: () => ({ ok: true, problems: [], warnings, routes: routesOf(config) }),
    print: output => {
      for (const warning of warnings) output.note(`warning: ${formatProblem(warning)}`);
      for (const line of describePromoted(config, promoted)) output.note(line);
      output.print(`${file} is good.\n${describeRoutes(config)}`);
    },
  };
}

/** Prices are null where they are unknown. */
function routesOf({ routes, targets }: GatewayConfig): unknown {
  const targetOf = new Map(targets.map(target => [target.deployment.id, target]));
  return routes.map(({ route, aliases, losses }) => ({
    name: route.name,
    aliases,
    ...route.policy,
    losses,
    deployments: route.deployments.map(({ id, offer }) => ({
      name: id,
      offer: offer.id,
      cloud: offer.cloud,
      modelName: targetOf.get(id)?.modelName ?? null,
      inputPicoUsd: offer.prices.inputPicoUsd,
      outputPicoUsd: offer.prices.outputPicoUsd,
      residency: offer.residency,
      simulated: targetOf.get(id)?.simulated ?? false,
    })),
  }));
}
