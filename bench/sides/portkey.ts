// Portkey's open gateway, from the npm registry, started by its own command. Which provider it
// calls, and where, stands in each request's headers; it keeps no keys and no ledger.

import { join } from 'node:path';
import { cacheFolder, npmInstalled } from '../cache.ts';
import { freePort, sideCpu, startChild } from '../child.ts';
import type { Ask, Side } from '../side.ts';
import { bodyOf, pathOf, type Work } from '../works.ts';

const name = '@portkey-ai/gateway';
const version = '1.15.2';

export const portkey: Side = {
  name: 'Portkey',
  find: () => npmInstalled(name, version),
  start: async ({ mockPort }) => {
    const port = await freePort();
    const script = join(cacheFolder(name), 'node_modules', name, 'build/start-server.js');
    const command = [process.execPath, script, '--headless', `--port=${port}`];
    // Loopback counts as a foreign network there, and is refused unless it is named.
    const env = { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost', NODE_ENV: 'production' };
    const child = startChild(command, { cpu: sideCpu, env });
    child.stdout!.resume();
    return { process: child, ask: work => ask(work, port, mockPort) };
  },
};

function ask(work: Work, port: number, mockPort: number): Ask | null {
  if (work.upstream !== 'chat') return null;
  return {
    url: `http://127.0.0.1:${port}${pathOf(work)}`,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer none',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${mockPort}/v1`,
    },
    body: bodyOf(work, 'gpt-5.4-mini'),
  };
}
