// A deployment of the file becomes a Target: its offer from the catalog, its credential from where
// that is kept, and all that its cloud asks for.

import type { Market } from '@entrepot/catalog/as-of';
import type { Offer } from '@entrepot/catalog/offer';
import type { Cloud } from '../clouds/cloud.ts';
import { callableServices, cloudOfService } from '../clouds/registry.ts';
import { endpointProblem } from '../clouds/url-parts.ts';
import type { Findings } from './findings.ts';
import { nearestFew } from './nearest.ts';
import type { Entry } from './parse-config.ts';
import { formatPath } from './problem.ts';
import { type CredentialResolver, resolveCredential } from './resolve-credential.ts';
import type { DeploymentEntry } from './schema.ts';
import type { Target } from './target.ts';

/** null when something is wrong, which then is among the findings. */
export function resolveTarget(
  entry: Entry<DeploymentEntry>,
  market: Market,
  secrets: CredentialResolver,
  findings: Findings,
): Target | null {
  const { path, value } = entry;
  const credential = resolveCredential(value.credential, [...path, 'credential'], secrets);
  const offer = findOffer(entry, market, findings);
  if (offer === null) return null;
  const cloud = findCloud(entry, offer, findings);
  if (cloud === null || credential === null) return null;
  const before = findings.problems.length;
  const target: Target = {
    deployment: {
      id: value.name,
      offer,
      priority: value.priority,
      expectedTtftMs: value.expectedTtftMs ?? null,
    },
    cloud: cloud.name,
    endpoint: value.endpoint ?? null,
    modelName: value.modelName ?? offer.serviceModelId,
    flags: market.model(offer.model)?.flags ?? {},
    apiVersion: value.apiVersion ?? null,
    region: value.region ?? regionOf(offer),
    credential,
    simulated: value.simulated,
  };
  checkEndpoint(entry, findings);
  checkRegion(entry, offer, findings);
  const named = new Set(findings.problems.slice(before).map(p => p.field));
  for (const { field, message } of cloud.problems(target)) {
    const at = [...path, field];
    if (!named.has(formatPath(at))) findings.error(at, message);
  }
  return findings.problems.length === before ? target : null;
}

function findOffer(
  { path, value }: Entry<DeploymentEntry>,
  market: Market,
  findings: Findings,
): Offer | null {
  const at = [...path, 'offer'];
  const offer = market.offer(value.offer);
  if (offer === undefined) {
    const near = nearestFew(
      value.offer,
      market.offers.map(o => o.id),
      3,
    );
    const hint =
      near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see entrepot catalog offers';
    findings.error(at, `there is no offer ${value.offer} on ${market.date}; ${hint}`);
    return null;
  }
  if (offer.term === 'batch') {
    findings.error(at, `${offer.id} is sold as batch, which cannot answer a request as it comes`);
    return null;
  }
  return offer;
}

/** Refused here, because otherwise every request to the deployment would fail. */
function findCloud(
  { path }: Entry<DeploymentEntry>,
  offer: Offer,
  findings: Findings,
): Cloud | null {
  const at = [...path, 'offer'];
  const cloud = cloudOfService(offer.service);
  if (cloud === null) {
    const services = callableServices.join(', ');
    findings.error(at, `is sold by ${offer.service}; this gateway can call ${services}`);
    return null;
  }
  if (!cloud.dialects.some(dialect => offer.dialects.includes(dialect))) {
    const spoken = cloud.dialects.join(', ');
    const sold = offer.dialects.join(', ');
    findings.error(at, `is sold in ${sold}; this gateway speaks ${spoken} to ${offer.service}`);
    return null;
  }
  return cloud;
}

function checkEndpoint({ path, value }: Entry<DeploymentEntry>, findings: Findings): void {
  const at = [...path, 'endpoint'];
  const { endpoint, allowInsecure, simulated } = value;
  if (endpoint === undefined) {
    if (simulated)
      findings.error([...path, 'simulated'], 'needs the endpoint of a simulated cloud');
    return;
  }
  const problem = endpointProblem(endpoint, allowInsecure);
  if (problem !== null) findings.error(at, problem);
  else if (endpointProblem(endpoint, false) !== null) {
    findings.warn(at, 'the credential and all prompts go there without TLS');
  }
}

const awsRegion = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/** An offer in one region says where it is called; one in a geography or everywhere does not. */
function regionOf(offer: Offer): string | null {
  return awsRegion.test(offer.region) ? offer.region : null;
}

function checkRegion(
  { path, value }: Entry<DeploymentEntry>,
  offer: Offer,
  findings: Findings,
): void {
  const sold = regionOf(offer);
  if (value.region === undefined || sold === null || value.region === sold) return;
  findings.error([...path, 'region'], `must be ${sold}, where ${offer.id} is sold`);
}
