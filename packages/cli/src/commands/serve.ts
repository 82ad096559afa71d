// `entrepot serve`: the gateway from a configuration file, until it is told to stop.

import { loadConfig } from '@entrepot/gateway/config/load-config';
import { ConfigError, formatProblem } from '@entrepot/gateway/config/problem';
import { startGateway } from '@entrepot/gateway/start-gateway';
import { type Command, type Output, UsageError } from '../command.ts';
import { describeRoutes } from '../describe-routes.ts';
import { marketOf } from '../market.ts';
import { stopSignal } from '../stop-signal.ts';

const help = `Run the gateway from a configuration file.

Usage: entrepot serve CONFIG [--port N] [--json]

  --port N   listen here instead of where the file says; 0 takes a free port
  --json     one line of JSON when ready: {"url": ...}

SIGINT or SIGTERM lets open requests finish and writes the ledger; a second one stops at once.

Example: entrepot serve examples/entrepot.yaml --port 8080`;

export const serve: Command = {
  name: 'serve',
  summary: 'Run the gateway from a configuration file.',
  help,
  options: { port: { type: 'string' }, json: { type: 'boolean' } },
  async run({ positionals, values }, output) {
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError('takes one configuration file, such as examples/entrepot.yaml');
    }
    const config = load(file, output);
    const port = values.port === undefined ? config.listen.port : portOf(String(values.port));
    const running = await start({ ...config, listen: { ...config.listen, port } });
    if (values.json === true) output.print(JSON.stringify({ url: running.url }));
    else output.print(`${running.url}\n${describeRoutes(config)}`);
    const signal = await stopSignal();
    output.note(`${signal}: finishing what is open ...`);
    await running.close();
    return 0;
  },
};

function load(file: string, output: Output): ReturnType<typeof loadConfig>['config'] {
  try {
    const { config, warnings } = loadConfig(file, marketOf(), process.env);
    for (const warning of warnings) output.note(`warning: ${formatProblem(warning)}`);
    return config;
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
    const { host, port } = config.listen;
    throw new UsageError(`${host}:${port} is taken; choose another with --port, or 0 for any`, 3);
  }
}

/** Throws UsageError for what is no port. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
}
