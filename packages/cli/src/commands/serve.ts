// `entrepot serve`: the gateway from a configuration file, until it is told to stop.

import { readConfig } from '@entrepot/gateway/config/load-config';
import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { ConfigError, formatProblem } from '@entrepot/gateway/config/problem';
import { type ResolvedConfig, resolveConfig } from '@entrepot/gateway/config/resolve-config';
import { startGateway } from '@entrepot/gateway/start-gateway';
import { type Command, type Output, UsageError } from '../command.ts';
import { describeRoutes } from '../describe-routes.ts';
import { describePromoted, liveMarket, withPolicies } from '../promoted/live.ts';
import { readPromoted } from '../promoted/promoted.ts';
import { keepHeapLean } from '../serve/lean-heap.ts';
import { portTaken } from '../serve/port-taken.ts';
import { serveByWorkers } from '../serve/serve-by-workers.ts';
import { workerCount } from '../serve/worker-count.ts';
import type { WorkerInput } from '../serve/worker-process.ts';
import { stopSignal } from '../stop-signal.ts';

const help = `Run the gateway from a configuration file.

Usage: entrepot serve CONFIG [--port N] [--workers N|auto] [--json]

  --port N      listen here instead of where the file says; 0 takes a free port
  --workers N   processes that serve at the port, instead of the file's listen.workers (1);
                auto is one for each processor. One more starts them again when they die
  --json        one line of JSON when ready: {"url": ...}

What was promoted for the file (entrepot scenario promote, entrepot policy promote) is read from the
folder promoted/ beside it, and told when it starts.

SIGINT or SIGTERM lets open requests finish and writes the ledger; a second one stops at once.

Example: entrepot serve examples/entrepot.yaml --port 8080 --workers auto`;

export const serve: Command = {
  name: 'serve',
  summary: 'Run the gateway from a configuration file.',
  help,
  options: {
    port: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ positionals, values }, output) {
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError('takes one configuration file, such as examples/entrepot.yaml');
    }
    const { input, resolved } = load(file, output);
    const { listen } = resolved.config;
    const port = values.port === undefined ? listen.port : portOf(String(values.port));
    const config = { ...resolved.config, listen: { ...listen, port } };
    const count = workerCount(values.workers as string | undefined, resolved.workers);
    const ready = (url: string): void => {
      if (values.json === true) output.print(JSON.stringify({ url }));
      else output.print(`${url}\n${describeRoutes(config)}`);
    };
    if (count > 1) return serveByWorkers(config, count, input, output, ready);
    keepHeapLean();
    const running = await start(config);
    // Whoever reads that it is ready may stop it at once.
    const stopped = stopSignal();
    ready(running.url);
    output.note(`${await stopped}: finishing what is open ...`);
    await running.close();
    return 0;
  },
};

function load(file: string, output: Output): { input: WorkerInput; resolved: ResolvedConfig } {
  try {
    const text = readConfig(file);
    const promoted = readPromoted(file);
    const parsed = parseConfig(text, file);
    const resolved = resolveConfig(parsed, liveMarket(promoted), process.env);
    const config = withPolicies(resolved.config, promoted);
    for (const warning of resolved.warnings) output.note(`warning: ${formatProblem(warning)}`);
    for (const line of describePromoted(config, promoted)) output.note(line);
    return { input: { file, text, promoted }, resolved: { ...resolved, config } };
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError(`the configuration is not valid:\n${cause.message}`, 1);
  }
}

async function start(config: Parameters<typeof startGateway>[0]): ReturnType<typeof startGateway> {
  try {
    return await startGateway(config);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw portTaken(config.listen);
  }
}

/** Throws UsageError for what is no port. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}
