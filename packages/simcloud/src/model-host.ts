// The models of one cloud: finds them, keeps their quotas and prompt cache, and plans what a
// request gets and how long that takes.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { AnswerContext } from '@entrepot/dialects/dialect';
import { inputUsage } from '@entrepot/dialects/input-usage';
import type { Answer } from './answer/answer.ts';
import { planAnswer } from './answer/plan-answer.ts';
import type { AnswerFacts, Face, Speech } from './clouds/face.ts';
import { type Asked, type Errand, errandBody, type PlannedErrand, tokensOf } from './errand.ts';
import { promptParts } from './input-tokens.ts';
import { noWait, type Pace, paceOf } from './latency.ts';
import { Models, type SimulatedModel } from './model.ts';
import { PromptCache } from './prompt-cache.ts';
import { type Exceeded, Quota, type QuotaFigures } from './quota.ts';
import type { Random } from './random.ts';
import type { Refusal } from './refusal.ts';
import { steeringOf } from './steering.ts';

export interface HostOptions {
  readonly seed: number;
  readonly speed: number;
  readonly latency: 'model' | 'zero';
  readonly tokensPerEvent: number;
  readonly models: readonly SimulatedModel[];
  readonly quota: QuotaFigures;
}

/** What a request gets, all of it decided. */
export interface PlannedCall {
  readonly speech: Speech;
  readonly request: CanonicalRequest;
  readonly answer: Answer;
  readonly pace: Pace;
  /** Real time before a unary answer is whole. */
  readonly totalMs: number;
  readonly facts: AnswerFacts;
  readonly context: AnswerContext;
}

/** When and as what a call arrived. */
export interface Moment {
  readonly requestId: string;
  readonly random: Random;
  readonly nowMs: number;
  /** How many times slower than usual the model is. */
  readonly slowness: number;
}
export interface SpeechMoment extends Moment {
  readonly speech: Speech;
}

export class ModelHost {
  readonly #face: Face;
  readonly #options: HostOptions;
  readonly #models: Models;
  readonly #cache: PromptCache;
  readonly #quotas = new Map<string, Quota>();

  constructor(face: Face, options: HostOptions) {
    this.#face = face;
    this.#options = options;
    this.#models = new Models(options.models);
    this.#cache = new PromptCache(face.cachesByItself);
  }

  find(name: string): SimulatedModel | null {
    return this.#models.find(name);
  }

  /** The answer and its time, or why there is none; a refused request takes nothing of a quota. */
  plan(
    request: CanonicalRequest,
    model: SimulatedModel,
    moment: SpeechMoment,
  ): PlannedCall | Refusal {
    const { speech, random, requestId, nowMs } = moment;
    const answer = this.#answer(request, model, moment);
    if ('reason' in answer) return answer;
    const { usage, hiddenTokens } = answer;
    const quota = this.#quotaOf(request.model, nowMs);
    const exceeded = quota.take(usage.inputTokens + usage.outputTokens, nowMs);
    if (exceeded !== null) return rateLimited(request.model, exceeded);
    const work = { freshInputTokens: usage.inputTokens - usage.cachedReadTokens, hiddenTokens };
    const pace = this.#paceOf(model, work, moment);
    const totalMs = pace.firstTokenMs + pace.msPerToken * (usage.outputTokens - hiddenTokens);
    const { stream, includeUsage } = request;
    const processingMs = stream ? pace.firstTokenMs : totalMs;
    const quotaStates = quota.states();
    return {
      speech,
      request,
      answer,
      pace,
      totalMs,
      facts: { requestId, model: request.model, nowMs, quota: quotaStates, usage, processingMs },
      context: {
        id: speech.responseId(random),
        model: model.reportedName ?? request.model,
        createdSeconds: Math.floor(nowMs / 1000),
        includeUsage,
        request,
      },
    };
  }

  /** The same for what is no answer. Tokens that are only counted are none of the quota's. */
  planErrand(
    errand: Errand,
    request: Asked,
    model: SimulatedModel,
    moment: Moment,
  ): PlannedErrand | Refusal {
    const { requestId, nowMs } = moment;
    const quota = this.#quotaOf(request.model, nowMs);
    const usage = inputUsage(tokensOf(request));
    const exceeded = quota.take(usage.inputTokens, nowMs);
    if (exceeded !== null) return rateLimited(request.model, exceeded);
    const work = { freshInputTokens: usage.inputTokens, hiddenTokens: 0 };
    const totalMs = this.#paceOf(model, work, moment).firstTokenMs;
    const context = {
      id: requestId,
      model: model.reportedName ?? request.model,
      createdSeconds: Math.floor(nowMs / 1000),
      includeUsage: true,
      request,
    };
    const body = errandBody(errand, request, model, this.#options.seed, context);
    const timing = { nowMs, processingMs: totalMs, quota: quota.states() };
    const facts = { requestId, model: request.model, usage, ...timing };
    return { errand, body, usage, facts, totalMs };
  }

  #answer(
    request: CanonicalRequest,
    model: SimulatedModel,
    { random, speech }: SpeechMoment,
  ): Answer | Refusal {
    const { encryptsThinking } = speech;
    const steering = steeringOf(request);
    const parts = promptParts(request);
    const counted = Math.max(
      1,
      parts.reduce((sum, part) => sum + part.tokens, 0),
    );
    const inputTokens = steering.inputTokens ?? counted;
    if (inputTokens > model.contextTokens) {
      return { reason: 'context-length', tokens: inputTokens, limit: model.contextTokens };
    }
    const scale = inputTokens / counted;
    const scaled = parts.map(part => ({ ...part, tokens: Math.floor(part.tokens * scale) }));
    const cache = this.#cache.use(request.model, scaled);
    const { callIdPrefix, serviceTier } = this.#face;
    const { tokensPerEvent } = this.#options;
    const cloud = { callIdPrefix, serviceTier, encryptsThinking, tokensPerEvent };
    return planAnswer({ request, model, steering, inputTokens, cache, random, ...cloud });
  }

  #quotaOf(model: string, nowMs: number): Quota {
    const known = this.#quotas.get(model);
    if (known !== undefined) return known;
    const quota = new Quota(this.#options.quota, this.#options.speed, nowMs);
    this.#quotas.set(model, quota);
    return quota;
  }

  #paceOf(model: SimulatedModel, work: Parameters<typeof paceOf>[1], moment: Moment): Pace {
    const { latency, speed } = this.#options;
    if (latency === 'zero') return noWait;
    return paceOf(model.latency, work, speed / moment.slowness, moment.random);
  }
}

function rateLimited(model: string, exceeded: Exceeded): Refusal {
  const { retryAfterMs } = exceeded;
  return { reason: 'rate-limit', model, exceeded, retryAfterMs, isRetryAfterForced: false };
}
