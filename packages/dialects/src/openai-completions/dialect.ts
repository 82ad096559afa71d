// The legacy completions of openai: text in, text out, no messages
// (platform.openai.com/docs/api-reference/completions). Passed through and nothing else: no other
// dialect can say what this one says, so that it goes only to an upstream that speaks it itself.

import { type Dialect, DialectError } from '../dialect.ts';
import { isObject, objectsAt, parseJsonObject, stringAt } from '../json.ts';
import { OpenaiChunkTap } from '../openai-chunk-tap.ts';
import { decodeError, encodeError } from '../openai-error.ts';
import { encodeStreamError, errorInside } from '../openai-stream-error.ts';
import { decodeUsage } from '../openai-usage.ts';
import { spliceUsage } from '../usage-wish.ts';
import { scan } from './scan.ts';

/** What a caller is told when no deployment speaks it, and one who would be answered in it. */
function neverTranslated(): never {
  const message =
    'Legacy completions cannot be said in another dialect, nor another dialect in them: they go only ' +
    'to a deployment that speaks openai-completions. Use chat completions.';
  throw new DialectError({ class: 'unsupported', code: 'unsupported_endpoint', message });
}

/** Throws DialectError: not an answer, or an error that came with status 200. */
const readUsage: Dialect['readUsage'] = bytes => {
  const body = parseJsonObject(bytes, 'upstream');
  const error = errorInside(body);
  if (error !== null) throw new DialectError(error);
  const choices = objectsAt(body, 'choices');
  if (choices.length === 0) {
    throw new DialectError({ class: 'upstream', message: 'The answer has no choices.' });
  }
  const usage = isObject(body.usage) ? decodeUsage(body.usage, null) : null;
  return { usage, stopRaw: stringAt(choices[0], 'finish_reason') ?? null };
};

export const openaiCompletions: Dialect = {
  name: 'openai-completions',
  operation: 'generate',
  streamContentType: 'text/event-stream; charset=utf-8',
  scan,
  splice: spliceUsage,
  decodeRequest: neverTranslated,
  encodeRequest: neverTranslated,
  decodeResponse: neverTranslated,
  encodeResponse: neverTranslated,
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: neverTranslated,
  encoder: neverTranslated,
  tap: options => new OpenaiChunkTap(options, choice => Boolean(stringAt(choice, 'text'))),
  vital: new Set(),
  fieldName: path => path,
};
