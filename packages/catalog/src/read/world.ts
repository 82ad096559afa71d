// The `world` of a scenario: see ../world.ts for what each part means.

import type { Fields } from '../fields.ts';
import {
  type Commitment,
  type EgressCost,
  type LatencyChange,
  type LimitChange,
  type Merger,
  type Outage,
  outageKinds,
  type Provisioned,
  type SwitchingCost,
  type TrafficChange,
  type World,
  type WorldEntry,
} from '../world.ts';
import { readMatch } from './match.ts';
import type { ScenarioDocument } from './scenario-document.ts';
import { readDuration, readWindow, windowFields } from './window.ts';
import { readAmount, readFactor, readNanoUsd, readRange } from './world-numbers.ts';

const entryFields = ['match', ...windowFields];
const limitFields = ['requestsPerMinute', 'tokensPerMinute', 'concurrentRequests'];
const factorFields = ['requestsFactor', 'inputTokensFactor', 'outputTokensFactor'];
const provisionedFields = [
  'units',
  'usdPerUnitHour',
  'inputTokensPerMinutePerUnit',
  'outputTokenWeight',
  'whenFull',
];
const lists = {
  outages: [...entryFields, 'errorShare', 'kinds', 'slowFactor', 'recovery', 'cause'],
  limits: [...entryFields, ...limitFields, 'factor'],
  latency: [...entryFields, 'ttftFactor', 'tokenTimeFactor'],
  provisioned: [...entryFields, ...provisionedFields],
  commitments: [...entryFields, 'usdPerHour', 'discountPercent'],
  switching: ['cloud', ...windowFields, 'storedGib', 'usdPerGib'],
  egress: ['cloud', ...windowFields, 'usdPerGib'],
  mergers: ['clouds'],
} as const satisfies Partial<Record<keyof World, readonly string[]>>;

export function readWorld(document: ScenarioDocument, root: Fields): World {
  const names = Object.keys(lists) as (keyof typeof lists)[];
  if (root.has('world')) root.object('world', [...names, 'traffic']);
  const entries = <T>(name: keyof typeof lists, read: (fields: Fields) => T): readonly T[] =>
    document.list(['world', name], lists[name]).map(read);
  return {
    outages: entries('outages', readOutage),
    limits: entries('limits', readLimit),
    latency: entries('latency', readLatency),
    provisioned: entries('provisioned', readProvisioned),
    commitments: entries('commitments', readCommitment),
    switching: entries('switching', readSwitching),
    egress: entries('egress', readEgress),
    mergers: entries('mergers', readMerger),
    traffic: readTraffic(document),
  };
}

function readEntry(fields: Fields): WorldEntry {
  return { place: fields.place, match: readMatch(fields), window: readWindow(fields) };
}

function readOutage(fields: Fields): Outage {
  const kinds = fields.has('kinds') ? fields.someOf('kinds', outageKinds) : [];
  const slowFactor = readRange(fields, 'slowFactor', { least: 1, most: 1e6 }, one);
  // A range that is not known is the widest: the report shows what hangs on it.
  const unknown = fields.has('slowFactor') ? { least: 0, most: 0 } : { least: 0, most: 1 };
  return {
    ...readEntry(fields),
    errorShare: readRange(fields, 'errorShare', { least: 0, most: 1 }, unknown),
    kinds: kinds.length === 0 ? ['server-error'] : kinds,
    slowFactor,
    recoveryMs: fields.has('recovery') ? readDuration(fields, 'recovery') : 0,
    cause: fields.textOrNull('cause'),
  };
}

const one = { least: 1, most: 1 };

function readLimit(fields: Fields): LimitChange {
  const given = limitFields.filter(name => fields.has(name));
  if (fields.has('factor') === given.length > 0) {
    fields.problem('factor', `must stand alone, or one of ${limitFields.join(', ')} must be there`);
  }
  return {
    ...readEntry(fields),
    requestsPerMinute: fields.countOrNull('requestsPerMinute'),
    tokensPerMinute: fields.countOrNull('tokensPerMinute'),
    concurrentRequests: fields.countOrNull('concurrentRequests'),
    factor: fields.positiveOrNull('factor'),
  };
}

function readLatency(fields: Fields): LatencyChange {
  return {
    ...readEntry(fields),
    ttftFactor: readFactor(fields, 'ttftFactor'),
    tokenTimeFactor: readFactor(fields, 'tokenTimeFactor'),
  };
}

function readProvisioned(fields: Fields): Provisioned {
  return {
    ...readEntry(fields),
    units: readAmount(fields, 'units'),
    nanoUsdPerUnitHour: readNanoUsd(fields, 'usdPerUnitHour'),
    inputTokensPerMinutePerUnit: readAmount(fields, 'inputTokensPerMinutePerUnit'),
    outputTokenWeight: fields.positiveOrNull('outputTokenWeight'),
    whenFull: fields.has('whenFull')
      ? fields.oneOf('whenFull', ['overflow', 'queue', 'refuse'])
      : 'overflow',
  };
}

function readCommitment(fields: Fields): Commitment {
  const discountPercent = readAmount(fields, 'discountPercent');
  if (discountPercent > 100) fields.problem('discountPercent', 'must be at most 100');
  return {
    ...readEntry(fields),
    nanoUsdPerHour: readNanoUsd(fields, 'usdPerHour'),
    discountPercent,
  };
}

function readSwitching(fields: Fields): SwitchingCost {
  const storedGib = readAmount(fields, 'storedGib');
  return { ...readEgress(fields), storedGib };
}

function readEgress(fields: Fields): EgressCost {
  return {
    place: fields.place,
    cloud: fields.text('cloud'),
    window: readWindow(fields),
    nanoUsdPerGib: readNanoUsd(fields, 'usdPerGib'),
  };
}

function readMerger(fields: Fields): Merger {
  const clouds = fields.texts('clouds');
  if (new Set(clouds).size < 2) fields.problem('clouds', 'must name two clouds or more');
  return { place: fields.place, clouds };
}

function readTraffic(document: ScenarioDocument): readonly TrafficChange[] {
  const fields = document.object(['world', 'traffic'], [...factorFields, 'mix']);
  if (fields === null) return [];
  return [
    {
      place: fields.place,
      requestsFactor: readFactor(fields, 'requestsFactor'),
      inputTokensFactor: readFactor(fields, 'inputTokensFactor'),
      outputTokensFactor: readFactor(fields, 'outputTokensFactor'),
      mix: fields.has('mix') ? readMix(document, fields) : null,
    },
  ];
}

function readMix(document: ScenarioDocument, fields: Fields): ReadonlyMap<string, number> {
  const routes = document.keys(['world', 'traffic', 'mix']);
  const shares = fields.object('mix', routes);
  const mix = new Map(routes.map(route => [route, readAmount(shares, route)]));
  const sum = [...mix.values()].reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6) fields.problem('mix', `shares must add up to 1, not ${sum}`);
  return mix;
}
