// A gateway on a free port in front of scripted upstreams, all real sockets on loopback: what the
// tests of the request path stand on.

import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelKind } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';
import type { HostHabits } from '@entrepot/dialects/dialect';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import type { Objective } from '@entrepot/engine/deployment';
import pino from 'pino';
import { cloudOf } from '../src/clouds/registry.ts';
import { operationsOf } from '../src/clouds/spoken-dialects.ts';
import type { GatewayConfig } from '../src/config/gateway-config.ts';
import { Secret, type Target } from '../src/config/target.ts';
import type { LedgerMode } from '../src/ledger/ledger.ts';
import type { LedgerRecord } from '../src/ledger/ledger-record.ts';
import { readLedger } from '../src/ledger/read-ledger.ts';
import type { LossPolicy } from '../src/routes.ts';
import { type RunningGateway, startGateway } from '../src/start-gateway.ts';

export const key = 'a-caller-key';
export const otherKey = 'another-caller-key';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Script = (
  received: Received,
  response: ServerResponse,
  request: IncomingMessage,
) => void;

/** One scripted upstream. `script` may be replaced between requests. */
export class FakeUpstream {
  readonly received: Received[] = [];
  script: Script;
  readonly #server: Server;

  constructor(script: Script) {
    this.script = script;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const body = Buffer.concat(chunks).toString();
        const received = { method, path: url, headers, body };
        this.received.push(received);
        this.script(received, response, request);
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

export type Service =
  | 'openai-api'
  | 'azure-openai'
  | 'anthropic-api'
  | 'bedrock'
  | 'bedrock-mantle'
  | 'gemini-api'
  | 'vertex-ai'
  | 'openai-compatible';

const services = {
  'openai-api': ['openai', 'openai', 'openai/gpt-5.4-mini', 'openai-chat'],
  'azure-openai': ['azure', 'azure-openai', 'openai/gpt-5.4-mini', 'openai-chat'],
  'anthropic-api': ['anthropic', 'anthropic', 'anthropic/claude-haiku-4-5', 'anthropic-messages'],
  bedrock: ['aws', 'bedrock', 'anthropic/claude-haiku-4-5', 'bedrock-converse'],
  'bedrock-mantle': ['aws', 'bedrock-mantle', 'openai/gpt-5.6-luna', 'openai-responses'],
  'gemini-api': ['google', 'gemini-api', 'google/gemini-3-flash', 'gemini'],
  'vertex-ai': ['google', 'vertex-ai', 'google/gemini-3-flash', 'gemini'],
  'openai-compatible': ['self', 'openai-compatible', 'openai/gpt-oss-120b', 'openai-chat'],
} as const satisfies Record<Service, readonly [string, string, string, string]>;

/** An offer at 1 USD per million tokens in and 2 out, 0.1 for cached reads. */
export function offerOf(service: Service, changes: Partial<Offer> = {}): Offer {
  const [cloud, , model, dialect] = services[service];
  return {
    id: `${service}/global/${model}`,
    model,
    cloud,
    service,
    region: 'global',
    term: 'on-demand',
    serviceModelId: model.split('/')[1]!,
    aliases: [],
    dialects: [dialect],
    prices: {
      inputPicoUsd: 1_000_000,
      outputPicoUsd: 2_000_000,
      cachedReadPicoUsd: 100_000,
      cacheWrite5mPicoUsd: 1_250_000,
      cacheWrite1hPicoUsd: 2_000_000,
      tiers: [],
    },
    contextTokens: 1_000_000,
    maxOutputTokens: 64_000,
    features: [
      'streaming',
      'tools',
      'vision',
      'documents',
      'json-schema',
      'reasoning',
      'prompt-caching',
    ],
    residency: 'global',
    slaAvailability: null,
    validFrom: null,
    validUntil: null,
    conflicts: [],
    source: 'made for a test',
    seenOn: '2026-01-01',
    ...changes,
  };
}

export interface RigDeployment {
  readonly id: string;
  readonly service: Service;
  readonly endpoint: string;
  readonly priority?: number;
  readonly offer?: Partial<Offer>;
  readonly modelName?: string;
  /** What the model makes; by default not known. */
  readonly kind?: ModelKind;
  /** By default a key, or a bearer token for Bedrock, that scripted upstreams take. */
  readonly credential?: Target['credential'];
  readonly headers?: readonly string[];
  readonly quirks?: HostHabits;
}

export interface RigOptions {
  readonly deployments: readonly RigDeployment[];
  readonly objective?: Objective;
  /** By default there is no cap. */
  readonly maxShare?: number;
  readonly losses?: LossPolicy;
  readonly mode?: LedgerMode;
  readonly engine?: SettingsOverrides;
  readonly bodyBytes?: number;
  /** Who keeps answers of Responses; nobody by default. */
  readonly responses?: Partial<GatewayConfig['responses']>;
  /** Each deployment has a route of its own too, by its id. */
  readonly routeEach?: boolean;
}

/** A gateway with one route, `any`, over all deployments, in the order of their priority. */
export class Rig {
  running: RunningGateway;
  readonly #folder: string;
  readonly #config: GatewayConfig;

  private constructor(running: RunningGateway, config: GatewayConfig, folder: string) {
    this.running = running;
    this.#config = config;
    this.#folder = folder;
  }

  static async start(options: RigOptions): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'entrepot-rig-'));
    const config = configOf(options, join(folder, 'ledger.db'));
    const running = await startGateway(config, { log: pino({ level: 'silent' }) });
    return new Rig(running, config, folder);
  }

  /** Another gateway on the same ledger, at another port. */
  async restart(): Promise<void> {
    await this.running.close();
    this.running = await startGateway(this.#config, { log: pino({ level: 'silent' }) });
  }

  get url(): string {
    return this.running.url;
  }

  /** Posts JSON (or text as it is) with the caller's key. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Every record, after all that was settled is on disk. */
  async records(): Promise<LedgerRecord[]> {
    await this.running.gateway.ledger.flush();
    const reader = readLedger(join(this.#folder, 'ledger.db'));
    try {
      return await Array.fromAsync(reader.tail({ limit: 100_000 }));
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    await this.running.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** The gateway's configuration with its ledger at `path`. */
export function configOf(options: RigOptions, path: string): GatewayConfig {
  const targets = options.deployments.map(targetOf);
  const constraints = {
    maxTtftMs: null,
    residency: null,
    maxInputPicoUsd: null,
    maxOutputPicoUsd: null,
    maxShare: options.maxShare ?? null,
  };
  const policy = { objective: options.objective ?? 'priority', constraints };
  const losses = options.losses ?? 'refuse';
  const own = options.routeEach === true ? targets.map(t => t.deployment) : [];
  const route = { name: 'any', policy, deployments: targets.map(t => t.deployment) };
  return {
    listen: { host: '127.0.0.1', port: 0 },
    keys: [keyHash('tester', key), keyHash('another', otherKey)],
    ledger: { path, mode: options.mode ?? 'fast' },
    limits: {
      bodyBytes: options.bodyBytes ?? 32 * 1024 * 1024,
      headMs: 15_000,
      bodyMs: 60_000,
      drainMs: 2_000,
    },
    responses: {
      store: 'none',
      retentionMs: 86_400_000,
      maxResponseBytes: 1024 * 1024,
      maxTotalBytes: 64 * 1024 * 1024,
      ...options.responses,
    },
    deadlines: { connectMs: 5_000 },
    engine: options.engine ?? {},
    targets,
    routes: [
      { route, aliases: ['also-any'], losses },
      ...own.map(deployment => ({
        route: { name: deployment.id, policy, deployments: [deployment] },
        aliases: [],
        losses,
      })),
    ],
  };
}

function keyHash(name: string, secret: string): { name: string; sha256: string } {
  return { name, sha256: hash('sha256', secret) };
}

function targetOf(deployment: RigDeployment, index: number): Target {
  const offer = offerOf(deployment.service, deployment.offer);
  const isBedrock = deployment.service.startsWith('bedrock');
  const isVertex = deployment.service === 'vertex-ai';
  const cloud = services[deployment.service][1];
  const { kind = null } = deployment;
  return {
    deployment: {
      id: deployment.id,
      offer,
      priority: deployment.priority ?? index,
      expectedTtftMs: null,
      operations: operationsOf(cloudOf(cloud), offer, kind),
    },
    cloud,
    ...(kind === null ? {} : { kind }),
    endpoint: deployment.endpoint,
    modelName: deployment.modelName ?? offer.serviceModelId,
    flags: {},
    apiVersion: deployment.service === 'azure-openai' ? 'v1' : null,
    project: isVertex ? 'p-1' : null,
    region: isBedrock ? 'us-east-1' : null,
    credential: deployment.credential ?? scriptedCredential(isBedrock || isVertex),
    headers: deployment.headers ?? [],
    quirks: deployment.quirks ?? {},
    simulated: true,
  };
}

function scriptedCredential(isToken: boolean): Target['credential'] {
  const secret = new Secret('upstream-secret');
  return isToken ? { type: 'bearer', token: secret } : { type: 'api-key', key: secret };
}
