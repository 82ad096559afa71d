// Vertex AI: Gemini by generateContent, Claude by rawPredict and models of other vendors by the
// OpenAI-compatible endpoint. The location is in the host and in the path.
// (docs.cloud.google.com/vertex-ai/docs/reference/rest, seen 2026-11-24)

import type { Offer } from '@entrepot/catalog/offer';
import type { DialectName } from '@entrepot/dialects/dialect';
import type { Target } from '../../config/target.ts';
import { AccessTokens, withToken } from '../access-token.ts';
import type { Address, Carriage, Cloud, TargetProblem } from '../cloud.ts';
import { geminiFailureKind } from '../gemini-api/gemini-failure.ts';
import { PerTarget } from '../per-target.ts';
import { retryAfterMs } from '../retry-after.ts';
import { credentialHeader, needsCredential, withHeaders } from '../static-credential.ts';
import { assertCallable, unusedProblems, urlProblems } from '../target-checks.ts';
import { claudeByRawPredict, claudeCount } from './claude.ts';
import { type GoogleTokenSource, googleTokens } from './google-token.ts';
import { locationOf, locationProblem, originOf } from './location.ts';

/** What one dialect is called by. `{model}` stands for the model's name. */
interface Operation {
  readonly unary: string;
  readonly stream?: string;
}

const operations: ReadonlyMap<DialectName, Operation> = new Map<DialectName, Operation>([
  [
    'gemini',
    {
      unary: 'publishers/google/models/{model}:generateContent',
      // Without `alt=sse` a stream is one JSON array.
      stream: 'publishers/google/models/{model}:streamGenerateContent?alt=sse',
    },
  ],
  [
    'anthropic-messages',
    {
      unary: 'publishers/anthropic/models/{model}:rawPredict',
      stream: 'publishers/anthropic/models/{model}:streamRawPredict',
    },
  ],
  [
    'openai-chat',
    {
      unary: 'endpoints/openapi/chat/completions',
      stream: 'endpoints/openapi/chat/completions',
    },
  ],
  ['vertex-count-tokens', { unary: 'publishers/google/models/{model}:countTokens' }],
  ['anthropic-count-tokens', { unary: 'publishers/anthropic/models/count-tokens:rawPredict' }],
  ['vertex-predict', { unary: 'publishers/google/models/{model}:predict' }],
  ['gemini-embed', { unary: 'publishers/google/models/{model}:embedContent' }],
]);

/** Models of embeddings are called by predict, the second of gemini by embedContent. */
function speaks({ dialects, model }: Offer, dialect: DialectName): boolean {
  const isSecond = model.startsWith('google/gemini-embedding-2');
  switch (dialect) {
    case 'gemini-embed':
      return isSecond && dialects.includes('vertex-predict');
    case 'vertex-predict':
      return !isSecond && dialects.includes('vertex-predict');
    case 'vertex-count-tokens':
      return dialects.includes('gemini');
    case 'anthropic-count-tokens':
      return dialects.includes('anthropic-messages');
    default:
      return dialects.includes(dialect);
  }
}

function carriageOf(dialect: DialectName): Carriage | null {
  if (dialect === 'anthropic-messages') return claudeByRawPredict;
  return dialect === 'anthropic-count-tokens' ? claudeCount : null;
}

/** `source` is asked when a target's credential is Google's own, once for each key file. */
export function createVertexAi(source: GoogleTokenSource): Cloud {
  const tokens = new AccessTokens<string | null>('Google');
  const held = new PerTarget(({ credential }) => {
    if (credential.type !== 'google-adc') throw new Error(`a ${credential.type} gives no tokens`);
    const { keyFile } = credential;
    return tokens.of(keyFile, () => source(keyFile));
  });
  const fixed = new PerTarget(target => credentialHeader(target, 'x-goog-api-key'));
  const addresses = new PerTarget(target => {
    assertCallable({ problems }, target);
    return new Map([...operations].map(([dialect, names]) => [dialect, both(target, names)]));
  });
  return {
    name: 'vertex-ai',
    dialects: [...operations.keys()],
    speaks,
    carriage: carriageOf,
    // It names an answer of Gemini in the body, and an error nowhere.
    requestIdHeader: null,
    problems,
    address: (target, dialect, stream) => {
      const { unary, stream: streamed } = addresses.of(target).get(dialect)!;
      return stream ? streamed : unary;
    },
    authorize: (call, target, nowMs) =>
      target.credential.type === 'google-adc'
        ? withToken(call, held.of(target), nowMs)
        : withHeaders(call, fixed.of(target)),
    classify: (status, headers, error, nowMs) => ({
      kind: geminiFailureKind(status, error),
      // RetryInfo stands in the body.
      retryAfterMs: retryAfterMs(headers, nowMs) ?? error.retryAfterMs ?? null,
    }),
  };
}

export const vertexAi: Cloud = createVertexAi(googleTokens);

function both(
  target: Target,
  { unary, stream = unary }: Operation,
): Record<'unary' | 'stream', Address> {
  return { unary: addressOf(target, unary), stream: addressOf(target, stream) };
}

function addressOf(target: Target, operation: string): Address {
  const { endpoint, modelName, project } = target;
  const location = locationOf(target);
  const origin = new URL(endpoint ?? originOf(location)).origin;
  // Versions are written as `name@version`, which Google's own clients do not escape either.
  const model = encodeURIComponent(modelName).replaceAll('%40', '@');
  const named = operation.replace('{model}', () => model);
  // An API key stands for its project: "express mode".
  const parent = project === null ? '' : `projects/${project}/locations/${location}/`;
  return { origin, path: `/v1/${parent}${named}` };
}

function problems(target: Target): TargetProblem[] {
  const taken = needsCredential(target, ['apiKey', 'bearer', 'google']);
  const found = [...urlProblems(target), ...taken, ...unusedProblems(target, ['apiVersion'])];
  const note = (field: TargetProblem['field'], message: string | null): void => {
    if (message !== null) found.push({ field, message });
  };
  note('project', projectRule(target));
  note('region', target.project === null ? expressRule(target) : locationProblem(target));
  note('modelName', nameRule(target));
  note('credential', keyRule(target));
  return found;
}

function projectRule({ credential, project }: Target): string | null {
  const isKey = credential.type === 'api-key';
  if (isKey && project !== null) return 'is said by the API key; leave it out, or use google: adc';
  if (!isKey && project === null) return 'is needed: the id of the Google Cloud project';
  return null;
}

/** Express mode has no more than Google's own models. (docs.cloud.google.com, seen 2026-11-24) */
function keyRule({ credential, deployment }: Target): string | null {
  if (credential.type !== 'api-key' || deployment.offer.dialects.includes('gemini')) return null;
  return 'must be google or bearer: an API key calls models of Google alone';
}

function expressRule(target: Target): string | null {
  if (target.credential.type !== 'api-key' || locationOf(target) === 'global') return null;
  return 'must be global with an API key, which chooses no location';
}

function nameRule({ modelName, deployment }: Target): string | null {
  if (!deployment.offer.dialects.includes('openai-chat')) {
    return /[/:]/.test(modelName)
      ? 'must be the name of the model alone, such as gemini-2.5-flash'
      : null;
  }
  if (/^[^/:]+\/[^/:]+$/.test(modelName)) return null;
  return (
    'must be vendor/model, such as meta/llama-3.3-70b-instruct-maas; models that are sold under ' +
    'their name alone are called by rawPredict in a form that this gateway does not speak'
  );
}
