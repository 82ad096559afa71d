// What a scenario changes, in words, for `scenario list` and `scenario show`.

import type { Criteria } from '@entrepot/catalog/criteria';
import { formatUsd } from '@entrepot/catalog/money';
import type { PolicyEdit, PolicyEdits } from '@entrepot/catalog/policy-edit';
import type { Scenario } from '@entrepot/catalog/scenario';
import type { Window } from '@entrepot/catalog/window';
import type { LimitChange, Outage, Range, World } from '@entrepot/catalog/world';

/** `offers`, `policy`, `outages`, ...: what it has entries for. */
export function touched(scenario: Scenario): readonly string[] {
  const { services, add, remove, change, exclusive, policy, world } = scenario;
  const hasOffers = [services, add, remove, change, exclusive].some(list => list.length > 0);
  const hasPolicy = policy.all !== null || policy.routes.size > 0;
  const parts = (Object.keys(world) as (keyof World)[]).filter(name => world[name].length > 0);
  return [...(hasOffers ? ['offers'] : []), ...(hasPolicy ? ['policy'] : []), ...parts];
}

export function describePolicy(policy: PolicyEdits): readonly string[] {
  const edit = (who: string, { objective, constraints }: PolicyEdit): string[] => [
    ...(objective === undefined ? [] : [`${who}: objective ${objective}`]),
    ...Object.entries(constraints).map(([name, value]) =>
      value === null ? `${who}: ${name} lifted` : `${who}: ${name} ${shown(name, value)}`,
    ),
  ];
  return [
    ...(policy.all === null ? [] : edit('all routes', policy.all)),
    ...[...policy.routes].flatMap(([route, own]) => edit(`route ${route}`, own)),
  ];
}

function shown(name: string, value: unknown): string {
  if (name.endsWith('PicoUsd')) return `${Number(value) / 1e6} USD per million tokens`;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

export function describeWorld({ world }: Scenario): readonly string[] {
  const perHour = (nanoUsd: number): string => `${formatUsd(nanoUsd)} USD an hour`;
  return [
    ...world.outages.map(describeOutage),
    ...world.limits.map(describeLimit),
    ...world.latency.map(
      l =>
        `${who(l.match)}: first token x ${l.ttftFactor}, others x ${l.tokenTimeFactor}${when(l.window)}`,
    ),
    ...world.provisioned.map(
      p =>
        `${who(p.match)}: ${p.units} units at ${perHour(p.nanoUsdPerUnitHour)} each, ` +
        `${p.inputTokensPerMinutePerUnit} input tokens a minute each, then ${p.whenFull}` +
        when(p.window),
    ),
    ...world.commitments.map(
      c =>
        `${who(c.match)}: ${perHour(c.nanoUsdPerHour)} promised for ${c.discountPercent}% off` +
        when(c.window),
    ),
    ...world.switching.map(
      s =>
        `${s.cloud}: leaving it moves ${s.storedGib} GiB at ${formatUsd(s.nanoUsdPerGib)} USD` +
        when(s.window),
    ),
    ...world.egress.map(
      e => `${e.cloud}: egress ${formatUsd(e.nanoUsdPerGib)} USD per GiB${when(e.window)}`,
    ),
    ...world.mergers.map(m => `${m.clouds.join(' and ')} count as one cloud`),
    ...world.traffic.map(
      t =>
        `traffic: requests x ${t.requestsFactor}, input x ${t.inputTokensFactor}, ` +
        `output x ${t.outputTokensFactor}${t.mix === null ? '' : `, ${mixOf(t.mix)}`}`,
    ),
  ];
}

function describeOutage(outage: Outage): string {
  const { errorShare, slowFactor, kinds, recoveryMs, match, window, cause } = outage;
  const parts = [
    ...(errorShare.most > 0 ? [`${shareOf(errorShare)} of calls fail (${kinds.join(', ')})`] : []),
    ...(slowFactor.most > 1 ? [`answers take x ${rangeOf(slowFactor)}`] : []),
    ...(recoveryMs > 0 ? [`fading within ${duration(recoveryMs)}`] : []),
  ];
  const because = cause === null ? '' : ` (${cause})`;
  return `${who(match)}: ${parts.join(', ')}${when(window)}${because}`;
}

function describeLimit(limit: LimitChange): string {
  const parts = [
    ...(limit.factor === null ? [] : [`all limits x ${limit.factor}`]),
    ...(limit.requestsPerMinute === null ? [] : [`${limit.requestsPerMinute} requests a minute`]),
    ...(limit.tokensPerMinute === null ? [] : [`${limit.tokensPerMinute} tokens a minute`]),
    ...(limit.concurrentRequests === null ? [] : [`${limit.concurrentRequests} at a time`]),
  ];
  return `${who(limit.match)}: ${parts.join(', ')}${when(limit.window)}`;
}

function who(match: Criteria): string {
  return Object.entries(match)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' or ') : value}`)
    .join(', ');
}

function when({ clock, fromMs, untilMs }: Window): string {
  const at = (ms: number): string =>
    clock === 'unix' ? new Date(ms).toISOString().slice(0, 16) : duration(ms);
  const from = Number.isFinite(fromMs) ? `, from ${at(fromMs)}` : '';
  return `${from}${Number.isFinite(untilMs) ? `, until ${at(untilMs)}` : ''}`;
}

/** `1d2h`, `4h22m`, `90s`: as a scenario writes it. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts: readonly [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  return text === '' ? '0s' : text;
}

function rangeOf({ least, most }: Range): string {
  return least === most ? String(least) : `${least} to ${most}`;
}

function shareOf({ least, most }: Range): string {
  const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;
  if (least === 0 && most === 1) return 'an unknown share';
  return least === most ? percent(least) : `${percent(least)} to ${percent(most)}`;
}

function mixOf(mix: ReadonlyMap<string, number>): string {
  return [...mix].map(([route, share]) => `${route} ${Math.round(share * 1000) / 10}%`).join(', ');
}
