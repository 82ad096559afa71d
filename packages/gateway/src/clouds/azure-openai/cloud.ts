// Azure OpenAI: the v1 API, where the deployment is the body's model, and the dated APIs, where it
// is a part of the path, but for Responses. (learn.microsoft.com, "api-version-lifecycle")

import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import { AccessTokens, withToken } from '../access-token.ts';
import type { Address, Cloud, TargetProblem } from '../cloud.ts';
import { openaiFailureKind } from '../openai/openai-failure.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsCredential, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { type EntraTokenSource, entraTokens, identityOf } from './entra-token.ts';

const dated = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

const headers = new PerTarget(target => credentialHeader(target, 'api-key'));

const operations: ReadonlyMap<DialectName, string> = new Map([
  ['openai-chat', 'chat/completions'],
  ['openai-responses', 'responses'],
  ['openai-embeddings', 'embeddings'],
  ['openai-completions', 'completions'],
]);

const addresses = new PerTarget((target): ReadonlyMap<DialectName, Address> => {
  assertCallable({ problems }, target);
  const { origin } = new URL(target.endpoint!);
  return new Map(
    [...operations].map(([dialect, name]) => [dialect, { origin, path: pathOf(target, name) }]),
  );
});

function pathOf({ apiVersion, modelName }: Target, operation: string): string {
  if (apiVersion !== null && dated.test(apiVersion)) {
    const isInBody = operation === 'responses';
    const deployment = isInBody ? '' : `deployments/${encodeURIComponent(modelName)}/`;
    return `/openai/${deployment}${operation}?api-version=${apiVersion}`;
  }
  const query = apiVersion === 'preview' ? '?api-version=preview' : '';
  return `/openai/v1/${operation}${query}`;
}

function problems(target: Target): TargetProblem[] {
  const { endpoint, apiVersion, modelName } = target;
  const unused = unusedProblems(target, ['project', 'region']);
  const taken = needsCredential(target, ['apiKey', 'bearer', 'entra']);
  const found = [...urlProblems(target), ...taken, ...unused];
  if (endpoint === null) {
    const message = "is needed: the resource's origin, such as https://NAME.openai.azure.com";
    found.push({ field: 'endpoint', message });
  }
  if (apiVersion !== null && !/^(v1|preview)$/.test(apiVersion) && !dated.test(apiVersion)) {
    const message = 'must be v1, preview or a date such as 2024-10-21 or 2025-04-01-preview';
    found.push({ field: 'apiVersion', message });
  }
  if (modelName.includes('/')) {
    const message = 'must be the name of the Azure deployment, which has no slash';
    found.push({ field: 'modelName', message });
  }
  return found;
}

/** `source` is asked when a target's credential is an identity of Entra ID, once for each. */
export function createAzureOpenai(source: EntraTokenSource): Cloud {
  const tokens = new AccessTokens<string>('Entra ID');
  const held = new PerTarget(({ credential }) => {
    if (credential.type !== 'azure-entra') throw new Error(`a ${credential.type} gives no tokens`);
    return tokens.of(identityOf(credential), () => source(credential));
  });
  return {
    name: 'azure-openai',
    dialects: [...operations.keys()],
    requestIdHeader: 'apim-request-id',
    problems,
    address: (target, dialect) => addresses.of(target).get(dialect)!,
    authorize: (call, target, nowMs) =>
      target.credential.type === 'azure-entra'
        ? withToken(call, held.of(target), nowMs)
        : withHeaders(call, headers.of(target)),
    classify: (status, answerHeaders, error, nowMs) => ({
      kind: openaiFailureKind(status, error),
      retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
    }),
  };
}

export const azureOpenai: Cloud = createAzureOpenai(entraTokens);
