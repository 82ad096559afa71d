// One simulated cloud behind its port: takes a call through its way: path, credential, body, rules,
// fault, quota, answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CanonicalRequest, CanonicalResponse } from '@entrepot/dialects/canonical';
import { type AnswerContext, DialectError } from '@entrepot/dialects/dialect';
import { type Answer, answerEvents, answerResponse } from './answer/answer.ts';
import { planAnswer } from './answer/plan-answer.ts';
import type { AnswerFacts, Face, Route, WireCall } from './clouds/face.ts';
import type { SimulatedCredentials } from './credentials.ts';
import type { Fault } from './fault.ts';
import { FaultBoard } from './fault-board.ts';
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
import { StreamPlayer, type StreamBreak } from './stream-player.ts';

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

/** A call that passed everything that could refuse it. */
interface Accepted {
  readonly request: CanonicalRequest;
  readonly model: SimulatedModel;
  readonly answer: Answer;
  readonly pace: Pace;
  readonly facts: AnswerFacts;
  readonly context: AnswerContext;
  readonly fault: Fault | null;
}

/** One call and what is fixed when it arrives. */
interface Exchange {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly random: Random;
  readonly faultRandom: Random;
}
