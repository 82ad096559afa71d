// Any server that speaks openai's API: one's own, or a vendor's. The operator says where it is,
// also behind a path, whether it wants a key and which headers, and which dialects it speaks.

import type { DialectName, HostHabits } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import type { Address, Cloud, TargetProblem } from '../cloud.ts';
import { openaiFailureKind } from '../openai/openai-failure.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsCredential, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { baseUrlProblem } from '../url-parts.ts';
import { hostNames, hostOf } from './hosts.ts';

/** As these servers have them under one base: `/v1` and what stands before it. */
const operations: ReadonlyMap<DialectName, string> = new Map([
  ['openai-chat', '/chat/completions'],
  ['openai-responses', '/responses'],
  ['anthropic-messages', '/messages'],
  ['openai-completions', '/completions'],
  ['openai-embeddings', '/embeddings'],
]);

function baseOf({ endpoint, deployment }: Target): string | null {
  return endpoint ?? hostOf(deployment.offer.service).endpoint;
}

const addresses = new PerTarget((target): ReadonlyMap<DialectName, Address> => {
  assertCallable(openaiCompatible, target);
  const { origin, pathname } = new URL(baseOf(target)!);
  const prefix = pathname.replace(/\/$/, '');
  return new Map(
    [...operations].map(([dialect, path]) => [dialect, { origin, path: prefix + path }]),
  );
});

/** The header that says which Messages API is meant stands on the calls of that dialect alone. */
const messagesVersion = ['anthropic-version', '2023-06-01'];

const headers = new PerTarget(target => {
  const own = target.headers ?? [];
  if (target.credential.type === 'none') return own;
  return [...own, ...credentialHeader(target, 'authorization')];
});

function headersOf(path: string, target: Target): readonly string[] {
  const own = headers.of(target);
  return path.endsWith('/messages') ? [...messagesVersion, ...own] : own;
}

const habits = new PerTarget(
  (target): HostHabits => ({
    ...hostOf(target.deployment.offer.service).habits,
    ...target.quirks,
  }),
);

function problems(target: Target): TargetProblem[] {
  const base = baseOf(target);
  const found = urlProblems({ ...target, endpoint: null });
  found.push(...unusedProblems(target, ['apiVersion', 'project', 'region']));
  const message =
    base === null ? 'is needed: the base URL of the server' : baseUrlProblem(base, true);
  if (message !== null) found.push({ field: 'endpoint', message });
  return [...found, ...needsCredential(target, ['none', 'apiKey', 'bearer'])];
}

export const openaiCompatible: Cloud & { readonly services: readonly string[] } = {
  name: 'openai-compatible',
  services: hostNames,
  dialects: [...operations.keys()],
  isFreeForm: true,
  requestIdHeader: 'x-request-id',
  problems,
  address: (target, dialect) => addresses.of(target).get(dialect)!,
  authorize: (call, target) => withHeaders(call, headersOf(call.path, target)),
  classify: (status, answerHeaders, error, nowMs) => ({
    // Groq's word for flex capacity that is used up (console.groq.com/docs/errors, 2026-11-24).
    kind: status === 498 ? 'overloaded' : openaiFailureKind(status, error),
    retryAfterMs: retryAfterMs(answerHeaders, nowMs) ?? error.retryAfterMs ?? null,
  }),
  habits: target => habits.of(target),
};
