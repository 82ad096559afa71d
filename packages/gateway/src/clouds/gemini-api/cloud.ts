// Google's Gemini API, called with a key of AI Studio or a token. Model and method stand in the
// path. (ai.google.dev/api, seen 2026-11-24)

import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import type { Address, Cloud, TargetProblem } from '../cloud.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsKey, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { geminiFailureKind } from './gemini-failure.ts';

const headers = new PerTarget(target => credentialHeader(target, 'x-goog-api-key'));

/** What comes as a whole; the first of an operation is for callers of other dialects. */
const methods: ReadonlyMap<DialectName, string> = new Map([
  ['gemini', 'generateContent'],
  ['gemini-batch-embed', 'batchEmbedContents'],
  ['gemini-embed', 'embedContent'],
  ['gemini-count-tokens', 'countTokens'],
]);

const addresses = new PerTarget(target => {
  assertCallable(geminiApi, target);
  return {
    unary: new Map([...methods].map(([dialect, name]) => [dialect, addressOf(target, name)])),
    // Without `alt=sse` a stream is one JSON array.
    stream: addressOf(target, 'streamGenerateContent?alt=sse'),
  };
});

function addressOf({ endpoint, modelName }: Target, method: string): Address {
  const origin = new URL(endpoint ?? 'https://generativelanguage.googleapis.com').origin;
  return { origin, path: `/v1beta/models/${encodeURIComponent(modelName)}:${method}` };
}

function problems(target: Target): TargetProblem[] {
  const unused = unusedProblems(target, ['apiVersion', 'project', 'region']);
  const found = [...urlProblems(target), ...needsKey(target), ...unused];
  if (/[/:]/.test(target.modelName)) {
    const message = 'must be the name of the model alone, such as gemini-2.5-flash';
    found.push({ field: 'modelName', message });
  }
  return found;
}

export const geminiApi: Cloud = {
  name: 'gemini-api',
  dialects: [...methods.keys()],
  // It names an answer in the body, and an error nowhere.
  requestIdHeader: null,
  problems,
  address: (target, dialect, stream) => {
    const both = addresses.of(target);
    return stream ? both.stream : both.unary.get(dialect)!;
  },
  authorize: (call, target) => withHeaders(call, headers.of(target)),
  classify: (status, answerHeaders, error, nowMs) => ({
    kind: geminiFailureKind(status, error),
    // RetryInfo stands in the body.
    retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
  }),
};
