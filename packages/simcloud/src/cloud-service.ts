// One simulated cloud behind its port. A call's way: path, body, credential, dialect, model, fault,
// rules, quota, answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { AnswerContext } from '@entrepot/dialects/dialect';
import { type Answer, answerEvents, answerResponse } from './answer/answer.ts';
import { planAnswer } from './answer/plan-answer.ts';
import type { AnswerFacts, Face, WireCall } from './clouds/face.ts';
import type { SimulatedCredentials } from './credentials.ts';
import { decodeCall } from './decode-call.ts';
import type { Fault } from './fault.ts';
import { FaultBoard } from './fault-board.ts';
import { breakBy, refusalBy, slownessBy } from './fault-effect.ts';
import { hangUp } from './front.ts';
import { promptParts } from './input-tokens.ts';
import { noWait, type Pace, paceOf } from './latency.ts';
import { Models, type SimulatedModel } from './model.ts';
import { PromptCache } from './prompt-cache.ts';
import { Quota, type QuotaFigures } from './quota.ts';
import { type Random, randomFrom } from './random.ts';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';
import type { CloudStats } from './stats.ts';
import { steeringOf } from './steering.ts';
import { StreamPlayer } from './stream-player.ts';
import { Tally } from './tally.ts';

export interface ServiceOptions {
  readonly seed: number;
  readonly speed: number;
  readonly latency: 'model' | 'zero';
  readonly tokensPerEvent: number;
  readonly credentials: SimulatedCredentials;
  readonly models: readonly SimulatedModel[];
  readonly quota: QuotaFigures;
  /** Unix time in ms. */
  now(): number;
}

/** One call, and what is fixed when it arrives. */
interface Exchange {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly random: Random;
  readonly faultRandom: Random;
}

/** A call that a model will answer. */
interface Accepted extends Exchange {
  readonly request: CanonicalRequest;
  readonly answer: Answer;
  readonly pace: Pace;
  readonly facts: AnswerFacts;
  readonly context: AnswerContext;
  readonly fault: Fault | null;
}

interface Flowing {
  readonly model: string;
  readonly faultRandom: Random;
  readonly player: StreamPlayer;
}

const webPage =
  '<!doctype html><html><head><title>Service</title></head><body>Simulated page</body></html>\n';

export class CloudService {
  readonly #face: Face;
  readonly #options: ServiceOptions;
  readonly #models: Models;
  readonly #cache: PromptCache;
  readonly #quotas = new Map<SimulatedModel, Quota>();
  readonly #faults = new FaultBoard();
  readonly #tally = new Tally();
  readonly #flowing = new Set<Flowing>();

  constructor(face: Face, options: ServiceOptions) {
    this.#face = face;
    this.#options = options;
    this.#models = new Models(options.models);
    this.#cache = new PromptCache(face.cachesByItself);
  }

  /** Takes the place of all faults before. A cut strikes the streams that flow as well. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults.set(faults);
    for (const { model, faultRandom, player } of this.#flowing) {
      const cut = this.#faults.strikeFlowing(model, faultRandom);
      if (cut !== null) player.cut(breakBy(cut)!.afterEvents);
    }
  }

  stats(): CloudStats {
    return this.#tally.stats(this.#faults.hits);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const n = this.#tally.arrived(response);
    const name = `${this.#options.seed}/${this.#face.name}/${n}`;
    const random = randomFrom(name);
    const requestId = this.#face.requestId(random);
    const faultRandom = randomFrom(`${name}/fault`);
    this.#answer(request, { response, requestId, random, faultRandom }).catch(error => {
      // A fault of the simulation itself must be seen, and must not look like an answer.
      process.stderr.write(`simulated ${this.#face.name}: ${(error as Error).stack}\n`);
      response.destroy();
    });
  }

  async #answer(request: IncomingMessage, exchange: Exchange): Promise<void> {
    const body = await readBody(request, this.#face.largestBodyBytes);
    if (body === null) {
      if (!request.destroyed) this.#refuse(exchange, { reason: 'too-large' });
      return;
    }
    const call: WireCall = {
      method: request.method!,
      target: request.url!,
      headers: headerPairs(request.rawHeaders),
      body,
    };
    const outcome = this.#consider(call, exchange);
    if ('reason' in outcome) return this.#refuse(exchange, outcome);
    if (this.#interrupt(outcome)) return;
    this.#tally.began(outcome.answer);
    if (outcome.pace.firstTokenMs === 0) return this.#begin(outcome);
    const timer = setTimeout(() => this.#begin(outcome), outcome.pace.firstTokenMs);
    exchange.response.once('close', () => clearTimeout(timer));
  }

  #consider(call: WireCall, exchange: Exchange): Accepted | Refusal {
    const { credentials, speed, now } = this.#options;
    const route = this.#face.route(call.method, call.target);
    if (route === null) {
      return { reason: 'no-such-path', method: call.method, path: call.target };
    }
    const denied = this.#face.authenticate(call, credentials, now());
    if (denied !== null) return denied;
    const request = decodeCall(this.#face, route, call.body);
    if ('reason' in request) return request;
    const fault = this.#faults.strike(request.model, exchange.faultRandom);
    const failed = fault && refusalBy(fault, request.model, request.stream, speed);
    if (failed !== null) return failed;
    const model = this.#models.find(request.model);
    if (model === null) return { reason: 'no-such-model', model: request.model };
    const wrong = this.#face.check(request, call, model);
    return wrong ?? this.#plan(request, model, fault, exchange);
  }

  #plan(
    request: CanonicalRequest,
    model: SimulatedModel,
    fault: Fault | null,
    exchange: Exchange,
  ): Accepted | Refusal {
    const { random, requestId } = exchange;
    const steering = steeringOf(request);
    const parts = promptParts(request);
    const counted = Math.max(1, parts.reduce((sum, part) => sum + part.tokens, 0));
    const inputTokens = steering.inputTokens ?? counted;
    if (inputTokens > model.contextTokens) {
      return { reason: 'context-length', tokens: inputTokens, limit: model.contextTokens };
    }
    const cache = this.#cache.use(request.model, parts, inputTokens);
    const { callIdPrefix, serviceTier } = this.#face;
    const { tokensPerEvent, now } = this.#options;
    const answer = planAnswer({
      request,
      model,
      steering,
      inputTokens,
      cache,
      random,
      callIdPrefix,
      serviceTier,
      tokensPerEvent,
    });
    const nowMs = now();
    const quota = this.#quotaOf(model, nowMs);
    const exceeded = quota.take(inputTokens + answer.usage.outputTokens, nowMs);
    if (exceeded !== null) {
      const { retryAfterMs } = exceeded;
      const isRetryAfterForced = false;
      return { reason: 'rate-limit', model: request.model, exceeded, retryAfterMs, isRetryAfterForced };
    }
    const freshInputTokens = inputTokens - cache.readTokens;
    const pace = this.#paceOf(model, fault, { freshInputTokens, hiddenTokens: answer.hiddenTokens }, random);
    const reported = model.reportedName ?? request.model;
    const { stream, includeUsage } = request;
    const processingMs = pace.firstTokenMs + (stream ? 0 : pace.msPerToken * shownTokens(answer));
    return {
      ...exchange,
      request,
      answer,
      pace,
      fault,
      facts: { requestId, model: request.model, stream, nowMs, quota: quota.states(), processingMs },
      context: {
        id: this.#face.responseId(random),
        model: reported,
        createdSeconds: Math.floor(nowMs / 1000),
        includeUsage,
      },
    };
  }
}
