// The replays that a comparison needs: each case with each seed, and for a case that changes
// several kinds of things also the way there, one kind after the other, for what each of them did.

import type { World } from '@entrepot/catalog/world';
import type { ReplayOptions } from '../options.ts';
import { type Case, type Run, type Stage, stages } from './case.ts';

/** In an order in which a comparison that is broken off has every case with as many seeds. */
export function runsOf(
  traffic: ReplayOptions['traffic'],
  base: Case,
  cases: readonly Case[],
  seeds: number,
): Run[] {
  const otherMarkets = cases.map(one => one.routes.flatMap(r => r.deployments.map(d => d.offer)));
  const runs: Run[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = (one: Case, stage: Stage, world: World): void => {
      const { routes, settings, upstreams, tokenScales } = one;
      const options: ReplayOptions = {
        traffic,
        routes,
        world,
        seed,
        ...(settings === undefined ? {} : { settings }),
        ...(upstreams === undefined ? {} : { upstreams }),
        ...(tokenScales === undefined ? {} : { tokenScales }),
        ...(one === base ? { otherMarkets } : {}),
      };
      runs.push({ caseName: one.name, stage, seed, options });
    };
    run(base, 'whole', base.world);
    for (const one of cases) {
      for (const stage of stagesTo(base, one))
        run(one, stage, worldAt(stage, base.world, one.world));
    }
  }
  return runs;
}

/** The stages that differ from the next; the last one always. */
export function stagesTo(base: Case, one: Case): Stage[] {
  const worlds = stages.map(stage => JSON.stringify(plain(worldAt(stage, base.world, one.world))));
  return stages.filter((_, i) => worlds[i] !== worlds[i + 1]);
}

function worldAt(stage: Stage, from: World, to: World): World {
  if (stage === 'market') return from;
  if (stage === 'failures') return { ...from, outages: to.outages, latency: to.latency };
  return stage === 'capacity' ? { ...to, traffic: from.traffic } : to;
}

/** JSON leaves out what maps hold. */
function plain(world: World): unknown {
  const traffic = world.traffic.map(one => ({ ...one, mix: one.mix && [...one.mix] }));
  return { ...world, traffic };
}
