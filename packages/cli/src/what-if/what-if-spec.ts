// What a user asks of `what-if`, as plain data: it goes as it is to the threads that replay.

import { isDate } from '@entrepot/catalog/date';
import { type CommandInput, UsageError } from '../command.ts';
import { today } from '../market.ts';
import { type Dimension, readDimensions } from './dimension.ts';
import type { Upstreams } from './fit-ledger.ts';
import type { Purchase } from './purchase.ts';

export interface WhatIfSpec {
  /** A file, a folder, or `ledger`. */
  readonly traffic: string;
  /** The name of a format; null finds it out. */
  readonly format: string | null;
  /** Files with a mapping of columns, and of the trace's models to routes. */
  readonly map: string | null;
  readonly routes: string | null;
  /** The route of requests that name no model. */
  readonly route: string | null;
  /** The model that counted the traffic's tokens; null is unknown. */
  readonly countedBy: string | null;
  readonly config: string | null;
  readonly policy: string | null;
  /** A file of scores of models, and the least that one must have. */
  readonly quality: string | null;
  readonly minQuality: number | null;
  readonly ledger: string;
  readonly catalog: string | null;
  readonly asOf: string;
  /** Each names a scenario, or several that hold together: `a+b`. */
  readonly scenarios: readonly string[];
  /** For a sweep: each combination is a case of its own. */
  readonly vary: readonly Dimension[];
  /** Each is a case of its own. */
  readonly purchases: readonly Purchase[];
  readonly seeds: number;
  /** The ledger that upstreams are fitted to; null assumes how they behave. */
  readonly fit: string | null;
  /** What was found there. */
  readonly upstreams: Upstreams;
}

export const specOptions = {
  traffic: { type: 'string' },
  format: { type: 'string' },
  map: { type: 'string' },
  routes: { type: 'string' },
  route: { type: 'string' },
  'counted-by': { type: 'string' },
  config: { type: 'string' },
  policy: { type: 'string' },
  quality: { type: 'string' },
  'min-quality': { type: 'string' },
  ledger: { type: 'string' },
  catalog: { type: 'string' },
  'as-of': { type: 'string' },
  scenario: { type: 'string', multiple: true },
  seeds: { type: 'string' },
  fit: { type: 'string' },
} as const;

/** Lines of the help text on what these options mean. */
export const specHelp = `  --traffic T       ledger, or a file of requests: CSV, JSONL, Parquet (also .gz); a folder of
                    ServeGen's clients
  --format F        azure, burstgpt, mooncake, qwen-bailian, ledger, litellm, openai-usage, aws-cur,
                    aws-cur-legacy, azure-cost; by default the columns tell
  --map FILE        which column holds what, for files of one's own
  --routes FILE     which route or model each model of the traffic is
  --route NAME      the route of requests that name no model (the only one of the configuration, or
                    openai/gpt-5.4)
  --counted-by M    the model that counted the traffic's tokens: other models count the same text
                    otherwise, as far as their vocabularies are published
  --config FILE     routes, deployments and policies of a gateway; without it each model is a route
                    over all its offers on demand, by cost
  --policy FILE     policy: { objective, constraints, routes }, over that of the configuration
  --quality FILE    scores of models from 0 to 1, as "what-if sample" writes them
  --min-quality X   use only models that are known to score at least X
  --as-of DATE      the catalog of that day (today)
  --ledger FILE     the ledger's file for --traffic ledger (entrepot.db)
  --fit FILE        the ledger whose attempts tell how upstreams behave (with --traffic ledger, that
                    one; none: as the catalog's defaults have it, with wide intervals)
  --catalog DIR     another folder than the catalog that comes with entrepot
  --seeds N         replays of each case, each with its own luck and unknowns (20)`;

/** Nothing asked for. */
export const emptySpec: WhatIfSpec = {
  traffic: '',
  format: null,
  map: null,
  routes: null,
  route: null,
  countedBy: null,
  config: null,
  policy: null,
  quality: null,
  minQuality: null,
  ledger: 'entrepot.db',
  catalog: null,
  asOf: '',
  scenarios: [],
  vary: [],
  purchases: [],
  seeds: 1,
  fit: null,
  upstreams: {},
};

const mostSeeds = 1000;

/** Throws UsageError naming the option. */
export function readSpec({ values, positionals }: CommandInput, seeds: number): WhatIfSpec {
  if (positionals.length > 0) throw new UsageError(`takes no argument ${positionals[0]}`);
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  const list = (name: string): readonly string[] => {
    const value = values[name];
    return Array.isArray(value) ? value : [];
  };
  const traffic = text('traffic');
  if (traffic === null) throw new UsageError('needs --traffic: a file of requests, or ledger');
  const scenarios = list('scenario');
  const twice = scenarios.find((name, i) => scenarios.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`--scenario ${twice} is given twice`);
  const asOf = text('as-of') ?? today();
  if (!isDate(asOf)) throw new UsageError(`--as-of must be a day as YYYY-MM-DD, not "${asOf}"`);
  return {
    traffic,
    format: text('format'),
    map: text('map'),
    routes: text('routes'),
    route: text('route'),
    countedBy: text('counted-by'),
    config: text('config'),
    policy: text('policy'),
    quality: text('quality'),
    minQuality: minQualityOf(text('min-quality')),
    ledger: text('ledger') ?? emptySpec.ledger,
    catalog: text('catalog'),
    asOf,
    scenarios,
    vary: readDimensions(list('vary')),
    purchases: [],
    seeds: countOf('--seeds', text('seeds'), seeds, mostSeeds),
    fit: text('fit'),
    upstreams: {},
  };
}

function minQualityOf(text: string | null): number | null {
  if (text === null) return null;
  const least = Number(text);
  if (text.trim() !== '' && least >= 0 && least <= 1) return least;
  throw new UsageError(`--min-quality takes a number from 0 to 1, not "${text}"`);
}

/** A whole number from 1 up. */
export function countOf(
  option: string,
  text: string | null,
  otherwise: number,
  most: number,
): number {
  if (text === null) return otherwise;
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(`${option} takes a whole number from 1 to ${most}, not "${text}"`);
}
