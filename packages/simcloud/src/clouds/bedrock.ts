// Amazon Bedrock's runtime: Converse, and InvokeModel for Claude, signed with Signature Version 4
// or called with a Bedrock API key. Exceptions and statuses by the service's model (botocore,
// bedrock-runtime 2023-09-30). There are no headers of rate limits.

import { randomUuid } from '../random.ts';
import type { Refusal, WireRefusal } from '../refusal.ts';
import { verifySignature } from '../sigv4.ts';
import { claudeByInvoke, converseSpeech } from './bedrock-speech.ts';
import { bearer, decodedSegment, type Face, header, pathOf, type Route, seconds } from './face.ts';

const callPath =
  /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/;

export const bedrock: Face = {
  name: 'bedrock',
  cachesByItself: false,
  callIdPrefix: 'tooluse_',
  serviceTier: null,
  largestBodyBytes: 25 * 1024 * 1024,

  route: (method, target) => (method === 'POST' ? route(target) : null),
  authenticate: (call, accepted, nowMs) => {
    const key = bearer(call);
    if (key !== null) {
      return accepted.bedrock.includes(key) ? null : { reason: 'wrong-credential', shown: '' };
    }
    const wrong = verifySignature(call, { service: 'bedrock', keys: accepted.aws, nowMs });
    if (wrong === null) return null;
    return header(call, 'authorization') === null
      ? { reason: 'no-credential' }
      : { reason: 'signature', ...wrong };
  },
  refuse: (refusal, requestId) => {
    const { status, exception, message, headers } = refuse(refusal);
    return {
      status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
        ...headers,
      },
      body: JSON.stringify({ message }),
    };
  },

  requestId: randomUuid,
  headers: facts => ({ 'x-amzn-requestid': facts.requestId }),
};

/** The model id is one segment, percent-encoded: ARNs hold `:` and `/`. */
function route(target: string): Route | null {
  const match = callPath.exec(pathOf(target));
  if (match === null) return null;
  const model = decodedSegment(match[1]!);
  if (model === null) return null;
  const stream = match[2]!.endsWith('-stream');
  const speech = match[2]!.startsWith('invoke') ? claudeByInvoke : converseSpeech;
  return { speech, model, path: { model, stream } };
}

interface BedrockRefusal {
  readonly status: number;
  readonly exception: string;
  readonly message: string;
  readonly headers?: WireRefusal['headers'];
}

function refuse(refusal: Refusal): BedrockRefusal {
  const validation = (message: string): BedrockRefusal => ({
    status: 400,
    exception: 'ValidationException',
    message,
  });
  switch (refusal.reason) {
    case 'no-credential': {
      const message = 'Missing Authentication Token';
      return { status: 403, exception: 'MissingAuthenticationTokenException', message };
    }
    case 'wrong-credential': {
      const message = 'Authentication failed: Please make sure your API Key is valid.';
      return { status: 403, exception: 'AccessDeniedException', message };
    }
    case 'signature':
      return { status: 403, exception: refusal.exception, message: refusal.message };
    case 'no-such-path':
      return { status: 404, exception: 'UnknownOperationException', message: 'Unknown operation' };
    case 'no-such-model':
      return validation('The provided model identifier is invalid.');
    case 'too-large':
      return {
        status: 413,
        exception: 'RequestEntityTooLargeException',
        message: 'Request body is too large',
      };
    case 'invalid':
      return validation(refusal.message);
    case 'context-length':
      return validation('Input is too long for requested model.');
    case 'rate-limit': {
      const unit = refusal.exceeded?.unit ?? 'requests';
      const message = `Too many ${unit}, please wait before trying again.`;
      const headers: Record<string, string> = refusal.isRetryAfterForced
        ? { 'retry-after': seconds(refusal.retryAfterMs) }
        : {};
      return { status: 429, exception: 'ThrottlingException', message, headers };
    }
    case 'overloaded': {
      const message = 'Bedrock is unable to process your request.';
      return { status: 503, exception: 'ServiceUnavailableException', message };
    }
    case 'server-error': {
      const message =
        'The system encountered an unexpected error during processing. Try your request again.';
      return { status: refusal.status ?? 500, exception: 'InternalServerException', message };
    }
  }
}
