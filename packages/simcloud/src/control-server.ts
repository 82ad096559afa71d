// The control server of a simulation: an HTTP port of its own, so that it is there also while a
// cloud refuses connections.
//
//   GET    /                    addresses of the clouds
//   GET    /stats               what each cloud has done
//   PUT    /faults/azure-openai [{"kind":"stall","share":0.5}]: in place of the faults before
//   DELETE /faults/azure-openai all is well again; without a cloud, everywhere

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CloudName, cloudNames, isCloudName } from './cloud-name.ts';
import { type Fault, FaultError, parseFault } from './fault.ts';
import { readBody } from './read-body.ts';
import type { SimcloudStats } from './stats.ts';
import type { SimcloudUrls } from './urls.ts';

export interface Controlled {
  readonly urls: SimcloudUrls;
  setFaults(cloud: CloudName, faults: readonly Fault[]): Promise<void>;
  stats(): SimcloudStats;
}

const mostBytes = 64 * 1024;

/** Answers one control call. */
export async function control(
  simulation: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, mostBytes);
  if (body === null) return void response.destroy();
  try {
    const value = await act(simulation, `${request.method} ${request.url}`, body);
    if (value === null) reply(response, 404, { error: 'no such control call' });
    else reply(response, 200, value);
  } catch (error) {
    if (!(error instanceof FaultError) && !(error instanceof SyntaxError)) throw error;
    reply(response, 400, { error: error.message });
  }
}

async function act(simulation: Controlled, call: string, body: Uint8Array): Promise<object | null> {
  if (call === 'GET /') return { simulated: true, urls: simulation.urls };
  if (call === 'GET /stats') return simulation.stats();
  if (call === 'DELETE /faults') {
    for (const cloud of cloudNames) await simulation.setFaults(cloud, []);
    return { faults: [] };
  }
  const [, verb, cloud] = /^(PUT|DELETE) \/faults\/([^/]+)$/.exec(call) ?? [];
  if (verb === undefined || !isCloudName(cloud!)) return null;
  const given: unknown = verb === 'DELETE' ? [] : JSON.parse(Buffer.from(body).toString());
  const faults = (Array.isArray(given) ? given : [given]).map(parseFault);
  await simulation.setFaults(cloud, faults);
  return { faults };
}

function reply(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}
