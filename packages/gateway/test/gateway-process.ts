// A gateway as a process of its own, to be killed: `node gateway-process.ts UPSTREAM_URL LEDGER`.
// Prints its URL when it listens.

import pino from 'pino';
import { startGateway } from '../src/start-gateway.ts';
import { configOf } from './rig.ts';

const [endpoint, path] = process.argv.slice(2) as [string, string];
const deployments = [{ id: 'main', service: 'openai-api', endpoint }] as const;
const running = await startGateway(configOf({ deployments, mode: 'durable' }, path), {
  log: pino({ level: 'silent' }),
});
process.stdout.write(`${running.url}\n`);
