// A deployment of the file becomes a Target: its offer, its credential from where that is kept, and
// all that its cloud asks for.

import type { Market } from '@entrepot/catalog/as-of';
import type { ModelKind } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';
import type { Cloud } from '../clouds/cloud.ts';
import { callableServices, cloudOfService } from '../clouds/registry.ts';
import { catalogWords, operationsOf } from '../clouds/spoken-dialects.ts';
import { baseUrlProblem, endpointProblem } from '../clouds/url-parts.ts';
import type { Findings } from './findings.ts';
import type { Entry } from './parse-config.ts';
import { formatPath } from './problem.ts';
import { type CredentialResolver, resolveCredential } from './resolve-credential.ts';
import { resolveOffer } from './resolve-offer.ts';
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
  const offer = resolveOffer(entry, market, findings);
  if (offer === null) return null;
  const known = market.model(offer.model);
  const kind = known?.kind ?? null;
  const cloud = findCloud(entry, offer, kind, findings);
  const headers = resolveHeaders(entry, secrets);
  if (cloud === null || credential === null || headers === null) return null;
  const before = findings.problems.length;
  const target: Target = {
    deployment: {
      id: value.name,
      offer,
      priority: value.priority,
      expectedTtftMs: value.expectedTtftMs ?? null,
      operations: operationsOf(cloud, offer, kind),
    },
    cloud: cloud.name,
    endpoint: value.endpoint ?? null,
    modelName: value.modelName ?? offer.serviceModelId,
    ...(kind === null ? {} : { kind }),
    flags: known?.flags ?? {},
    apiVersion: value.apiVersion ?? null,
    project: value.project ?? null,
    region: value.region ?? (cloud.isFreeForm === true ? null : regionOf(offer)),
    credential,
    headers: headers.flat(),
    ...(value.quirks === undefined ? {} : { quirks: value.quirks }),
    simulated: value.simulated,
  };
  checkFreeForm(entry, cloud, findings);
  checkEndpoint(entry, cloud, findings);
  checkRegion(entry, offer, findings);
  const named = new Set(findings.problems.slice(before).map(p => p.field));
  for (const { field, message } of cloud.problems(target)) {
    const at = [...path, field];
    if (!named.has(formatPath(at))) findings.error(at, message);
  }
  return findings.problems.length === before ? target : null;
}

/** Refused here, because otherwise every request to the deployment would fail. */
function findCloud(
  { path }: Entry<DeploymentEntry>,
  offer: Offer,
  kind: ModelKind | null,
  findings: Findings,
): Cloud | null {
  const at = [...path, 'offer'];
  const cloud = cloudOfService(offer.service);
  if (cloud === null) {
    const services = callableServices.join(', ');
    findings.error(at, `is sold by ${offer.service}; this gateway can call ${services}`);
    return null;
  }
  if (operationsOf(cloud, offer, kind).length === 0) {
    const spoken = catalogWords(cloud).join(', ');
    const sold = offer.dialects.join(', ');
    findings.error(at, `is sold in ${sold}; this gateway speaks ${spoken} to ${offer.service}`);
    return null;
  }
  return cloud;
}

/** Names in lower case; a value may be a secret. null when one cannot be found. */
function resolveHeaders(
  { path, value }: Entry<DeploymentEntry>,
  secrets: CredentialResolver,
): readonly (readonly [string, string])[] | null {
  const found = Object.entries(value.headers).map(([name, text]) => {
    const isReference = /^(env|file):/.test(text);
    const header = isReference ? secrets.name(text, [...path, 'headers', name]) : text;
    return header === null ? null : ([name.toLowerCase(), header] as const);
  });
  return found.includes(null) ? null : found.filter(header => header !== null);
}

/** What a cloud that is known does not leave to say was meant for another one. */
function checkFreeForm(
  { path, value }: Entry<DeploymentEntry>,
  cloud: Cloud,
  findings: Findings,
): void {
  if (cloud.isFreeForm === true) return;
  const said = {
    credential: value.credential === 'none',
    headers: Object.keys(value.headers).length > 0,
    quirks: value.quirks !== undefined,
  };
  for (const [field, isSaid] of Object.entries(said)) {
    const message = `cannot be said of ${cloud.name}, only of a server that speaks openai's API`;
    if (isSaid) findings.error([...path, field], message);
  }
}

function checkEndpoint(
  { path, value }: Entry<DeploymentEntry>,
  cloud: Cloud,
  findings: Findings,
): void {
  const at = [...path, 'endpoint'];
  const { endpoint, allowInsecure, simulated } = value;
  if (endpoint === undefined) {
    if (simulated)
      findings.error([...path, 'simulated'], 'needs the endpoint of a simulated cloud');
    return;
  }
  const problemOf = cloud.isFreeForm === true ? baseUrlProblem : endpointProblem;
  const problem = problemOf(endpoint, allowInsecure);
  if (problem !== null) findings.error(at, problem);
  else if (problemOf(endpoint, false) !== null) {
    findings.warn(at, 'the credential and all prompts go there without TLS');
  }
}

/** Of AWS, such as us-east-1, and of Google, such as us-east5. */
const oneRegion = /^[a-z]+(-[a-z]+)+-?\d+$/;

/** An offer in one region says where it is called; one in a geography or everywhere does not. */
function regionOf(offer: Offer): string | null {
  return oneRegion.test(offer.region) ? offer.region : null;
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
