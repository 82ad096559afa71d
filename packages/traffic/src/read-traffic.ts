// Reads traffic of any format from a file: finds out which it is, refuses what is wrong with its
// row, and gives the requests a batch at a time.

import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { batchesOf } from './column-batches.ts';
import { Database } from './database.ts';
import type { Format, Shape } from './format.ts';
import { formats } from './formats/registry.ts';
import type { Traffic, TrafficHead } from './request-columns.ts';
import { type RouteMap, routeOf } from './route-map.ts';
import { checkRows } from './row-checks.ts';
import { drawServegen } from './servegen.ts';
import { openSource, readError, type SourceFile } from './source-file.ts';
import { TrafficError } from './traffic-error.ts';
import { type Scan, TrafficQuery } from './traffic-query.ts';

export interface ReadOptions {
  /** The name of a format, or one of one's own; null finds out by the columns. */
  readonly format: string | Format | null;
  readonly routes: RouteMap;
  /** For traffic that is drawn. */
  readonly seed: number;
}

/** Traffic of an open file. Its batches can be read more than once. */
export interface OpenTraffic extends Traffic {
  close(): void;
}

/** Of a file, or of a folder with ServeGen's clients. Throws TrafficError. */
export async function readTraffic(path: string, options: ReadOptions): Promise<OpenTraffic> {
  if (existsSync(path) && statSync(path).isDirectory()) {
    const model = basename(path);
    const route = routeOf(options.routes, model) ?? model;
    return { ...drawServegen(path, route, options.seed), close: () => {} };
  }
  const db = await Database.open();
  try {
    return await open(db, path, options);
  } catch (cause) {
    db.close();
    throw cause instanceof TrafficError ? cause : readError(path, cause);
  }
}

async function open(db: Database, path: string, options: ReadOptions): Promise<OpenTraffic> {
  const found = await openSource(db, path);
  const format = formatOf(found, options.format);
  if (format.checks !== undefined) await checkRows(db, found, format.checks(found));
  const file = format.rows?.(found) ?? found;
  const shape = format.shape(file);
  const query = new TrafficQuery(db, file, shape);
  const scan = await query.scan();
  await query.prepare(scan);
  const routes = routesOf(scan, options.routes, path);
  const head = headOf(path, format, shape, scan, routes.names);
  const sql = query.requests(scan);
  return {
    head,
    batches: {
      [Symbol.asyncIterator]: () =>
        batchesOf(db.chunks(sql), routes.ofModel, shape.hashes !== null),
    },
    close: () => db.close(),
  };
}

function formatOf(file: SourceFile, wanted: string | Format | null): Format {
  const missingOf = (format: Format): string[] =>
    format.columns.filter(column => !file.columns.includes(column));
  const has = file.columns.join(', ') || 'nothing';
  if (wanted === null) {
    const format = formats.find(candidate => missingOf(candidate).length === 0);
    if (format !== undefined) return format;
    const alike = formats.filter(f => missingOf(f).length < f.columns.length);
    const [near] = alike.toSorted((a, b) => missingOf(a).length - missingOf(b).length);
    const hint = near && ` For ${near.name} it lacks ${missingOf(near).join(', ')}.`;
    throw new TrafficError(
      `${file.path}: its columns are of no known format: ${has}.${hint ?? ''} ` +
        'Say which column holds what with --map FILE.',
    );
  }
  const names = formats.map(f => f.name).join(', ');
  const format =
    typeof wanted === 'string' ? formats.find(f => f.name === wanted) : (wanted as Format);
  if (format === undefined) throw new TrafficError(`there is no format ${wanted}: ${names}`);
  const missing = missingOf(format);
  if (missing.length === 0) return format;
  const column = missing.length === 1 ? 'column' : 'columns';
  throw new TrafficError(
    `${file.path}: no ${column} ${missing.join(', ')}, which ${format.name} has; it has ${has}`,
  );
}

interface Routes {
  readonly names: readonly string[];
  readonly ofModel: Uint16Array;
}

function routesOf(scan: Scan, map: RouteMap, path: string): Routes {
  const names: string[] = [];
  const ofModel = Uint16Array.from(scan.models, model => {
    const route = routeOf(map, model);
    if (route === null) {
      throw new TrafficError(
        `${path}: requests name no model. Say with --route NAME which they are of.`,
      );
    }
    if (!names.includes(route)) names.push(route);
    return names.indexOf(route);
  });
  return { names, ofModel };
}

function headOf(
  path: string,
  format: Format,
  shape: Shape,
  scan: Scan,
  routes: readonly string[],
): TrafficHead {
  const says = shape.features.some(([feature]) => feature === 'streaming');
  const assumed = [...shape.assumed];
  if (!says) assumed.push('the traffic does not say which requests stream: all are taken to');
  if (shape.model === null) {
    assumed.push(`the traffic names no model: all requests are taken to be for ${routes[0]}`);
  }
  return {
    name: basename(path),
    source: format.about,
    requests: scan.requests,
    routes,
    keys: scan.keys,
    blockTokens: shape.blockTokens,
    startUnixMs: shape.isUnix ? scan.firstMs : null,
    assumed,
  };
}
