// One gateway in front of the simulated clouds, with a route for each place of a table, and what a
// post to it comes to: for the tests that prove the cells.

import assert from 'node:assert/strict';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import type { ErrandVerdict } from '../../src/capabilities/errand.ts';
import { Rig, type RigDeployment } from '../rig.ts';
import { deploymentAt } from '../sdk/clouds.ts';

export type PlaceAt = Pick<RigDeployment, 'service' | 'offer' | 'kind'>;

export interface Posting {
  /** The model's name of a place is the route's. */
  routeOf(place: string): string;
  post(path: string, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

export async function startPosting(at: Readonly<Record<string, PlaceAt>>): Promise<Posting> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  const names = Object.keys(at);
  const routeOf = (place: string): string => `place-${names.indexOf(place)}`;
  const deployments = names.map(name => {
    const place = at[name]!;
    return { ...deploymentAt(simcloud, place.service), ...place, id: routeOf(name) };
  });
  const rig = await Rig.start({ deployments, routeEach: true });
  return {
    routeOf,
    post: (path, body) => rig.post(path, body),
    close: async () => {
      await rig.close();
      await simcloud.close();
    },
  };
}

/** The answer is what the cell says: one that `isThere` finds whole, or an error that says why. */
export async function proveAnswer(
  response: Response,
  verdict: ErrandVerdict,
  isThere: (body: Loose) => boolean,
): Promise<void> {
  const text = await response.text();
  const shown = text.slice(0, 400);
  const lost = response.headers.get('entrepot-lost')?.split(', ') ?? [];
  if (verdict.is === 'lossy') {
    assert.ok(lost.includes(verdict.why), `lost: ${lost}`);
    return;
  }
  // What an answer counts is a feature of its own.
  assert.ok(
    lost.every(field => field === 'usage'),
    `lost: ${lost}`,
  );
  if (verdict.is === 'refused') {
    assert.ok(response.status === 400 || response.status === 404, shown);
    assert.ok(text.includes(verdict.why), shown);
    return;
  }
  assert.equal(response.status, 200, shown);
  assert.equal(isThere(JSON.parse(text)), verdict.is === 'carried', shown);
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms, taken apart
export type Loose = any;
