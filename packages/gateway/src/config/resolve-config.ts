// A parsed configuration becomes what the gateway starts with, or all that is wrong with it.

import { dirname, resolve } from 'node:path';
import type { Market } from '@entrepot/catalog/as-of';
import { withDefaults } from '@entrepot/engine/defaults';
import { Findings } from './findings.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { ParsedConfig } from './parse-config.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { CredentialResolver } from './resolve-credential.ts';
import { resolveKeys } from './resolve-keys.ts';
import { resolveRoutes } from './resolve-routes.ts';
import { resolveTarget } from './resolve-target.ts';
import type { Environment } from './secret-source.ts';
import type { Target } from './target.ts';
import type { Path } from './yaml-source.ts';

const dayMs = 86_400_000;

export interface ResolvedConfig {
  readonly config: GatewayConfig;
  /** How many processes shall serve it. */
  readonly workers: number | 'auto';
  /** What does not stop the start, but should be known. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Looks up offers in the market and secrets in `env` and in files; relative paths begin at the
 * folder of the configuration file. Throws ConfigError with every problem, those of the parse too.
 */
export function resolveConfig(
  parsed: ParsedConfig,
  market: Market,
  env: Environment,
): ResolvedConfig {
  // Of a text that is not YAML nothing else can be said.
  if (parsed.source.problems.length > 0) throw new ConfigError(parsed.problems);
  const findings = new Findings(parsed.source, parsed.problems);
  const folder = dirname(resolve(parsed.source.file));
  const keys = resolveKeys(parsed, env, folder, findings);
  const targets = resolveTargets(parsed, market, env, folder, findings);
  const routes = resolveRoutes(parsed, targets, findings);
  if (findings.problems.length > 0) throw new ConfigError(findings.problems);
  const { ledger, engine, limits } = parsed;
  const { workers, ...listen } = parsed.listen;
  const { retentionDays, ...responses } = parsed.responses;
  const { connectMs } = withDefaults(engine).deadlines;
  const config: GatewayConfig = {
    listen,
    keys,
    ledger: { ...ledger, path: resolve(folder, ledger.path) },
    responses: { ...responses, retentionMs: Math.round(retentionDays * dayMs) },
    limits,
    deadlines: { connectMs },
    engine,
    targets: [...targets.values()],
    routes,
  };
  return { config, workers, warnings: findings.warnings };
}

function resolveTargets(
  parsed: ParsedConfig,
  market: Market,
  env: Environment,
  folder: string,
  findings: Findings,
): ReadonlyMap<string, Target> {
  const { deployments } = parsed;
  if (deployments.count === 0) findings.error(['deployments'], 'must have at least one deployment');
  const secrets = new CredentialResolver(env, folder, findings);
  const names = new Map<string, Path>();
  const targets = new Map<string, Target>();
  for (const entry of deployments.entries) {
    findings.claim(names, entry.value.name, [...entry.path, 'name']);
    const target = resolveTarget(entry, market, secrets, findings);
    if (target !== null) targets.set(entry.value.name, target);
  }
  return targets;
}
