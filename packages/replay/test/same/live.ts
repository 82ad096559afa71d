// A gateway over simulated clouds whose clock stands still, but for bytes that come from the clouds
// and for times that it waits for: so that what its engine is asked can be asked again at exactly
// the same moments.

import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '@entrepot/engine/create-engine';
import { type SettingsOverrides, withDefaults } from '@entrepot/engine/defaults';
import type { Route } from '@entrepot/engine/deployment';
import { type RunningGateway, startGateway } from '@entrepot/gateway/start-gateway';
import type { CloudName } from '@entrepot/simcloud/cloud-name';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import type { Fault } from '@entrepot/simcloud/fault';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import pino from 'pino';
import { seeded } from '../../../engine/test/fleet.ts';
import { Secret } from '../../../gateway/src/config/target.ts';
import { configOf, key, type RigOptions } from '../../../gateway/test/rig.ts';
import { type Decision, recorded, type WholeEngine } from './decisions.ts';

/** Between two pieces of bytes from a cloud. */
const pieceMs = 7;
/** How late a time that has passed is seen. */
export const lateMs = 10;
/** Nothing comes for so long, in real time: the clock goes on to what is waited for. */
const quietMs = 40;

export class Live {
  readonly decisions: Decision[] = [];
  readonly routes: readonly Route[];
  engine!: WholeEngine;
  #now = 1_000;
  #bytesAt = performance.now();
  readonly #stallMs: number;
  #running!: RunningGateway;
  #simcloud!: Simcloud;
  readonly #proxies: Server[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'entrepot-same-'));

  private constructor(routes: readonly Route[], settings: SettingsOverrides) {
    this.routes = routes;
    this.#stallMs = withDefaults(settings).deadlines.stallMs;
  }

  static async start(options: Omit<RigOptions, 'deployments'>, seed: number): Promise<Live> {
    const simcloud = await startSimcloud({ seed, speed: 40 });
    const { openai, azureOpenai, anthropic } = simcloud.urls;
    const proxies: Server[] = [];
    let live: Live | null = null;
    const through = (url: string): Promise<string> => proxy(url, proxies, () => live!.#piece());
    const { openai: o, azureOpenai: z, anthropic: a } = defaultCredentials;
    const apiKey = (keys: readonly string[]) =>
      ({ type: 'api-key', key: new Secret(keys[0]!) }) as const;
    const modelName = 'gpt-5.4-mini';
    const config = configOf(
      {
        ...options,
        deployments: [
          {
            ...{ id: 'openai', service: 'openai-api', modelName },
            ...{ endpoint: await through(openai), credential: apiKey(o) },
          },
          {
            ...{ id: 'azure', service: 'azure-openai', modelName },
            ...{ endpoint: await through(azureOpenai), credential: apiKey(z) },
          },
          {
            ...{ id: 'anthropic', service: 'anthropic-api', modelName: 'claude-haiku-4-5' },
            ...{ endpoint: await through(anthropic), credential: apiKey(a) },
          },
        ],
      },
      '',
    );
    live = new Live(
      config.routes.map(r => r.route),
      options.engine ?? {},
    );
    live.#simcloud = simcloud;
    live.#proxies.push(...proxies);
    live.engine = recorded(createEngine({ routes: live.routes, ...options.engine }), decision =>
      live!.decisions.push(decision),
    );
    const clock = { nowMs: () => live!.#now, unixMs: () => live!.#now };
    live.#running = await startGateway(
      { ...config, ledger: { path: join(live.#folder, 'ledger.db'), mode: 'fast' } },
      { log: pino({ level: 'silent' }), clock, random: seeded(seed), engine: live.engine },
    );
    return live;
  }

  /** Time passes between requests. */
  pass(ms: number): void {
    this.#now += ms;
  }

  setFaults(cloud: CloudName, faults: readonly Fault[]): Promise<void> {
    return this.#simcloud.setFaults(cloud, faults);
  }

  /** One request to its end; the status that the caller saw. */
  async ask(body: Readonly<Record<string, unknown>>): Promise<number> {
    this.#bytesAt = performance.now();
    let isAnswered = false;
    const timer = setInterval(() => this.#hurry(isAnswered), quietMs / 4);
    try {
      const response = await fetch(`${this.#running.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: 'any', ...body }),
      });
      isAnswered = true;
      await response.text();
      return response.status;
    } finally {
      clearInterval(timer);
    }
  }

  async close(): Promise<void> {
    await this.#running.close();
    await this.#simcloud.close();
    for (const server of this.#proxies) server.close();
    rmSync(this.#folder, { recursive: true });
  }

  #piece(): void {
    this.#now += pieceMs;
    this.#bytesAt = performance.now();
  }

  /** Where nothing comes any more, the time that is waited for comes. */
  #hurry(isAnswered: boolean): void {
    const last = this.decisions.findLast(d => d.call !== 'begin');
    if (last?.call !== 'next' || performance.now() - this.#bytesAt < quietMs) return;
    const { step } = last;
    if (step.type === 'give-up') return;
    const begunMs = isAnswered ? this.#now + this.#stallMs : null;
    const dueMs = step.type === 'wait' ? step.untilMs : last.now + step.deadlines.firstEventMs;
    this.#now = (begunMs ?? dueMs) + lateMs;
    this.#bytesAt = performance.now();
  }
}

/** Passes bytes on, and tells of each piece that comes back before it is passed on. */
async function proxy(url: string, servers: Server[], onPiece: () => void): Promise<string> {
  const { port, hostname } = new URL(url);
  const server = createServer({ noDelay: true }, socket => {
    const upstream = connect({ port: Number(port), host: hostname, noDelay: true });
    socket.pipe(upstream);
    upstream.on('data', piece => {
      onPiece();
      socket.write(piece);
    });
    upstream.on('end', () => socket.end());
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
