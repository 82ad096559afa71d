// A gateway with one configuration under one load: what a request costs, what it adds to the time,
// what the gateway holds meanwhile, and how long it took to start.

import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stopChild } from '../child.ts';
import { treeRssBytes } from '../cpu-time.ts';
import type { LoadInput, LoadResult } from '../load/load.ts';
import { median } from '../load/quantiles.ts';
import { load, type Sample, sample, warmUpSeconds } from '../measure.ts';
import type { Setting, Side } from '../side.ts';
import { chatDeployment, serve } from '../sides/entrepot.ts';
import { start } from '../started.ts';
import { bodyOf, pathOf, unitsOf, type Work, works } from '../works.ts';
import type { ScaleOptions } from './dimension.ts';
import type { Column, Row } from './result.ts';

export interface Load {
  readonly work: Work;
  /** Requests per second, open-loop. */
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
}

/** What of a configuration differs; what is left out is as small as it can be. */
export interface Served {
  readonly keys?: readonly { readonly name: string; readonly key: string }[];
  readonly deployments?: readonly Record<string, unknown>[];
  readonly routes?: readonly Record<string, unknown>[];
  /** `fast` hides the disk, so that what grows is seen. */
  readonly mode?: 'fast' | 'durable';
}

/** The model that is asked for. */
export const route = 'bench-chat';
const ownKeys = [{ name: 'bench', key: 'a-key-for-the-benchmark' }];
const everyMs = 500;

/** Columns of the figures below. */
export function loadColumns(work: Work): Column[] {
  return [
    { key: 'cpuUs', title: `CPU us per ${unitsOf(work).name}`, unit: 'us', ratio: true },
    { key: 'addedP50Ms', title: 'added p50 ms', unit: 'ms' },
    { key: 'addedP99Ms', title: 'added p99 ms', unit: 'ms' },
    { key: 'startMs', title: 'start ms', unit: 'ms', ratio: true },
    { key: 'idleRssBytes', title: 'RSS idle MB', unit: 'MB', ratio: true },
    { key: 'peakRssBytes', title: 'RSS at most MB', unit: 'MB' },
    { key: 'failures', title: 'failures', unit: 'count' },
  ];
}

/** Starts a gateway, loads it in rounds, and stops it. */
export async function underLoad(
  options: ScaleOptions,
  served: (setting: Setting) => Served,
  asked: Load,
): Promise<Row['figures']> {
  const folder = mkdtempSync(join(options.folder, 'gateway-'));
  const setting: Setting = { folder, mockPort: options.mockPort };
  const { keys = ownKeys, ...rest } = served(setting);
  const side = gatewayWith(keys, rest);
  const { running, coldStartMs, idleRssBytes } = await start(side, setting);
  const peaks = new Peaks(running.process.pid!);
  try {
    const { work, rate, seconds, rounds } = asked;
    const to = { connections: Math.max(256, work.connections), rate, seconds };
    const own = running.ask(work)!;
    const through: LoadInput = { ...own, ...to, keys: keys.map(k => k.key) };
    const url = `http://127.0.0.1:${options.mockPort}${pathOf(work)}`;
    const without: LoadInput = { ...own, ...to, url };
    const warmUp = { connections: 64, rate: null, seconds: warmUpSeconds };
    await load({ ...running.ask(works[0]!)!, ...warmUp });
    const samples: Sample[] = [];
    const floors: LoadResult[] = [];
    for (let round = 0; round < rounds; round++) {
      samples.push(await sample(running.process.pid!, work, through));
      floors.push(await load(without));
    }
    const added = (quantile: 'p50' | 'p99'): number =>
      median(samples.map(s => s.totalMs[quantile])) - median(floors.map(f => f.totalMs[quantile]));
    return {
      cpuUs: median(samples.map(s => s.cpuUs)),
      addedP50Ms: added('p50'),
      addedP99Ms: added('p99'),
      startMs: coldStartMs,
      idleRssBytes,
      ...peaks.stop(),
      failures: samples.reduce((sum, s) => sum + s.failures, 0),
    };
  } finally {
    peaks.stop();
    await stopChild(running.process);
  }
}

function gatewayWith(
  keys: Required<Served>['keys'],
  { deployments, routes, mode = 'fast' }: Served,
): Side {
  return {
    name: 'entrepot',
    find: () => ({ version: 'this checkout' }),
    start: async setting => {
      const config = {
        keys,
        ledger: { path: join(setting.folder, 'ledger.db'), mode },
        deployments: deployments ?? [chatDeployment('chat', setting)],
        routes: routes ?? [{ name: route, objective: 'cost', deployments: ['chat'] }],
      };
      const { process, url } = await serve(config, setting);
      const authorization = `Bearer ${keys[0]!.key}`;
      const headers = { 'content-type': 'application/json', authorization };
      return {
        process,
        ask: work => ({ url: `${url}${pathOf(work)}`, headers, body: bodyOf(work, route) }),
      };
    },
  };
}

/** The most memory and files that a process had, looked at now and then. */
class Peaks {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #rssBytes = 0;
  #files = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): { readonly peakRssBytes: number; readonly peakFiles: number } {
    clearInterval(this.#timer);
    return { peakRssBytes: this.#rssBytes, peakFiles: this.#files };
  }

  #look(): void {
    this.#rssBytes = Math.max(this.#rssBytes, treeRssBytes(this.#pid));
    this.#files = Math.max(this.#files, readdirSync(`/proc/${this.#pid}/fd`).length);
  }
}
