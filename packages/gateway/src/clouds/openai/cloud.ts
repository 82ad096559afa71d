// OpenAI's own API.

import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import type { Address, Cloud, TargetProblem } from '../cloud.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsKey, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { openaiFailureKind } from './openai-failure.ts';

const headers = new PerTarget(target => credentialHeader(target, 'authorization'));

/**
 * An offer with residency is only that when it is called at the region's own host; the common one
 * would process the request anywhere. (developers.openai.com/api/docs/guides/data-residency, seen
 * 2026-11-24)
 */
const publicOrigins: ReadonlyMap<string, string> = new Map([
  ['global', 'https://api.openai.com'],
  ['us', 'https://us.api.openai.com'],
  ['eu', 'https://eu.api.openai.com'],
  ['au', 'https://au.api.openai.com'],
  ['in', 'https://in.api.openai.com'],
  ['jp', 'https://jp.api.openai.com'],
]);

function originOf({ endpoint, deployment }: Target): string | undefined {
  return endpoint === null ? publicOrigins.get(deployment.offer.region) : new URL(endpoint).origin;
}

const paths: ReadonlyMap<DialectName, string> = new Map([
  ['openai-chat', '/v1/chat/completions'],
  ['openai-responses', '/v1/responses'],
  ['openai-embeddings', '/v1/embeddings'],
  ['openai-input-tokens', '/v1/responses/input_tokens'],
  ['openai-completions', '/v1/completions'],
]);

const addresses = new PerTarget((target): ReadonlyMap<DialectName, Address> => {
  assertCallable(openai, target);
  const origin = originOf(target)!;
  return new Map([...paths].map(([dialect, path]) => [dialect, { origin, path }]));
});

function problems(target: Target): TargetProblem[] {
  const unused = unusedProblems(target, ['apiVersion', 'project', 'region']);
  const found = [...urlProblems(target), ...needsKey(target), ...unused];
  if (found.length === 0 && originOf(target) === undefined) {
    const { region } = target.deployment.offer;
    found.push({ field: 'endpoint', message: `is needed: no host is known for region ${region}` });
  }
  return found;
}

export const openai: Cloud = {
  name: 'openai',
  dialects: [...paths.keys()],
  requestIdHeader: 'x-request-id',
  problems,
  address: (target, dialect) => addresses.of(target).get(dialect)!,
  authorize: (call, target) => withHeaders(call, headers.of(target)),
  classify: (status, answerHeaders, error, nowMs) => ({
    kind: openaiFailureKind(status, error),
    retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
  }),
};
