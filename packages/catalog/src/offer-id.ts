import type { Catalog, OfferRecord } from './catalog.ts';

/** `service/region/vendor/name`, with `#term` unless it is on demand. */
const form = /^([^/#\s]+)\/([^/#\s]+)\/([^/#\s]+\/[^/#\s]+?)(?:#([^#]*))?$/;

/** What the id of an offer says. */
export type OfferName = Pick<OfferRecord, 'service' | 'region' | 'model' | 'term' | 'cloud'>;

/**
 * Takes an offer's id apart: `bedrock/us/anthropic/claude-sonnet-5#batch`. Its service, region and
 * model must be known; what is not so is told to `problem`.
 */
export function readOfferId(
  id: string,
  around: {
    readonly services: ReadonlyMap<string, { readonly cloud: string }>;
    readonly regions: ReadonlyMap<string, unknown>;
    readonly models: Pick<Catalog['models'], 'has'>;
  },
  problem: (message: string) => void,
): OfferName {
  const match = form.exec(id);
  if (match === null) {
    const allowed = 'service/region/vendor/name, with #batch or #provisioned for those terms';
    problem(`must be ${allowed}, not ${JSON.stringify(id)}`);
  }
  const [, service = '', region = '', model = '', suffix] = match ?? [];
  const known = around.services.get(service);
  if (match !== null) {
    if (known === undefined) {
      const allowed = [...around.services.keys()].join(', ');
      problem(`service ${service} is not in services.jsonl; allowed: ${allowed}`);
    }
    if (!around.regions.has(region)) problem(`region ${region} is not in regions.jsonl`);
    if (!around.models.has(model)) problem(`model ${model} is not in models.jsonl`);
    if (suffix !== undefined && suffix !== 'batch' && suffix !== 'provisioned') {
      problem(`term must be #batch or #provisioned, or nothing for on-demand, not #${suffix}`);
    }
  }
  const term = suffix === 'batch' || suffix === 'provisioned' ? suffix : 'on-demand';
  return { service, region, model, term, cloud: known?.cloud ?? 'self' };
}

/** What the service promises for the model; null is unknown or none. */
export function slaOf(services: Catalog['services'], name: OfferName): number | null {
  const service = services.get(name.service);
  const vendor = name.model.slice(0, name.model.indexOf('/'));
  const holds = service?.slaVendors?.includes(vendor) ?? true;
  return holds ? (service?.slaAvailability ?? null) : null;
}
