// A gateway over simulated clouds whose clock stands still, but for what comes from its callers and
// from the clouds, one thing after another, and for times that it waits for: so that what its
// engine is asked can be asked again at exactly the same moments, however many are under way.

import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '@entrepot/engine/create-engine';
import type { Route } from '@entrepot/engine/deployment';
import { type RunningGateway, startGateway } from '@entrepot/gateway/start-gateway';
import type { CloudName } from '@entrepot/simcloud/cloud-name';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import type { Fault } from '@entrepot/simcloud/fault';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import pino from 'pino';
import { Secret } from '../../../gateway/src/config/target.ts';
import { configOf, key, type RigOptions } from '../../../gateway/test/rig.ts';
import { type Decision, recorded, type WholeEngine } from './decisions.ts';
import { HeldPieces } from './held-pieces.ts';
import { randomOf } from './random-of.ts';

/** Between two things that come. */
const pieceMs = 7;
/** How late a time that has passed is seen: hardly, so that no other is seen with it. */
export const lateMs: number = 1 / 1024;
/** Half of it passes before the gateway looks, and half while it does: that has its own moment. */
const halfMs = lateMs / 2;
/** While nothing comes the clock goes on by so much at a time. */
const idleMs = 1_500;

/** What one caller asks, how long after the one before, and what is wrong from then on. */
export interface Call {
  readonly afterMs: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly faults?: readonly [CloudName, readonly Fault[]];
}

export interface LiveOptions extends Omit<RigOptions, 'deployments'> {
  readonly seed: number;
  /** Requests a minute that Azure lets through. */
  readonly azureRequestsPerMinute?: number;
}

export class Live {
  readonly decisions: Decision[] = [];
  readonly routes: readonly Route[];
  readonly engine: WholeEngine;
  /** The most attempts that were under way at once. */
  mostAtOnce = 0;
  #atOnce = 0;
  #now = 1_000;
  readonly #held: HeldPieces;
  readonly #request = new AsyncLocalStorage<number>();
  /** Until when requests wait, by their numbers. */
  readonly #waits = new Map<number, number>();
  #hasOpened = false;
  #running!: RunningGateway;
  readonly #simcloud: Simcloud;
  readonly #folder = mkdtempSync(join(tmpdir(), 'entrepot-same-'));

  private constructor(options: LiveOptions, routes: readonly Route[], parts: Parts) {
    this.routes = routes;
    this.#held = parts.held;
    this.#simcloud = parts.simcloud;
    let arrived = 0;
    const asking = {
      arrives: () => {
        this.#request.enterWith(arrived);
        return arrived++;
      },
      present: () => this.#request.getStore()!,
    };
    const engine = createEngine({ routes, ...options.engine });
    this.engine = recorded(engine, asking, decision => this.#note(decision));
  }

  static async start(options: LiveOptions): Promise<Live> {
    let live: Live | null = null;
    const now = (): number => live?.nowMs() ?? 0;
    const { seed, azureRequestsPerMinute: azure } = options;
    const ofAzure = { requestsPerMinute: azure ?? 0, tokensPerMinute: 1_000_000_000 };
    const quotas = azure === undefined ? {} : { 'azure-openai': ofAzure };
    const simcloud = await startSimcloud({ seed, speed: 40, quotas }, now);
    const held = new HeldPieces();
    const config = configOf({ ...options, deployments: await deployments(simcloud, held) }, '');
    const routes = config.routes.map(r => r.route);
    live = new Live(options, routes, { held, simcloud });
    const { engine } = live;
    const clock = { nowMs: now, unixMs: now };
    const random = randomOf(seed);
    live.#running = await startGateway(
      { ...config, ledger: { path: join(live.#folder, 'ledger.db'), mode: 'fast' } },
      {
        ...{ log: pino({ level: 'silent' }), clock, engine },
        random: () => random(live!.#request.getStore()!)(),
      },
    );
    live.#running.gateway.sweep.add({
      ...{ sweepPlace: null, sweepNumber: 0, expire: () => {} },
      isLate: () => {
        live!.#now += halfMs;
        return false;
      },
    });
    return live;
  }

  nowMs(): number {
    return this.#now;
  }

  /** All calls to their ends, at most `atOnce` under way. */
  async play(calls: readonly Call[], atOnce: number): Promise<void> {
    const open = new Set<Promise<void>>();
    for (const { afterMs, body, faults } of calls) {
      while (open.size >= atOnce) await this.#happen();
      if (faults !== undefined) await this.#simcloud.setFaults(...faults);
      await this.#passUntil(this.#now + pieceMs + afterMs);
      const asked: Promise<void> = this.#ask(body).finally(() => open.delete(asked));
      open.add(asked);
      const { length } = this.decisions;
      while (this.decisions.slice(length).every(d => d.call !== 'next')) await turn();
    }
    while (open.size > 0) await this.#happen();
  }

  async close(): Promise<void> {
    await this.#running.close();
    await this.#simcloud.close();
    this.#held.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #ask(body: Call['body']): Promise<void> {
    const response = await fetch(`${this.#running.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'any', ...body }),
    });
    await response.text();
  }

  #note(decision: Decision): void {
    this.decisions.push(decision);
    const { call, request, now } = decision;
    if (call === 'next') {
      if (decision.step.type === 'wait') this.#waits.set(request, decision.step.untilMs);
      else this.#waits.delete(request);
    }
    if (call === 'begin') this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    if (call !== 'observe') return;
    this.#atOnce -= 1;
    const { deployment, failure } = decision.outcome;
    if (this.#hasOpened || failure === null) return;
    if (!this.engine.hasOpenedSince(deployment, now - 2, now)) return;
    this.#hasOpened = true;
    // Before anything else is read, and after all that is decided at this moment.
    setImmediate(() => {
      this.#now += halfMs;
    });
  }

  /** One thing happens: a piece comes, or some time passes without any. */
  async #happen(): Promise<void> {
    if (!(await this.#held.hasCome())) {
      const { length } = this.decisions;
      while (this.decisions.length === length && !this.#held.isComing) {
        await this.#passUntil(this.#now + idleMs);
        await this.#swept();
      }
      return;
    }
    await this.#passUntil(this.#now + pieceMs);
    this.#held.release();
    await turn();
    if (this.#hasOpened) await this.#swept();
  }

  /** Those that wait until before then go on when they are due. */
  async #passUntil(untilMs: number): Promise<void> {
    for (;;) {
      const dueMs = Math.min(...this.#waits.values()) + halfMs;
      if (dueMs > untilMs) break;
      this.#now = dueMs;
      await this.#swept();
    }
    this.#now = untilMs;
  }

  /** All that the gateway watches was looked at, and what follows of it is done. */
  async #swept(): Promise<void> {
    do {
      this.#hasOpened = false;
      await this.#running.gateway.sweep.wait(0, () => {});
      await turn();
    } while (this.#hasOpened);
  }
}

interface Parts {
  readonly held: HeldPieces;
  readonly simcloud: Simcloud;
}

async function deployments(
  simcloud: Simcloud,
  held: HeldPieces,
): Promise<RigOptions['deployments']> {
  const { openai, azureOpenai, anthropic } = simcloud.urls;
  const { openai: o, azureOpenai: z, anthropic: a } = defaultCredentials;
  const apiKey = (keys: readonly string[]) =>
    ({ type: 'api-key', key: new Secret(keys[0]!) }) as const;
  const modelName = 'gpt-5.4-mini';
  return [
    {
      ...{ id: 'openai', service: 'openai-api', modelName },
      ...{ endpoint: await held.through(openai), credential: apiKey(o) },
    },
    {
      ...{ id: 'azure', service: 'azure-openai', modelName },
      ...{ endpoint: await held.through(azureOpenai), credential: apiKey(z) },
    },
    {
      ...{ id: 'anthropic', service: 'anthropic-api', modelName: 'claude-haiku-4-5' },
      ...{ endpoint: await held.through(anthropic), credential: apiKey(a) },
    },
  ];
}

/** What was sent within this process has been read, and what follows of it is done. */
async function turn(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve));
}
