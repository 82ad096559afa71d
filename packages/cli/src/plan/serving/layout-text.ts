import type { ServingLayout } from '@entrepot/planner/serve/instance';

/** tp4, tp8 pp2, tp8 ep8, dp8 ep8, tp8 dp2 ep16. */
export function layoutText({ tp, ep, attentionDp, pp }: ServingLayout): string {
  const parts = tp > 1 || attentionDp === 1 ? [`tp${tp}`] : [];
  if (attentionDp > 1) parts.push(`dp${attentionDp}`);
  if (ep > 1) parts.push(`ep${ep}`);
  if (pp > 1) parts.push(`pp${pp}`);
  return parts.join(' ');
}
