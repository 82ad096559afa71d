// The canonical request for an upstream of this dialect.

import type { EncodedRequest, TargetModel } from '../dialect.ts';
import { taskOf, textsOf } from '../embed-inputs.ts';
import type { EmbedInput, EmbedRequest } from '../embedding.ts';
import { given } from '../given.ts';
import type { JsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { ownFields } from '../own-fields.ts';
import { bytesOf } from '../utf8.ts';

/** Throws DialectError of class `unsupported` for an input that is no text. */
export function encodeRequest(request: EmbedRequest, target: TargetModel): EncodedRequest {
  const losses = new Losses();
  const { inputs, dimensions, encoding, user } = request;
  reportTask(inputs, target, losses);
  const body: JsonObject = {
    ...ownFields(request.extensions, 'openai-embeddings', losses),
    model: target.name,
    input: encodeInputs(inputs, target),
    encoding_format: encoding,
    ...given({ dimensions, user }),
  };
  return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
}

/** Ids of tokens come from a caller of this dialect, whose models read them. */
function encodeInputs(inputs: readonly EmbedInput[], { vendor }: TargetModel): unknown {
  if (vendor !== 'openai' || inputs.some(input => input.type !== 'tokens')) return textsOf(inputs);
  return inputs.map(input => (input.type === 'tokens' ? input.tokens : []));
}

/** Models of openai make the same vector for every task: nothing is missing without. */
function reportTask(inputs: readonly EmbedInput[], { vendor }: TargetModel, losses: Losses): void {
  if (inputs.some(input => input.title !== undefined)) {
    losses.add('title', 'a text has no title here');
  }
  if (taskOf(inputs) === undefined) return;
  const reason = 'there is no such field in this dialect';
  if (vendor === 'openai') losses.addMinor('task', reason);
  else losses.add('task', reason);
}
