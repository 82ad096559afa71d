// Azure OpenAI: the v1 API, where the deployment is the body's model, and the dated APIs, where it
// is a part of the path. (learn.microsoft.com, "api-version-lifecycle")

import type { Target } from '../../config/target.ts';
import type { Address, Cloud, TargetProblem } from '../cloud.ts';
import { openaiFailureKind } from '../openai/openai-failure.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsKey, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';

const dated = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

const headers = new PerTarget(target => credentialHeader(target, 'api-key'));

const addresses = new PerTarget((target): Address => {
  assertCallable(azureOpenai, target);
  return { origin: new URL(target.endpoint!).origin, path: pathOf(target) };
});

function pathOf({ apiVersion, modelName }: Target): string {
  if (apiVersion !== null && dated.test(apiVersion)) {
    const deployment = encodeURIComponent(modelName);
    return `/openai/deployments/${deployment}/chat/completions?api-version=${apiVersion}`;
  }
  const query = apiVersion === 'preview' ? '?api-version=preview' : '';
  return `/openai/v1/chat/completions${query}`;
}

function problems(target: Target): TargetProblem[] {
  const { endpoint, apiVersion, modelName } = target;
  const unused = unusedProblems(target, ['region']);
  const found = [...urlProblems(target), ...needsKey(target), ...unused];
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

export const azureOpenai: Cloud = {
  name: 'azure-openai',
  dialects: ['openai-chat'],
  requestIdHeader: 'apim-request-id',
  problems,
  address: target => addresses.of(target),
  authorize: (call, target) => withHeaders(call, headers.of(target)),
  classify: (status, answerHeaders, error, nowMs) => ({
    kind: openaiFailureKind(status, error),
    retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
  }),
};
