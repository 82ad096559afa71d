// count_tokens of anthropic: the body of a message without its limit and its sampling
// (docs.anthropic.com, "Count tokens in a Message"; types of @anthropic-ai/sdk 1.12).

import { countReader, promptOf } from '../counted.ts';
import type { CountDialect } from '../dialect.ts';
import { ObjectReader, parseJsonObject } from '../json.ts';
import { spliceModel } from '../json-member.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { decodeError, encodeError } from './errors.ts';
import { fieldName } from './field-names.ts';
import { decodeBody } from './request-decode.ts';
import { encodeBody } from './request-encode.ts';
import { scan } from './scan.ts';

/** A budget for thinking must be below a limit that is not sent. */
const unlimitedTokens = 1_000_000;

export const anthropicCountTokens: CountDialect = {
  name: 'anthropic-count-tokens',
  operation: 'count',
  partOf: 'anthropic-messages',
  scan,
  splice: spliceModel,
  decodeRequest: body =>
    promptOf(decodeBody(new ObjectReader(parseJsonObject(body, 'invalid_request'), ''))),
  encodeRequest: (request, target) => {
    const losses = new Losses();
    const limited = { ...request, maxOutputTokens: unlimitedTokens };
    const { max_tokens: _, ...body } = encodeBody(limited, target, losses);
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  ...countReader('input_tokens'),
  encodeResponse: ({ inputTokens }) => ({
    body: bytesOf(JSON.stringify({ input_tokens: inputTokens })),
    losses: [],
  }),
  decodeError,
  encodeError,
  vital: new Set(),
  fieldName,
};
