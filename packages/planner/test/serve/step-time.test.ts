// Proves the physics of a step where it is certain: never faster than its rooflines, slower with
// more work, faster on more chips; and what follows from it for drafts and for prompts apart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  atConcurrency,
  type LoadPattern,
  steadyPattern,
} from '@entrepot/planner/serve/closed-loop';
import { disaggregate } from '@entrepot/planner/serve/disaggregated';
import type { ServingInstance } from '@entrepot/planner/serve/instance';
import type { LaunchSettings } from '@entrepot/planner/serve/launch';
import { weightBytesPerChip } from '@entrepot/planner/serve/memory';
import { tokenSeconds, tokensPerStep } from '@entrepot/planner/serve/speculation';
import { offline, promptSeconds } from '@entrepot/planner/serve/steady-state';
import { stepTime } from '@entrepot/planner/serve/step-time';
import { fitted, instanceOf } from './cases.ts';

const { parameters } = fitted;
const decode = (sequences: number, context = 2000) => ({
  sequences,
  context,
  promptTokens: 0,
  promptContext: 0,
});
const lengths = { inputTokens: 1000, outputTokens: 500 };

test('a step is never faster than reading its weights', () => {
  for (const chip of ['H100-SXM', 'H200', 'B200', 'TPU-v6e', 'Trainium2', 'MI300X']) {
    const instance = instanceOf('llama-3.3-70b', chip, { tp: 8 }, 'bf16');
    const least = weightBytesPerChip(instance) / instance.chip.hbmBytesPerSecond!;
    const { total } = stepTime(instance, decode(1), parameters);
    // The embedding is not read.
    assert.ok(total > 0.97 * least, `${chip}: ${total} s, weights alone ${least} s`);
  }
});

test('more sequences, a longer context or fewer chips take longer', () => {
  const at = (tp: number, sequences: number, context: number): number =>
    stepTime(
      instanceOf('llama-3.3-70b', 'H100-SXM', { tp }),
      decode(sequences, context),
      parameters,
    ).total;
  assert.ok(at(4, 64, 2000) > at(4, 8, 2000));
  assert.ok(at(4, 64, 16000) > at(4, 64, 2000));
  assert.ok(at(2, 64, 2000) > at(8, 64, 2000));
});

test('few sequences read few experts', () => {
  const instance = instanceOf('deepseek-v3', 'H200', { tp: 8 });
  const one = stepTime(instance, decode(1), parameters).experts;
  const many = stepTime(instance, decode(256), parameters).experts;
  assert.ok(many > 8 * one);
});

test('throughput grows with the batch while the time per token does', () => {
  const instance = instanceOf('llama-3.1-8b', 'H100-SXM', {});
  const few = atConcurrency(instance, lengths, 4, parameters);
  const many = atConcurrency(instance, lengths, 64, parameters);
  assert.ok(many.tokensPerSecond > 4 * few.tokensPerSecond);
  assert.ok(many.tpotSeconds > few.tpotSeconds);
  assert.ok(offline(instance, lengths, parameters).tokensPerSecond > many.tokensPerSecond);
});

test('a full cache makes requests wait', () => {
  const instance = instanceOf('llama-3.3-70b', 'H100-SXM', {});
  const beyond = atConcurrency(instance, lengths, 400, parameters);
  assert.ok(beyond.running < 400);
  assert.ok(beyond.ttftSeconds > 1);
});

test('a scheduler that looks seldom for requests makes them wait, and no running one', () => {
  const instance = instanceOf('llama-3.1-8b', 'B200', {});
  const eager = atConcurrency(instance, lengths, 32, parameters);
  const seldom = atConcurrency(
    { ...instance, launch: { ...instance.launch, pollSteps: 30 } },
    lengths,
    32,
    parameters,
  );
  assert.ok(seldom.ttftSeconds > eager.ttftSeconds + 10 * eager.tpotSeconds);
  // Prompts that are read together hold up less than one by one.
  assert.ok(seldom.tpotSeconds <= eager.tpotSeconds);
});

test('prompts that are held back for others, and streams in front of a first token, take time', () => {
  const instance = instanceOf('llama-3.1-8b', 'B200', {});
  const ttft = (launch: Partial<LaunchSettings>): number =>
    atConcurrency(
      { ...instance, launch: { ...instance.launch, ...launch } },
      lengths,
      32,
      parameters,
    ).ttftSeconds;
  const { tpotSeconds } = atConcurrency(instance, lengths, 32, parameters);
  assert.ok(ttft({ holdSteps: 20 }) > ttft({}) + 10 * 0.8 * tpotSeconds);
  assert.ok(ttft({ streamSteps: 20 }) < ttft({}));
});

test('a load that opens with a burst has later first tokens on average, a cold one more so', () => {
  const instance = instanceOf('llama-3.3-70b', 'H100-SXM', { tp: 4 });
  const ttft = (pattern: Partial<LoadPattern>): number =>
    atConcurrency(instance, lengths, 32, parameters, { ...steadyPattern, ...pattern }).ttftSeconds;
  const burst = ttft({ openingShare: 0.1 });
  assert.ok(burst > ttft({}));
  assert.ok(ttft({ openingShare: 0.1, cold: true }) > burst);
  assert.ok(ttft({ alike: true }) > ttft({}));
});

test('an engine that reads prompts apart holds those that decode up for as long', () => {
  const vllm = instanceOf('llama-3.3-70b', 'H100-SXM', { tp: 4 });
  const sglang: ServingInstance = { ...vllm, engine: 'sglang' };
  const beside = { sequences: 32, context: 1500, prompts: 1 };
  const apart = promptSeconds(sglang, beside, 1000, parameters);
  const work = { sequences: 0, context: 1500, promptTokens: 1000, promptContext: 500 };
  assert.equal(apart, stepTime(sglang, work, parameters).total);
});

test('wide experts compute faster than narrow ones of as many weights', () => {
  const instance = instanceOf('mixtral-8x7b', 'H100-SXM', { tp: 2 });
  const { experts } = instance.shape;
  const narrow = { ...experts!, ffn: experts!.ffn / 8, count: experts!.count * 8, topK: 16 };
  const shape = { ...instance.shape, experts: narrow };
  const prompt = { sequences: 0, context: 0, promptTokens: 8192, promptContext: 4096 };
  const wide = stepTime(instance, prompt, parameters).experts;
  assert.ok(stepTime({ ...instance, shape }, prompt, parameters).experts > wide);
});

test('a draft gives the tokens that its acceptance does', () => {
  assert.equal(tokensPerStep({ proposed: 4, acceptance: 0, draft: null }), 1);
  assert.equal(tokensPerStep({ proposed: 4, acceptance: 1, draft: null }), 5);
  assert.ok(Math.abs(tokensPerStep({ proposed: 2, acceptance: 0.5, draft: null }) - 1.75) < 1e-12);
  const instance = instanceOf('llama-3.3-70b', 'H100-SXM', { tp: 8 });
  const draft = instanceOf('llama-3.2-1b', 'H100-SXM', { tp: 8 });
  const seconds = (acceptance: number | null): number => {
    const speculation = acceptance === null ? null : { proposed: 4, acceptance, draft };
    return tokenSeconds({ ...instance, speculation }, decode(1), parameters);
  };
  assert.equal(seconds(null), stepTime(instance, decode(1), parameters).total);
  assert.ok(seconds(0.8) < seconds(null));
  assert.ok(seconds(0) > seconds(null));
  assert.ok(
    weightBytesPerChip({ ...instance, speculation: { proposed: 4, acceptance: 0.8, draft } }) >
      weightBytesPerChip(instance),
  );
});

test('prompts apart hold no token up, and need more instances the longer they are', () => {
  const instance = instanceOf('llama-3.3-70b', 'H100-SXM', { tp: 4 });
  const apart = (inputTokens: number) =>
    disaggregate(instance, instance, { inputTokens, outputTokens: 500 }, 64, parameters);
  const together = atConcurrency(instance, lengths, 64, parameters);
  assert.ok(apart(1000).tpotSeconds < together.tpotSeconds);
  assert.ok(apart(4000).prefillPerDecode > 3 * apart(1000).prefillPerDecode);
  assert.ok(apart(1000).transferSeconds > 0);
});
