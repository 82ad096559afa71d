// What decisions must know of a request whose bytes told nothing: it had to be decoded.

import type { Feature } from '@entrepot/catalog/offer';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Scan, WholeDialect } from '@entrepot/dialects/dialect';
import type { EmbedRequest } from '@entrepot/dialects/embedding';

export type Facts = Pick<
  Scan,
  'model' | 'stream' | 'includeUsage' | 'features' | 'inputTokens' | 'maxOutputTokens'
>;

/** The facts of a request in the canonical form of its operation. */
export function factsOf(dialect: WholeDialect, request: unknown, bodyBytes: number): Facts {
  return dialect.operation === 'embed'
    ? embedFacts(request as EmbedRequest, bodyBytes)
    : promptFacts(request as CanonicalRequest, bodyBytes);
}

function embedFacts({ model, inputs }: EmbedRequest, bodyBytes: number): Facts {
  let tokens = 0;
  for (const input of inputs) if (input.type === 'tokens') tokens += input.tokens.length;
  return {
    model,
    stream: false,
    includeUsage: true,
    features: [],
    inputTokens: tokens > 0 ? tokens : Math.ceil(bodyBytes / 4),
    maxOutputTokens: 0,
  };
}

function promptFacts(request: CanonicalRequest, bodyBytes: number): Facts {
  const features = new Set<Feature>();
  if (request.stream) features.add('streaming');
  if (request.tools !== undefined && request.tools.length > 0) features.add('tools');
  if (request.responseFormat?.type === 'json_schema') features.add('json-schema');
  if (request.reasoning !== undefined && request.reasoning.mode !== 'disabled') {
    features.add('reasoning');
  }
  if ((request.candidates ?? 1) > 1) features.add('candidates');
  if (request.logprobs !== undefined) features.add('logprobs');
  for (const message of request.messages) {
    for (const block of message.content) {
      if (block.type === 'image') features.add('vision');
      if (block.type === 'document') features.add('documents');
      if (block.type === 'audio') features.add('audio');
    }
  }
  return {
    model: request.model,
    stream: request.stream,
    includeUsage: request.includeUsage,
    features: [...features],
    inputTokens: Math.ceil(bodyBytes / 4),
    maxOutputTokens: request.maxOutputTokens ?? null,
  };
}
