// The demo's configuration: three routes over five simulated clouds, as a file would have it, so
// that the demo goes the way of every configuration. Times are compressed with the traffic.

import type { Market } from '@entrepot/catalog/as-of';
import { defaults } from '@entrepot/engine/defaults';
import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { type ResolvedConfig, resolveConfig } from '@entrepot/gateway/config/resolve-config';
import type { DemoCloud } from './demo-cloud.ts';

export interface DemoConfigOptions {
  readonly market: Market;
  readonly clouds: readonly DemoCloud[];
  readonly key: string;
  readonly port: number;
  readonly ledgerPath: string;
  readonly speed: number;
}

/** What each cloud sells in the demo, as deployment name and catalog offer. */
const deployments: Readonly<Record<DemoCloud['name'], readonly (readonly [string, string])[]>> = {
  'azure-openai': [['azure-gpt', 'azure-openai/global/openai/gpt-5.4-mini']],
  openai: [['openai-gpt', 'openai-api/global/openai/gpt-5.4-mini']],
  bedrock: [['bedrock-claude', 'bedrock/global/anthropic/claude-haiku-4-5']],
  'vertex-ai': [['vertex-claude', 'vertex-ai/global/anthropic/claude-haiku-4-5']],
  // Only where there is a real key: no simulated cloud of the demo sells it.
  'gemini-api': [['google-gemini', 'gemini-api/global/google/gemini-2.5-flash']],
  anthropic: [['anthropic-claude', 'anthropic-api/global/anthropic/claude-haiku-4-5']],
};

/** `any` may not give more than this share of its spend to one cloud. */
const maxShare = 0.6;

const routes = [
  { name: 'gpt', objective: 'priority', deployments: ['azure-gpt', 'openai-gpt'] },
  {
    name: 'claude',
    objective: 'priority',
    deployments: ['bedrock-claude', 'vertex-claude', 'anthropic-claude'],
  },
  {
    name: 'any',
    objective: 'cost',
    constraints: { maxShare },
    deployments: [
      'azure-gpt',
      'openai-gpt',
      'bedrock-claude',
      'vertex-claude',
      'anthropic-claude',
      'google-gemini',
    ],
  },
];

export const demoRoutes: readonly string[] = routes.map(route => route.name);

/** Throws ConfigError when an offer of the demo is not in the market. */
export function demoConfig(options: DemoConfigOptions): ResolvedConfig {
  const { clouds, key, ledgerPath, market, port, speed } = options;
  const offered = clouds.flatMap(cloud =>
    deployments[cloud.name].map(([name, offer], priority) => ({
      name,
      offer,
      priority:
        cloud.name === 'azure-openai' || cloud.name === 'bedrock' ? priority : priority + 10,
      credential: cloud.credential,
      simulated: cloud.simulated,
      ...(cloud.endpoint !== null && { endpoint: cloud.endpoint }),
      ...(cloud.region !== null && { region: cloud.region }),
      ...(cloud.apiVersion !== null && { apiVersion: cloud.apiVersion }),
      ...(cloud.project !== null && { project: cloud.project }),
    })),
  );
  const names = new Set(offered.map(d => d.name));
  const file = {
    listen: { host: '127.0.0.1', port },
    keys: [{ name: 'demo', key }],
    ledger: { path: ledgerPath, mode: 'durable' },
    limits: { drainMs: 2_000 },
    engine: compressed(speed),
    deployments: offered,
    routes: routes
      .map(route => ({ ...route, deployments: route.deployments.filter(d => names.has(d)) }))
      .filter(route => route.deployments.length > 0),
  };
  // JSON is YAML.
  return resolveConfig(parseConfig(JSON.stringify(file, null, 2), 'demo.yaml'), market, {});
}

/** The engine's own times over the compression, so that an outage of minutes fits into seconds. */
function compressed(speed: number): unknown {
  const { deadlines, patience, circuit, hold, latency } = defaults;
  const over = <T extends object>(settings: T): Record<string, number> =>
    Object.fromEntries(
      Object.entries(settings)
        .filter(([name]) => /Ms$/.test(name))
        .map(([name, ms]) => [name, Math.max(1, Math.round((ms as number) / speed))]),
    );
  return {
    deadlines: over(deadlines),
    patience: { ...over(patience), unmeasuredMs: Math.round(patience.floorMs / speed) },
    circuit: over(circuit),
    hold: over(hold),
    latency: over(latency),
  };
}
