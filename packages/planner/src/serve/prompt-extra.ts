// A prompt is read by one attention replica, and passes one stage after the other. The simulation
// counts it as spread evenly over all of them: so it holds the instance up, but it is read itself
// only after more time.

import type { ServingInstance } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import { type StepTime, stepTime } from './step-time.ts';

/** Seconds beside those of its share; 0 where there is one replica and one stage. */
export function promptExtraSeconds(
  instance: ServingInstance,
  tokens: number,
  parameters: ServingParameters,
): number {
  const { attentionDp, pp } = instance.layout;
  if (attentionDp === 1 && pp === 1) return 0;
  const reading = (promptTokens: number): StepTime => {
    const work = { sequences: 0, context: 0, promptTokens, promptContext: tokens / 2 };
    return stepTime(instance, work, parameters);
  };
  // Experts are shared by all replicas: they have the same work wherever the prompt is.
  const spread = reading(tokens / attentionDp);
  const whole = reading(tokens);
  const own = ({ linear, activations, promptAttention }: StepTime): number =>
    linear + activations + promptAttention;
  const counted = reading(tokens / attentionDp / pp).total;
  return Math.max(0, spread.total - counted + own(whole) - own(spread));
}
