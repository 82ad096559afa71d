import type { Layout } from '@entrepot/planner/layout';

/** `tp 8 pp 16x4 dp 128 mb 1 zero1 selective`: degrees of 1 are left out. */
export function layoutText(layout: Layout): string {
  const { vpp, recompute, recomputedShare } = layout;
  const degree = (name: string, value: number): string[] => (value > 1 ? [`${name} ${value}`] : []);
  const pipeline = vpp > 1 ? [`pp ${layout.pp}x${vpp}`] : degree('pp', layout.pp);
  const some = recompute === 'full' && recomputedShare < 1;
  return [
    ...degree('tp', layout.tp),
    ...pipeline,
    ...degree('cp', layout.cp),
    ...degree('ep', layout.ep),
    ...degree('etp', layout.etp),
    ...degree('dp', layout.dp),
    `mb ${layout.microBatch}`,
    layout.sharding,
    ...(recompute === 'none'
      ? []
      : [some ? `full ${Math.round(recomputedShare * 100)}%` : recompute]),
  ].join(' ');
}
