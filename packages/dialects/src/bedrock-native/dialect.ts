// Bodies of a model's own form, as InvokeModel takes them for Llama, Mistral, Titan, Command,
// Jamba, DeepSeek, gpt-oss and others. They pass through and nothing else: a prompt with a model's
// own marks in it means nothing to another one. (docs.aws.amazon.com/bedrock/latest/userguide,
// "Inference request parameters and response fields for foundation models", seen 2026-11-24)

import { decodeError, encodeError, encodeStreamError, errorInside } from '../bedrock-error.ts';
import { type Dialect, DialectError } from '../dialect.ts';
import { headerUsage } from '../invoke-usage.ts';
import { parseJsonObject } from '../json.ts';
import { takes } from './families.ts';
import { scan } from './scan.ts';
import { stopOf } from './stop.ts';
import { BedrockNativeTap } from './tap.ts';

/** What a caller is told when no deployment takes it, and one who would be answered in it. */
function neverTranslated(): never {
  const message =
    "A body of a model's own form goes by InvokeModel to Amazon Bedrock alone, and to the model " +
    'that it was written for. Ask by /model/{model}/converse, which is carried to every cloud.';
  throw new DialectError({ class: 'unsupported', code: 'native_body', message });
}

export const bedrockNative: Dialect = {
  name: 'bedrock-native',
  operation: 'generate',
  partOf: 'bedrock-invoke',
  streamContentType: 'application/vnd.amazon.eventstream',
  requestIdHeader: 'x-amzn-requestid',
  scan,
  // The model stands in the path.
  splice: body => [body],
  takes,
  decodeRequest: neverTranslated,
  encodeRequest: neverTranslated,
  decodeResponse: neverTranslated,
  encodeResponse: neverTranslated,
  readUsage: (bytes, headers = {}) => {
    const body = parseJsonObject(bytes, 'upstream');
    // The service answers 200 also to an operation that it does not know.
    if ('Output' in body) throw new DialectError(errorInside(body));
    return { usage: headerUsage(headers), stopRaw: stopOf(body) };
  },
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: neverTranslated,
  encoder: neverTranslated,
  tap: () => new BedrockNativeTap(),
  vital: new Set(),
  fieldName: path => path,
};
