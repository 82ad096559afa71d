import type { Route } from '@entrepot/engine/deployment';
import { deployment, prices, route } from '../../packages/engine/test/fleet.ts';

const dear = { prices: prices({ inputPicoUsd: 5_000_000 }) };

/** Two offers of different prices, of which the faster one is wanted: cost depends on speed. */
export const coveredRoutes: readonly Route[] = [
  route([deployment('aws'), deployment('azure', dear)], 'latency'),
];
