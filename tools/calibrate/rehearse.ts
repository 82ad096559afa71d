// One calibration: a first live play to fit the upstreams to, a second that nothing was fitted to,
// and the second again in virtual time.

import { type Outage, usualWorld, type World } from '@entrepot/catalog/world';
import { fitUpstream } from '@entrepot/replay/fit/fit-upstream';
import { generate } from '@entrepot/traffic/generate';
import { azureConversation2023 } from '@entrepot/traffic/profile';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import type { TracedRequest } from '@entrepot/traffic/traced-request';
import { attemptRowsOf } from './attempt-rows.ts';
import { liveSummary, offBy, replaySummary, type Summary } from './compare.ts';
import { playLive, type Turn } from './live-play.ts';

export interface CalibrationOptions {
  readonly seconds: number;
  readonly requestsPerSecond: number;
  /** Longer answers are cut to so many tokens. */
  readonly mostOutputTokens: number;
  /** The outage of the second play, in ms from its start. */
  readonly outage: { readonly fromMs: number; readonly untilMs: number } | null;
  readonly seed: number;
  readonly seeds: number;
}

export interface Calibration {
  readonly requests: number;
  readonly live: Summary;
  readonly replayed: Summary;
  readonly off: Summary;
}

export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const { seed, outage, seeds } = options;
  const rig = { objective: 'priority' } as const;
  const first = await playLive({
    ...{ rig, turns: [], seed, isInTurn: true },
    requests: requestsOf(options, seed),
  });
  const requests = requestsOf(options, seed + 1);
  const turns: Turn[] =
    outage === null
      ? []
      : [
          { atMs: outage.fromMs, cloud: 'azure-openai', faults: [{ kind: 'server-error' }] },
          { atMs: outage.untilMs, cloud: 'azure-openai', faults: [] },
        ];
  const second = await playLive({ rig, requests, turns, seed: seed + 1, isInTurn: false });
  const rows = attemptRowsOf(first.records);
  const deployments = second.routes.flatMap(route => route.deployments);
  const upstreams = Object.fromEntries(deployments.map(d => [d.id, fitUpstream(d, rows)]));
  const live = liveSummary(second.records);
  const { routes } = second;
  const world = worldOf(outage);
  const replayed = replaySummary({ requests, routes, upstreams, world, seeds });
  return { requests: requests.length, live, replayed, off: offBy(live, replayed) };
}

function requestsOf(options: CalibrationOptions, seed: number): TracedRequest[] {
  const { seconds, requestsPerSecond, mostOutputTokens } = options;
  const profile = { ...azureConversation2023, requestsPerSecond };
  return generate(profile, seconds, seededRandom(seed)).map(request => {
    return { ...request, outputTokens: Math.min(request.outputTokens, mostOutputTokens) };
  });
}

function worldOf(outage: CalibrationOptions['outage']): World {
  if (outage === null) return usualWorld;
  const exactly = (x: number): Outage['errorShare'] => ({ least: x, most: x });
  return {
    ...usualWorld,
    outages: [
      {
        place: { file: 'a calibration', line: 1 },
        match: { cloud: 'azure' },
        window: { clock: 'since-start', ...outage },
        errorShare: exactly(1),
        kinds: ['server-error'],
        slowFactor: exactly(1),
        recoveryMs: 0,
        cause: null,
      },
    ],
  };
}
