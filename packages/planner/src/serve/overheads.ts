// What engines add to the work of the chips: launches and gaps of layers, the scheduler of a step,
// the way of a request in and of its first token out.

import { layerKinds } from '../served-shape.ts';
import type { ServingInstance } from './instance.ts';
import type { ServingParameters } from './parameters.ts';
import type { StepWork } from './step-time.ts';
import { weightCounts } from './weight-counts.ts';

function aging({ softwareAgeYears }: ServingInstance, { shared }: ServingParameters): number {
  // Beyond the releases that were fitted the trend is not followed.
  const years = Math.max(-0.4, Math.min(1.2, softwareAgeYears));
  return Math.exp(shared.overheadPerYear * years);
}

/** Launches and gaps between kernels. */
export function layerSeconds(instance: ServingInstance, parameters: ServingParameters): number {
  const { shape } = instance;
  const { shared } = parameters;
  const engine = parameters.engines[instance.engine]!;
  let us = shape.layers * engine.layerUs + weightCounts(shape).expertLayers * engine.expertLayerUs;
  us *= aging(instance, parameters);
  if (shape.latent !== null) us += shape.layers * shared.latentLayerUs;
  if ((shape.experts?.shared ?? 0) > 0)
    us += weightCounts(shape).expertLayers * shared.sharedExpertUs;
  if (shape.sparse !== null) us += shape.layers * shared.indexLayerUs;
  if (shape.linear !== null) us += layerKinds(shape).linear * shared.linearLayerUs;
  return us * 1e-6;
}

/** The scheduler: it works beside the chips, and holds them up when it is slower. */
export function hostSeconds(
  instance: ServingInstance,
  work: StepWork,
  parameters: ServingParameters,
): number {
  const engine = parameters.engines[instance.engine]!;
  // Every attention replica has a scheduler of its own.
  const us = engine.hostStepMs * 1e3 + work.sequences * engine.hostSequenceUs;
  const host = /^G(B|H)/.test(instance.chip.id) ? parameters.shared.graceHost : 1;
  return us * 1e-6 * host * aging(instance, parameters);
}

/** A prompt runs without a captured graph: what the launches of its layers take. */
export function launchSeconds(instance: ServingInstance, parameters: ServingParameters): number {
  const engine = parameters.engines[instance.engine]!;
  const { shape } = instance;
  const experts = weightCounts(shape).expertLayers * engine.promptExpertLayerUs;
  return (shape.layers * engine.promptLayerUs + experts) * 1e-6 * aging(instance, parameters);
}

/** Seconds of a request's way in, of its prompt's launches, of its first token's way out. */
export function requestSeconds(instance: ServingInstance, parameters: ServingParameters): number {
  const { requestMs } = parameters.engines[instance.engine]!;
  return requestMs * 1e-3 + launchSeconds(instance, parameters);
}
