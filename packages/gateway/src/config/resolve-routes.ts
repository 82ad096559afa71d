// The routes of the file become the engine's routes: names become deployments, prices integers.

import { toPicoUsd } from '@entrepot/catalog/money';
import type { Constraints } from '@entrepot/engine/deployment';
import type { Findings } from './findings.ts';
import type { ConfiguredRoute } from './gateway-config.ts';
import { didYouMean } from './nearest.ts';
import type { ParsedConfig } from './parse-config.ts';
import type { ConstraintsEntry } from './schema.ts';
import type { Target } from './target.ts';
import type { Path } from './yaml-source.ts';

/** `targets` are those that could be resolved, by name. */
export function resolveRoutes(
  parsed: ParsedConfig,
  targets: ReadonlyMap<string, Target>,
  findings: Findings,
): readonly ConfiguredRoute[] {
  const { deployments, routes } = parsed;
  if (routes.count === 0) findings.error(['routes'], 'must have at least one route');
  const known = deployments.entries.map(e => e.value.name);
  const names = new Map<string, Path>();
  const used = new Set<string>();
  const resolved = routes.entries.map(({ path, value }) => {
    findings.claim(names, value.name, [...path, 'name']);
    for (const [i, alias] of value.aliases.entries()) {
      findings.claim(names, alias, [...path, 'aliases', i]);
    }
    const chosen = value.deployments.flatMap((name, i) => {
      const at = [...path, 'deployments', i];
      if (value.deployments.indexOf(name) < i) findings.error(at, `${name} stands here twice`);
      if (!known.includes(name) && !deployments.brokenNames.has(name)) {
        findings.error(at, `there is no deployment ${name}${didYouMean(name, known)}`);
      }
      used.add(name);
      return targets.get(name)?.deployment ?? [];
    });
    const constraints = resolveConstraints(value.constraints, [...path, 'constraints'], findings);
    const policy = { objective: value.objective, constraints };
    const route = { name: value.name, policy, deployments: chosen };
    return { route, aliases: value.aliases, losses: value.losses };
  });
  for (const { path, value } of deployments.entries) {
    if (!used.has(value.name)) findings.warn(path, `no route uses the deployment ${value.name}`);
  }
  return resolved;
}

function resolveConstraints(entry: ConstraintsEntry, path: Path, findings: Findings): Constraints {
  const picoUsd = (field: 'maxInputUsdPerMtok' | 'maxOutputUsdPerMtok'): number | null => {
    const usd = entry[field];
    if (usd === undefined) return null;
    const pico = toPicoUsd(usd);
    if (pico === null) findings.error([...path, field], 'must be in whole millionths of a USD');
    return pico;
  };
  return {
    maxTtftMs: entry.maxTtftMs ?? null,
    residency: entry.residency ?? null,
    maxInputPicoUsd: picoUsd('maxInputUsdPerMtok'),
    maxOutputPicoUsd: picoUsd('maxOutputUsdPerMtok'),
    maxShare: entry.maxShare ?? null,
  };
}
