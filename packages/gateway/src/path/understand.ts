// Step 2: the body becomes an Intent. The bytes are kept: where caller and upstream speak the same
// dialect they go on as they are. A body that cannot be spliced safely is decoded instead.

import type { Feature } from '@entrepot/catalog/offer';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Scan } from '@entrepot/dialects/dialect';
import type { Intent } from '@entrepot/engine/intent';
import type { Principal } from '../keys.ts';
import type { Keep } from '../responses/keep.ts';
import type { Arrival } from './accept.ts';

export interface Understood {
  readonly intent: Intent;
  readonly body: Buffer;
  /** null where pass-through is not safe. */
  readonly scan: Scan | null;
  /**
   * The request in canonical form, decoded when it is first asked for. It may depend on the
   * deployment that it is for: what one made of an earlier answer, another may not be able to read.
   */
  canonical(deployment: string | null): CanonicalRequest;
  /** The upstream is to be told to keep nothing, and the request does not say so itself. */
  readonly isUnkept: boolean;
  /** How the answer is marked and kept; null for one that is not the gateway's to keep. */
  readonly keep: Keep | null;
}

/** Throws DialectError for a body that is not what its dialect says. */
export function understand(arrival: Arrival, principal: Principal, body: Buffer): Understood {
  const { dialect, path } = arrival;
  const scan = dialect.scan(body, path);
  let decoded: CanonicalRequest | null = null;
  const canonical = (): CanonicalRequest => {
    decoded ??= dialect.decodeRequest(body, path);
    return decoded;
  };
  const facts = scan ?? factsOf(canonical(), body.length);
  const intent: Intent = {
    route: facts.model,
    dialect: dialect.name,
    stream: facts.stream,
    features: facts.features,
    inputTokens: facts.inputTokens,
    maxOutputTokens: facts.maxOutputTokens,
    ...(scan?.prompts === undefined ? {} : { prompts: scan.prompts }),
    key: principal.key,
  };
  return { intent, body, scan, canonical, isUnkept: false, keep: null };
}

type Facts = Pick<Scan, 'model' | 'stream' | 'features' | 'inputTokens' | 'maxOutputTokens'>;

/** The same facts as a scan gives, for a body that had to be decoded. */
function factsOf(request: CanonicalRequest, bodyBytes: number): Facts {
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
    features: [...features],
    inputTokens: Math.ceil(bodyBytes / 4),
    maxOutputTokens: request.maxOutputTokens ?? null,
  };
}
