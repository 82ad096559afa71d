// How Amazon tells a refusal: an exception by its name in a header, with a message; and in openai's
// words where openai's API is spoken and the credential was taken. (botocore, bedrock-runtime
// 2023-09-30; the second is assumed from what openai's clients expect)

import type { Refusal, WireRefusal } from '../refusal.ts';
import { seconds } from './face.ts';
import { openai } from './openai.ts';

export function bedrockRefusal(refusal: Refusal, requestId: string): WireRefusal {
  const { status, exception, message, headers } = exceptionOf(refusal);
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
}

/** Credentials are looked at in front of the service: Amazon's own words. */
export function isOfFront({ reason }: Refusal): boolean {
  return reason === 'no-credential' || reason === 'wrong-credential' || reason === 'signature';
}

export function bedrockRefusalOfOpenai(
  refusal: Refusal,
  requestId: string,
  nowMs: number,
): WireRefusal {
  if (isOfFront(refusal)) return bedrockRefusal(refusal, requestId);
  const wire = openai.refuse(refusal, requestId, nowMs);
  return { ...wire, headers: { ...wire.headers, 'x-amzn-requestid': requestId } };
}

interface BedrockRefusal {
  readonly status: number;
  readonly exception: string;
  readonly message: string;
  readonly headers?: WireRefusal['headers'];
}

function exceptionOf(refusal: Refusal): BedrockRefusal {
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
