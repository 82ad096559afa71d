// What the forms of embeddings on Bedrock have in common: InvokeModel, with the model in the path.

import { decodeError, encodeError } from '../bedrock-error.ts';
import type { EmbedDialect, Scan } from '../dialect.ts';
import type { EmbedRequest } from '../embedding.ts';
import type { JsonObject } from '../json.ts';
import { scanJson } from '../json-scan.ts';
import type { Losses } from '../losses.ts';
import { pathOf } from '../path-fields.ts';
import { estimateTokens } from '../token-estimate.ts';

type Common =
  | 'operation'
  | 'partOf'
  | 'requestIdHeader'
  | 'scan'
  | 'splice'
  | 'decodeError'
  | 'encodeError'
  | 'vital';

export const byInvoke: Pick<EmbedDialect, Common> = {
  operation: 'embed',
  partOf: 'bedrock-invoke',
  requestIdHeader: 'x-amzn-requestid',
  scan: (body, path): Scan => {
    let textBytes = 0;
    for (const member of scanJson(body).members.values()) textBytes += member.textBytes;
    return {
      model: pathOf(path).model,
      modelRange: null,
      stream: false,
      includeUsage: true,
      streamOptionsRange: null,
      maxOutputTokens: 0,
      features: [],
      inputTokens: estimateTokens(textBytes, 0),
    };
  },
  splice: body => [body],
  decodeError,
  encodeError,
  vital: new Set(['dimensions']),
};

/** The dialect's own fields; what neither form has is a loss. */
export function ownFields(
  { extensions, inputs, user }: EmbedRequest,
  dialect: string,
  losses: Losses,
): JsonObject {
  if (user !== undefined) losses.add('user', 'there is no such field in this dialect');
  if (inputs.some(input => input.title !== undefined)) {
    losses.add('title', 'a text has no title here');
  }
  if (extensions === undefined) return {};
  if (extensions.dialect === dialect) return extensions.fields;
  for (const key of Object.keys(extensions.fields)) {
    losses.add(`extensions.${key}`, `only ${extensions.dialect} has this field`);
  }
  return {};
}
