// A policy as a user names it: that of a scenario, or a file with nothing but a policy.

import type { CatalogFile } from '@entrepot/catalog/catalog';
import { loadPolicy } from '@entrepot/catalog/load-policy';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import type { PolicyEdits } from '@entrepot/catalog/policy-edit';
import { saying } from '../scenario/scenario-files.ts';

export interface NamedPolicy {
  /** Of the scenario; null for a policy alone. */
  readonly id: string | null;
  readonly title: string;
  readonly edits: PolicyEdits;
}

/** Throws UsageError with what is wrong with it. */
export function openPolicy(file: CatalogFile): NamedPolicy {
  return saying(() => {
    if (/^id:/m.test(file.text)) {
      const { id, title, policy } = loadScenario(file);
      return { id, title, edits: policy };
    }
    const name = file.path.replace(/^.*[\\/]/, '');
    return { id: null, title: name, edits: loadPolicy(file) };
  });
}

/** The edits that ask for a least quality. */
export function asksForQuality({ all, routes }: PolicyEdits): boolean {
  return [all, ...routes.values()].some(edit => edit?.constraints.minQuality != null);
}
