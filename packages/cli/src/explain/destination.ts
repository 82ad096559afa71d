// Where `entrepot explain --to` points: a deployment as the gateway would make one of an offer of
// the catalog, or a dialect alone with a model that is typical of it.

import type { Market } from '@entrepot/catalog/as-of';
import type { ModelKind } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';
import { dialectNames, targets } from '@entrepot/dialects/capabilities/targets';
import type { GenerateName, TargetModel } from '@entrepot/dialects/dialect';
import { systemClock } from '@entrepot/gateway/clock';
import type { Cloud } from '@entrepot/gateway/clouds/cloud';
import { cloudOfService } from '@entrepot/gateway/clouds/registry';
import { operationsOf } from '@entrepot/gateway/clouds/spoken-dialects';
import { nearestFew } from '@entrepot/gateway/config/nearest';
import { type Credential, Secret, type Target } from '@entrepot/gateway/config/target';
import { dialectOf } from '@entrepot/gateway/dialects';
import { Origins } from '@entrepot/gateway/origins';
import { Upstream } from '@entrepot/gateway/upstream';
import { UsageError } from '../command.ts';

/** `upstream` is null for a dialect alone: there is nobody to send to. */
export interface Destination {
  readonly title: string;
  readonly dialect: GenerateName;
  readonly model: TargetModel;
  readonly upstream: Upstream | null;
}

/** `caller` chooses among the dialects of a service as the gateway does. Throws UsageError. */
export function destinationOf(
  to: string,
  model: string | undefined,
  caller: GenerateName,
  market: Market,
): Destination {
  const typical = targets.find(target => target.id === to);
  if (typical !== undefined) return dialectAlone(typical, model);
  const sold = market.offers.filter(
    offer => (offer.service === to || offer.cloud === to) && canCall(offer, market),
  );
  if (sold.length === 0) throw nowhere(to, market);
  const anywhere = sold.find(offer => offer.region === 'global') ?? sold[0]!;
  const offer = model === undefined ? anywhere : offerOf(sold, model, to);
  const upstream = upstreamOf(offer, market);
  // A dialect of generation is answered in one of generation.
  const dialect = upstream.dialectFor(dialectOf(caller)).name as GenerateName;
  return { title: `${offer.model} on ${offer.service}`, dialect, model: upstream.model, upstream };
}

function dialectAlone(target: (typeof targets)[number], name: string | undefined): Destination {
  const { dialect, title, model } = target;
  const named = name === undefined ? model : { ...model, name };
  return { title, dialect, model: named, upstream: null };
}

/** Some offers of a service are sold in a form that the gateway does not speak, or embed. */
function canCall(offer: Offer, market: Market): boolean {
  const cloud = cloudOfService(offer.service);
  if (cloud === null || offer.term === 'batch') return false;
  return (
    operationsOf(cloud, offer, kindOf(offer, market)).includes('generate') &&
    cloud.problems(targetOf(offer, cloud, market)).length === 0
  );
}

/** By the catalog's id, with or without its vendor, or by the service's own name of the model. */
function offerOf(sold: readonly Offer[], model: string, to: string): Offer {
  const found = sold.find(
    offer =>
      offer.model === model || offer.model.endsWith(`/${model}`) || offer.serviceModelId === model,
  );
  if (found !== undefined) return found;
  const models = [...new Set(sold.map(offer => offer.model))];
  const few = nearestFew(model, models, 3);
  const some = (few.length > 0 ? few : models.slice(0, 3)).join(', ');
  throw new UsageError(`--model: ${to} does not sell ${model}; it sells ${some}, ...`);
}

function nowhere(to: string, market: Market): UsageError {
  const sold = market.offers.filter(offer => canCall(offer, market));
  const known = [
    ...new Set(sold.flatMap(({ service, cloud }) => [service, cloud])),
    ...dialectNames,
  ];
  const near = nearestFew(to, known, 1)[0];
  const hint = near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}?`;
  return new UsageError(`--to: there is no service, cloud or dialect ${to}; ${hint}`);
}

function upstreamOf(offer: Offer, market: Market): Upstream {
  const cloud = cloudOfService(offer.service)!;
  const origins = new Origins({ connectTimeoutMs: 1, perOrigin: 1 }, systemClock);
  return new Upstream(targetOf(offer, cloud, market), cloud, origins);
}

/** What only an operator knows stands in the address as a word that says so. */
function targetOf(offer: Offer, cloud: Cloud, market: Market): Target {
  const kind = kindOf(offer, market);
  return {
    deployment: { id: 'explain', offer, priority: 0, expectedTtftMs: null },
    cloud: cloud.name,
    endpoint: offer.service === 'azure-openai' ? 'https://your-resource.openai.azure.com' : null,
    modelName: offer.serviceModelId,
    ...(kind === null ? {} : { kind }),
    flags: market.model(offer.model)?.flags ?? {},
    apiVersion: offer.service === 'azure-openai' ? 'v1' : null,
    project: offer.service === 'vertex-ai' ? 'your-project' : null,
    region: regionOf(offer),
    credential: credentials[offer.service] ?? { type: 'api-key', key: new Secret('unknown') },
    simulated: false,
  };
}

function kindOf(offer: Offer, market: Market): ModelKind | null {
  return market.model(offer.model)?.kind ?? null;
}

/** Of the kind that the service takes; none of them is asked for anything. */
const credentials: Readonly<Record<string, Credential>> = {
  bedrock: { type: 'aws-chain', profile: null },
  'bedrock-mantle': { type: 'aws-chain', profile: null },
  'vertex-ai': { type: 'google-adc', keyFile: null },
};

/** An offer in a geography can be called in several regions: one of them stands for all. */
function regionOf({ cloud, service, region }: Offer): string | null {
  if (cloud !== 'aws' && service !== 'vertex-ai') return null;
  if (/^[a-z]+(-[a-z]+)+-?\d+$/.test(region)) return region;
  return cloud === 'aws' ? 'us-east-1' : 'us-central1';
}
