// Converse and ConverseStream of Amazon Bedrock, for models of every vendor there
// (docs.aws.amazon.com/bedrock/latest/APIReference; botocore, bedrock-runtime 2023-09-30).

import { decodeError, encodeError, encodeStreamError } from '../bedrock-error.ts';
import type { Dialect } from '../dialect.ts';
import { fieldName } from './field-names.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse, readUsage } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { scan } from './scan.ts';
import { BedrockConverseDecoder } from './stream-decode.ts';
import { BedrockConverseEncoder } from './stream-encode.ts';
import { takes } from './takes.ts';
import { BedrockConverseTap } from './tap.ts';

export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  operation: 'generate',
  streamContentType: 'application/vnd.amazon.eventstream',
  requestIdHeader: 'x-amzn-requestid',
  scan,
  // The model stands in the path, and usage always comes.
  splice: body => [body],
  takes,
  decodeRequest,
  encodeRequest,
  decodeResponse,
  encodeResponse: response => encodeResponse(response),
  readUsage,
  decodeError,
  encodeError,
  encodeStreamError,
  decoder: context => new BedrockConverseDecoder(context),
  encoder: () => new BedrockConverseEncoder(),
  tap: () => new BedrockConverseTap(),
  vital: new Set(),
  fieldName,
};
