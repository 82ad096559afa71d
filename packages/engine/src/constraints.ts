// Whether a deployment may serve a request at all: what it can do, and what the policy allows. What
// is unknown does not pass a limit on price or residency. It does pass one on context and on time
// to first token: the first is the upstream's to refuse, the second is only learnt by trying.

import { tierOf } from './charge.ts';
import type { Constraints, Deployment } from './deployment.ts';
import type { Intent, Operation } from './intent.ts';

/**
 * Why a deployment is ruled out for a request, in words; null when it is not. `ttftMs` is the time
 * to first token that is expected of it, null for unknown.
 */
export function ruledOutBecause(
  intent: Intent,
  deployment: Deployment,
  constraints: Constraints,
  ttftMs: number | null,
): string | null {
  return (
    wrongOperation(intent, deployment) ??
    notMeant(intent, deployment) ??
    missingFeature(intent, deployment) ??
    tooLong(intent, deployment) ??
    wrongPlace(deployment, constraints) ??
    tooDear(intent, deployment, constraints) ??
    tooSlow(constraints, ttftMs)
  );
}

const cannot = {
  generate: 'does not generate',
  embed: 'makes no embeddings',
  count: 'has no token counter',
} as const satisfies Record<Operation, string>;

function wrongOperation({ operation }: Intent, { operations }: Deployment): string | null {
  const can = operations === undefined ? operation === 'generate' : operations.includes(operation);
  return can ? null : cannot[operation];
}

function notMeant({ among }: Intent, { id }: Deployment): string | null {
  return among === undefined || among.includes(id) ? null : 'does not take these bytes';
}

function missingFeature(intent: Intent, { offer }: Deployment): string | null {
  for (const feature of intent.features) {
    if (!offer.features.includes(feature)) return `feature ${feature}`;
  }
  return null;
}

/**
 * A prompt that is too long can be counted all the same, and a batch of texts is no context: each
 * of them is.
 */
function tooLong(intent: Intent, { offer }: Deployment): string | null {
  if (intent.operation !== 'generate') return null;
  const allTokens = intent.inputTokens + (intent.maxOutputTokens ?? 0);
  const neededTokens = Math.ceil(allTokens / (intent.prompts ?? 1));
  if (offer.contextTokens === null || neededTokens <= offer.contextTokens) return null;
  return `context ${offer.contextTokens} tokens, needs ${neededTokens}`;
}

function wrongPlace({ offer }: Deployment, constraints: Constraints): string | null {
  const allowed = constraints.residency;
  if (allowed === null) return null;
  if (offer.residency !== null && allowed.includes(offer.residency)) return null;
  return `residency ${offer.residency ?? 'unknown'}`;
}

function tooDear(intent: Intent, { offer }: Deployment, limits: Constraints): string | null {
  const { maxInputPicoUsd, maxOutputPicoUsd } = limits;
  if (maxInputPicoUsd === null && maxOutputPicoUsd === null) return null;
  const row = tierOf(offer.prices, intent.inputTokens) ?? offer.prices;
  return (
    overCeiling('input', row.inputPicoUsd, maxInputPicoUsd) ??
    overCeiling('output', row.outputPicoUsd, maxOutputPicoUsd)
  );
}

function overCeiling(kind: string, price: number | null, ceiling: number | null): string | null {
  if (ceiling === null || (price !== null && price <= ceiling)) return null;
  const shown = price === null ? 'unknown' : `$${price / 1e6} per million`;
  return `${kind} price ${shown}, ceiling $${ceiling / 1e6}`;
}

function tooSlow({ maxTtftMs }: Constraints, ttftMs: number | null): string | null {
  if (maxTtftMs === null || ttftMs === null || ttftMs <= maxTtftMs) return null;
  return `ttft ${Math.round(ttftMs)} ms, at most ${maxTtftMs} ms`;
}
