// The quotas that vendors publish, for upstreams of which nothing was measured.

import type { CatalogFile } from '@entrepot/catalog/catalog';
import { matches } from '@entrepot/catalog/criteria';
import { loadQuotas, type PublishedQuota } from '@entrepot/catalog/load-quotas';
import { defaultUpstream } from '@entrepot/replay/upstream/default-model';
import { type Case, deploymentsOf } from '@entrepot/replay/what-if/case';
import { saying } from '../scenario/scenario-files.ts';

/** Throws UsageError for what is wrong with them. */
export function publishedQuotas(files: readonly CatalogFile[]): readonly PublishedQuota[] {
  const file = files.find(({ path }) => path === 'quotas.yaml');
  return file === undefined ? [] : saying(() => loadQuotas(file));
}

/** What was fitted stays as it is. */
export function withQuotas(one: Case, quotas: readonly PublishedQuota[]): Case {
  const added = deploymentsOf(one).flatMap(deployment => {
    const quota = quotas.find(({ match }) => matches(deployment.offer, match));
    const isFitted = one.upstreams?.[deployment.id] !== undefined;
    if (quota === undefined || isFitted) return [];
    return [[deployment.id, defaultUpstream(deployment, quota)] as const];
  });
  if (added.length === 0) return one;
  return { ...one, upstreams: { ...one.upstreams, ...Object.fromEntries(added) } };
}
