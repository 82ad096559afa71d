// The traffic that a user named: the ledger, or a file of any format.

import { readFileSync } from 'node:fs';
import { readColumnMap } from '@entrepot/traffic/column-map';
import { type OpenTraffic, readTraffic } from '@entrepot/traffic/read-traffic';
import { type RouteMap, readRouteMap } from '@entrepot/traffic/route-map';
import { TrafficError } from '@entrepot/traffic/traffic-error';
import { UsageError } from '../command.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

/** `file` is where the traffic is, `otherwise` the route of requests that name none. */
export async function openTraffic(
  spec: WhatIfSpec,
  file: string,
  otherwise: string | null,
): Promise<OpenTraffic> {
  try {
    const format =
      spec.map === null ? spec.format : readColumnMap(textOf('map', spec.map), spec.map);
    return await readTraffic(file, { format, routes: routeMapOf(spec, otherwise), seed: 1 });
  } catch (cause) {
    if (cause instanceof TrafficError) throw new UsageError(cause.message);
    throw cause;
  }
}

function routeMapOf({ routes, route }: WhatIfSpec, otherwise: string | null): RouteMap {
  const fallback = route ?? otherwise;
  if (routes === null) return { otherwise: fallback, routes: new Map() };
  const map = readRouteMap(textOf('routes', routes), routes);
  return { routes: map.routes, otherwise: route ?? map.otherwise ?? otherwise };
}

/** A small file that an option names. */
export function textOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--${option} ${file} cannot be read: ${(cause as Error).message}`);
  }
}
