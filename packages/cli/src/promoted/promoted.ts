// What an operator has made true: scenarios that are part of the live catalog, and the policies in
// force. A folder beside the configuration, which `serve` reads when it starts:
//
//   promoted/scenarios/<id>.yaml
//   promoted/policies/<version>/policy.yaml, report.json
//   promoted/policies/history.jsonl

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CatalogFile } from '@entrepot/catalog/catalog';
import { type PolicyVersion, policyInForce } from './policy-versions.ts';

/** Texts, so that all workers of one gateway have the same, also those that start later. */
export interface Promoted {
  readonly scenarios: readonly CatalogFile[];
  /** null: those of the configuration. */
  readonly policy: PolicyVersion | null;
}

export function promotedFolder(configFile: string): string {
  return join(dirname(resolve(configFile)), 'promoted');
}

/** What was promoted for this configuration; nothing when there is no folder. */
export function readPromoted(configFile: string): Promoted {
  const folder = promotedFolder(configFile);
  return { scenarios: promotedScenarios(folder), policy: policyInForce(folder) };
}

/** In the order of their names: what is laid over the catalog must not hang on the file system. */
export function promotedScenarios(folder: string): readonly CatalogFile[] {
  const scenarios = join(folder, 'scenarios');
  if (!existsSync(scenarios)) return [];
  return readdirSync(scenarios)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => join(scenarios, name))
    .map(path => ({ path, text: readFileSync(path, 'utf8') }));
}
