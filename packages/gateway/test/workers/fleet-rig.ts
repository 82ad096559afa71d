// Workers as real processes before a scripted upstream, started by the test as their primary.

import cluster from 'node:cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerRecord } from '../../src/ledger/ledger-record.ts';
import { type LedgerReader, readLedger } from '../../src/ledger/read-ledger.ts';
import { Fleet } from '../../src/workers/fleet.ts';
import { ask, chat } from '../answers.ts';
import { FakeUpstream, key, type RigOptions } from '../rig.ts';
import type { WorkerInput } from './worker.ts';

export interface FleetRigOptions {
  readonly size?: number;
  readonly reusePort?: boolean;
  readonly rig?: Partial<RigOptions>;
}

export class FleetRig {
  readonly fleet: Fleet;
  readonly upstream: FakeUpstream;
  readonly notes: string[];
  readonly #folder: string;

  private constructor(fleet: Fleet, upstream: FakeUpstream, notes: string[], folder: string) {
    this.fleet = fleet;
    this.upstream = upstream;
    this.notes = notes;
    this.#folder = folder;
  }

  static async start(options: FleetRigOptions = {}): Promise<FleetRig> {
    const { size = 2, reusePort = true } = options;
    const folder = mkdtempSync(join(tmpdir(), 'entrepot-fleet-'));
    const upstream = new FakeUpstream(chat);
    await upstream.listen();
    const deployments = [{ id: 'main', service: 'openai-api', endpoint: upstream.url }] as const;
    const rig: RigOptions = { deployments, mode: 'durable', ...options.rig };
    const input: WorkerInput = { rig, path: join(folder, 'ledger.db') };
    const notes: string[] = [];
    const note = (text: string): void => void notes.push(text);
    const where = { host: '127.0.0.1', port: 0, reusePort };
    const script = new URL('./worker.ts', import.meta.url);
    try {
      const times = { spendMs: 86_400_000, stopMs: 10_000 };
      const fleet = await Fleet.start({ script, size, ...where, input, ...times, note });
      return new FleetRig(fleet, upstream, notes, folder);
    } catch (cause) {
      await upstream.close();
      throw cause;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.fleet.port}`;
  }

  /** On a connection of its own, so that any worker may get it. */
  post(path: string, body: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, connection: 'close' },
      body: JSON.stringify(body),
    });
  }

  ask(stream = false): Promise<Response> {
    return this.post('/v1/chat/completions', ask(stream));
  }

  /** A figure of one scrape, summed over its labels. */
  async metric(name: string): Promise<number> {
    const lines = (await this.#scrape()).split('\n');
    const own = lines.filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return own.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** Asks again where the worker that was asked has just been killed. */
  async #scrape(): Promise<string> {
    for (;;) {
      try {
        const response = await fetch(`${this.url}/metrics`, { headers: { connection: 'close' } });
        if (response.status === 200) return await response.text();
      } catch (cause) {
        if (!(cause instanceof TypeError)) throw cause;
      }
    }
  }

  /** Process ids of the workers that live. */
  get pids(): number[] {
    const workers = Object.values(cluster.workers ?? {});
    return workers.filter(w => w?.isDead() === false).map(w => w!.process.pid!);
  }

  reader(): LedgerReader {
    return readLedger(join(this.#folder, 'ledger.db'));
  }

  async records(): Promise<LedgerRecord[]> {
    const reader = this.reader();
    try {
      return await Array.fromAsync(reader.tail({ limit: 1_000_000 }));
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.upstream.close();
    rmSync(this.#folder, { recursive: true });
  }
}
