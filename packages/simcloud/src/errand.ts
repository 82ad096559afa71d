// What a cloud is asked besides answers: vectors of texts, or how many tokens a prompt has. Both
// are decided by the seed and by what is asked alone, so that the same text always has the same
// vector.

import type { CanonicalRequest, Usage } from '@entrepot/dialects/canonical';
import type { AnswerContext, PathFields, WholeDialect } from '@entrepot/dialects/dialect';
import type { EmbedAnswer, EmbedInput, EmbedRequest } from '@entrepot/dialects/embedding';
import { inputUsage } from '@entrepot/dialects/input-usage';
import { estimateTokens } from '@entrepot/dialects/token-estimate';
import type { AnswerFacts, WireCall } from './clouds/face.ts';
import { promptParts } from './input-tokens.ts';
import type { SimulatedModel } from './model.ts';
import { randomFrom } from './random.ts';
import type { Refusal } from './refusal.ts';
import { steeringOf } from './steering.ts';

/** What a known path says of it, and what the cloud adds to its dialect. */
export interface Errand {
  readonly dialect: WholeDialect;
  readonly model: string | null;
  readonly path: PathFields | null;
  /** What the cloud refuses although its dialect can say it. */
  check?(request: Asked, call: WireCall, model: SimulatedModel): Refusal | null;
  /** Headers of this answer beside the cloud's own. */
  headers?(usage: Usage): Record<string, string>;
}

export type Asked = CanonicalRequest | EmbedRequest;

/** What an errand gets, all of it decided. */
export interface PlannedErrand {
  readonly errand: Errand;
  readonly body: Uint8Array;
  readonly usage: Usage;
  readonly facts: AnswerFacts;
  /** Real time before the answer comes. */
  readonly totalMs: number;
}

/** Tokens that are read for it. What is only counted is not. */
export function tokensOf(request: Asked): number {
  return 'inputs' in request
    ? request.inputs.reduce((sum, input) => sum + inputTokens(input), 0)
    : 0;
}

export function errandBody(
  { dialect }: Errand,
  request: Asked,
  model: SimulatedModel,
  seed: number,
  context: AnswerContext<unknown>,
): Uint8Array {
  const answer = 'inputs' in request ? embed(request, model, seed, context.model) : count(request);
  return dialect.encodeResponse(answer, context).body;
}

function count(request: CanonicalRequest): { inputTokens: number; usage: Usage } {
  const counted = promptParts(request).reduce((sum, part) => sum + part.tokens, 0);
  const inputTokens = steeringOf(request).inputTokens ?? Math.max(1, counted);
  return { inputTokens, usage: inputUsage(0) };
}

function embed(
  request: EmbedRequest,
  { vectors }: SimulatedModel,
  seed: number,
  model: string,
): EmbedAnswer {
  const length = request.dimensions ?? vectors!.dimensions;
  const made = request.inputs.map(input =>
    vectorOf(`${seed}/${request.model}/${JSON.stringify(input)}`, length),
  );
  const usage = vectors!.tellsTokens ? inputUsage(tokensOf(request)) : null;
  return { model, vectors: made, usage };
}

function inputTokens(input: EmbedInput): number {
  if (input.type === 'tokens') return input.tokens.length;
  const text = input.type === 'text' ? input.text : JSON.stringify(input.parts);
  return estimateTokens(Buffer.byteLength(text), 0);
}

/** Of length one, in floats of 32 bits: the same in base64 and in digits. */
function vectorOf(name: string, length: number): readonly number[] {
  const random = randomFrom(name);
  const raw = Array.from({ length }, () => random() * 2 - 1);
  const norm = Math.hypot(...raw);
  return raw.map(x => Math.fround(x / norm));
}
