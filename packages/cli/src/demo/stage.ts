// The demo's stage: simulated clouds in one thread, the gateway in this one, the ledger in a folder
// of its own. Whatever happens, all of it is taken down again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayConfig } from '@entrepot/gateway/config/gateway-config';
import { type RunningGateway, startGateway } from '@entrepot/gateway/start-gateway';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import type { Simcloud } from '@entrepot/simcloud/simcloud';
import { startSimcloudWorker } from '@entrepot/simcloud/worker';
import { marketOf } from '../market.ts';
import type { DemoCloud } from './demo-cloud.ts';
import { demoConfig } from './demo-config.ts';
import type { DemoOptions } from './demo-options.ts';
import type { OutageStep } from './outage.ts';

/** Where the gateway listens when nothing else was asked for and the port is free. */
const usualPort = 4100;
/** What Bedrock asks for while it throttles, before compression: short, so that it is met often. */
const retryAfterMs = 2_000;

export interface Stage {
  readonly running: RunningGateway;
  readonly config: GatewayConfig;
  readonly key: string;
  readonly ledgerPath: string;
  /** Does what a step of the outage says. Simulated clouds only. */
  perform(step: OutageStep): Promise<void>;
  close(): Promise<void>;
}

export async function raiseStage(
  options: DemoOptions,
  real: readonly DemoCloud[],
  speed: number,
  key: string,
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-demo-'));
  const ledgerPath = options.ledger ?? join(folder, 'ledger.db');
  const simcloud =
    real.length > 0 ? null : await startSimcloudWorker({ seed: options.seed, speed });
  const down = async (running: RunningGateway | null): Promise<void> => {
    await running?.close();
    await simcloud?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const clouds = simcloud === null ? real : simulatedClouds(simcloud);
    const port = options.port ?? usualPort;
    const market = marketOf();
    const { config } = demoConfig({ market, clouds, key, port, ledgerPath, speed });
    const running = await listen(config, options.port === null);
    return {
      running,
      config,
      key,
      ledgerPath,
      perform: step => performStep(simcloud, step, speed),
      close: () => down(running),
    };
  } catch (cause) {
    await down(null);
    throw cause;
  }
}

/** Takes a free port when the usual one is taken and none was asked for. */
async function listen(config: GatewayConfig, mayMove: boolean): Promise<RunningGateway> {
  try {
    return await startGateway(config);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !mayMove) throw cause;
    return startGateway({ ...config, listen: { ...config.listen, port: 0 } });
  }
}

function simulatedClouds({ urls }: Simcloud): DemoCloud[] {
  const { anthropic, aws, azureOpenai, openai, vertexAi } = defaultCredentials;
  const [pair] = aws;
  const plain = { simulated: true, region: null, apiVersion: null, project: null };
  return [
    {
      ...plain,
      name: 'azure-openai',
      endpoint: urls.azureOpenai,
      apiVersion: 'v1',
      credential: { apiKey: azureOpenai[0] },
    },
    { ...plain, name: 'openai', endpoint: urls.openai, credential: { apiKey: openai[0] } },
    {
      ...plain,
      name: 'bedrock',
      endpoint: urls.bedrock,
      region: 'us-east-1',
      credential: { aws: pair },
    },
    {
      ...plain,
      name: 'vertex-ai',
      endpoint: urls.vertexAi,
      project: 'simulated-project',
      credential: { bearer: vertexAi[0] },
    },
    { ...plain, name: 'anthropic', endpoint: urls.anthropic, credential: { apiKey: anthropic[0] } },
  ];
}

async function performStep(
  simcloud: Simcloud | null,
  step: OutageStep,
  speed: number,
): Promise<void> {
  const wait = Math.round(retryAfterMs / speed);
  const faults =
    step.fault === null
      ? []
      : [{ kind: step.fault, ...(step.fault === 'rate-limit' && { retryAfterMs: wait }) }];
  await simcloud?.setFaults(step.cloud, faults);
}
