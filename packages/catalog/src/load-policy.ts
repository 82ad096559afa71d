// A policy in a file of its own: the `policy` of a scenario, and nothing else.

import type { CatalogFile } from './catalog.ts';
import type { PolicyEdits } from './policy-edit.ts';
import { CatalogError } from './problem.ts';
import { readPolicyEdits } from './read/policy-edits.ts';
import { ScenarioDocument } from './read/scenario-document.ts';

/** Throws CatalogError with all that is wrong with it. */
export function loadPolicy(file: CatalogFile): PolicyEdits {
  const document = new ScenarioDocument(file);
  document.root(['policy']).object('policy', ['objective', 'constraints', 'routes']);
  const edits = readPolicyEdits(document);
  if (document.problems.length > 0) throw new CatalogError(document.problems);
  return edits;
}
