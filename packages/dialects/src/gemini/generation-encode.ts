// `generationConfig` for an upstream: sampling, limits, the form of the answer and thinking.

import type { CanonicalRequest } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import { given } from '../given.ts';
import { type JsonObject, objectAt } from '../json.ts';
import type { Losses } from '../losses.ts';
import { encodeThinking } from './thinking-encode.ts';

/** `own` has what a caller of this dialect said besides. */
export function encodeGeneration(
  request: CanonicalRequest,
  target: TargetModel,
  own: JsonObject,
  losses: Losses,
): JsonObject {
  const { maxOutputTokens, logprobs, reasoning } = request;
  const ownConfig = objectAt(own, 'generationConfig') ?? {};
  const thinking = reasoning === undefined ? {} : encodeThinking(reasoning, target, losses);
  const thinkingConfig = {
    ...objectAt(ownConfig, 'thinkingConfig'),
    ...objectAt(thinking, 'thinkingConfig'),
  };
  const config: JsonObject = {
    ...ownConfig,
    ...given({
      // More than the model can write is the same as its own limit, which is refused when said.
      maxOutputTokens:
        maxOutputTokens === undefined
          ? undefined
          : Math.min(maxOutputTokens, target.maxOutputTokens ?? Infinity),
      temperature: request.temperature,
      topP: request.topP,
      topK: request.topK,
      stopSequences: request.stop,
      seed: request.seed,
      frequencyPenalty: request.frequencyPenalty,
      presencePenalty: request.presencePenalty,
      candidateCount: request.candidates,
      thinkingConfig: Object.keys(thinkingConfig).length === 0 ? undefined : thinkingConfig,
    }),
    ...(logprobs === undefined ? {} : { responseLogprobs: true, logprobs: logprobs.top }),
    ...encodeFormat(request, target, losses),
  };
  return Object.keys(config).length === 0 ? {} : { generationConfig: config };
}

/** The name and the strictness of a schema mean nothing here: answers are always held to it. */
function encodeFormat(request: CanonicalRequest, target: TargetModel, losses: Losses): JsonObject {
  const { responseFormat } = request;
  switch (responseFormat?.type) {
    case undefined:
      return {};
    case 'text':
      return { responseMimeType: 'text/plain' };
    case 'json_object':
      return { responseMimeType: 'application/json' };
    case 'json_schema': {
      if (!target.jsonSchema) {
        losses.add('responseFormat', 'the model has no structured output');
        return {};
      }
      const { schema, description } = responseFormat;
      const described = description === undefined ? schema : { description, ...schema };
      return { responseMimeType: 'application/json', responseJsonSchema: described };
    }
  }
}
