// Plays requests live, at their times, through a gateway over simulated clouds, while an outage
// comes and goes as it is told.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Offer } from '@entrepot/catalog/offer';
import type { Route } from '@entrepot/engine/deployment';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import { readLedger } from '@entrepot/gateway/ledger/read-ledger';
import { startGateway } from '@entrepot/gateway/start-gateway';
import type { CloudName } from '@entrepot/simcloud/cloud-name';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import type { Fault } from '@entrepot/simcloud/fault';
import { startSimcloudWorker } from '@entrepot/simcloud/worker';
import type { TracedRequest } from '@entrepot/traffic/traced-request';
import { Agent, fetch } from 'undici';
import { Secret } from '../../packages/gateway/src/config/target.ts';
import {
  configOf,
  key,
  type RigDeployment,
  type RigOptions,
} from '../../packages/gateway/test/rig.ts';

/** Faults of a cloud from a time on, in place of those before. */
export interface Turn {
  readonly atMs: number;
  readonly cloud: CloudName;
  readonly faults: readonly Fault[];
}

export interface LivePlay {
  readonly requests: readonly TracedRequest[];
  readonly turns: readonly Turn[];
  readonly rig: Pick<RigOptions, 'objective' | 'maxShare'>;
  /** Each deployment is asked in turn, whatever the policy says: to be measured. */
  readonly isInTurn: boolean;
  readonly seed: number;
}

export interface Played {
  readonly records: readonly LedgerRecord[];
  readonly routes: readonly Route[];
}

/** Answers are streamed. Times are real: nothing is compressed. */
export async function playLive(play: LivePlay): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-calibrate-'));
  const simcloud = await startSimcloudWorker({ seed: play.seed });
  const path = join(folder, 'ledger.db');
  const config = configOf(
    { ...play.rig, deployments: deploymentsAt(simcloud.urls), routeEach: play.isInTurn },
    path,
  );
  const [, ...own] = config.routes.map(({ route }) => route.name);
  const running = await startGateway(config);
  const agent = new Agent();
  try {
    const origin = performance.now();
    const until = (atMs: number): Promise<void> => sleep(origin + atMs - performance.now());
    await Promise.all([
      ...play.turns.map(async ({ atMs, cloud, faults }) => {
        await until(atMs);
        await simcloud.setFaults(cloud, faults);
      }),
      ...play.requests.map(async (request, i) => {
        await until(request.atMs);
        await ask(running.url, own[i % own.length] ?? 'any', request, agent);
      }),
    ]);
    await running.gateway.ledger.flush();
    const reader = readLedger(path);
    const records = await Array.fromAsync(reader.tail({ limit: 1_000_000 }));
    await reader.close();
    return { records, routes: config.routes.map(({ route }) => route) };
  } finally {
    await agent.close();
    await running.close();
    await simcloud.close();
    rmSync(folder, { recursive: true });
  }
}

function deploymentsAt(urls: {
  readonly openai: string;
  readonly azureOpenai: string;
  readonly anthropic: string;
}): RigDeployment[] {
  const credential = (keys: readonly string[]): NonNullable<RigDeployment['credential']> => ({
    type: 'api-key',
    key: new Secret(keys[0]!),
  });
  const { openai, azureOpenai, anthropic } = defaultCredentials;
  return [
    {
      id: 'azure',
      service: 'azure-openai',
      modelName: 'gpt-4o',
      endpoint: urls.azureOpenai,
      credential: credential(azureOpenai),
      offer: { id: 'azure-openai/global/openai/gpt-4o', model: 'openai/gpt-4o' },
    },
    {
      id: 'openai',
      service: 'openai-api',
      modelName: 'gpt-4o-mini',
      endpoint: urls.openai,
      credential: credential(openai),
      offer: {
        id: 'openai-api/global/openai/gpt-4o-mini',
        model: 'openai/gpt-4o-mini',
        prices: pricesAt(1.1),
      },
    },
    {
      id: 'anthropic',
      service: 'anthropic-api',
      modelName: 'claude-haiku-4-5',
      endpoint: urls.anthropic,
      credential: credential(anthropic),
      offer: { prices: pricesAt(2) },
    },
  ];
}

/** Dearer than the first choice, so that cost tells who served. */
function pricesAt(factor: number): Offer['prices'] {
  return {
    inputPicoUsd: 1_000_000 * factor,
    outputPicoUsd: 2_000_000 * factor,
    cachedReadPicoUsd: 100_000 * factor,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
    tiers: [],
  };
}

async function ask(
  url: string,
  model: string,
  request: TracedRequest,
  dispatcher: Agent,
): Promise<void> {
  const { inputTokens, outputTokens } = request;
  // The time makes each prompt one of its own, that no cache knows.
  const content = `${request.atMs} [[simulate input=${inputTokens} output=${outputTokens}]]`;
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content }] }),
  });
  await response.text().catch(() => '');
}
