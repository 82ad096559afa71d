// Embeddings of openai, spoken also by Azure OpenAI and by most hosts of open weights
// (platform.openai.com/docs/api-reference/embeddings; description 2.3.0 of openai/openai-openapi).

import type { EmbedDialect } from '../dialect.ts';
import { spliceModel } from '../json-member.ts';
import { decodeError, encodeError } from '../openai-error.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan } from './scan.ts';

const names: Readonly<Record<string, string>> = { inputs: 'input', task: 'input_type' };

export const openaiEmbeddings: EmbedDialect = {
  name: 'openai-embeddings',
  operation: 'embed',
  scan,
  splice: spliceModel,
  decodeRequest,
  encodeRequest,
  decodeResponse: (body, _headers, context) => decodeResponse(body, context),
  encodeResponse,
  readUsage,
  decodeError,
  encodeError,
  vital: new Set(['dimensions']),
  fieldName: path => {
    const field = path.replace(/^extensions\./, '');
    return Object.hasOwn(names, field) ? names[field]! : field;
  },
};
