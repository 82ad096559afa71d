// generateContent and streamGenerateContent of Google: the Gemini API and Vertex AI speak the same
// (ai.google.dev/api/generate-content; types of the SDK @google/genai 3.1.0). Streams are
// server-sent events (`alt=sse`); for the other form see json-array.ts.

import type { Dialect } from '../dialect.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { fieldName } from './field-names.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan, splice } from './scan.ts';
import { holdsSealed } from './signature.ts';
import { GeminiDecoder } from './stream-decode.ts';
import { GeminiEncoder } from './stream-encode.ts';
import { GeminiTap } from './tap.ts';

export const gemini: Dialect = {
  name: 'gemini',
  operation: 'generate',
  streamContentType: 'text/event-stream',
  scan,
  splice,
  takes: body => !holdsSealed(body),
  decodeRequest,
  encodeRequest,
  decodeResponse: (body, _headers, context) => decodeResponse(body, context),
  encodeResponse,
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: context => new GeminiDecoder(context),
  encoder: context => new GeminiEncoder(context),
  tap: () => new GeminiTap(),
  vital: new Set(),
  fieldName,
};
