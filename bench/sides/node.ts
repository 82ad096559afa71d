// What any Node proxy costs, and what it costs to ask the mock upstream without any.

import { join } from 'node:path';
import { firstLine, loadCpu, sideCpu, startChild } from '../child.ts';
import type { Side } from '../side.ts';
import { bodyOf, pathOf, type Work } from '../works.ts';

const headers = { 'content-type': 'application/json' };

function ask(work: Work, port: string | number) {
  if (work.upstream !== work.caller) return null;
  const url = `http://127.0.0.1:${port}${pathOf(work)}`;
  return { url, headers, body: bodyOf(work, 'bench') };
}

export const node: Side = {
  name: 'node, bare proxy',
  find: () => ({ version: process.version }),
  start: async ({ mockPort, workers = 1 }) => {
    const script = join(import.meta.dirname, 'bare-proxy.ts');
    const upstream = `http://127.0.0.1:${mockPort}`;
    const child = startChild([process.execPath, script, upstream, String(workers)], {
      cpu: sideCpu,
    });
    const port = (await firstLine(child)).trim();
    return { process: child, ask: work => ask(work, port) };
  },
};

/** No proxy: what its latency adds to is what the others are compared with. */
export const direct: Side = {
  name: 'no proxy',
  find: () => ({ version: process.version }),
  start: async () => {
    const script = join(import.meta.dirname, '../mock/server.ts');
    const child = startChild([process.execPath, script], { cpu: loadCpu });
    const port = (await firstLine(child)).trim();
    return {
      process: child,
      ask: work => ask({ ...work, upstream: 'chat', caller: 'chat' }, port),
    };
  },
};
