// How Vertex AI tells a refusal: google.rpc.Status, in an array at the OpenAI-compatible endpoint.
// Of the time to wait it says nothing. (docs.cloud.google.com/vertex-ai/generative-ai/docs/
// model-reference/api-errors, seen 2026-11-24; the texts as in recorded traffic)

import type { Refusal, WireRefusal } from '../refusal.ts';
import { googleDetail, googleError } from './gemini.ts';

interface Words {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly object[];
}

const expected =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See ' +
  'https://developers.google.com/identity/sign-in/web/devconsole-project.';

export function vertexRefusal(refusal: Refusal): WireRefusal {
  const { code, status, message, details = [] } = wordsOf(refusal);
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return { status: code, headers, body: googleError(code, status, message, details) };
}

/** The same in an array, as the OpenAI-compatible endpoint has it. */
export function vertexRefusalInArray(refusal: Refusal): WireRefusal {
  const wire = vertexRefusal(refusal);
  return { ...wire, body: `[${wire.body}]` };
}

function wordsOf(refusal: Refusal): Words {
  switch (refusal.reason) {
    case 'no-credential':
      return unauthenticated(
        `Request is missing required authentication credential. ${expected}`,
        'CREDENTIALS_MISSING',
      );
    case 'signature':
    case 'wrong-credential':
      return unauthenticated(
        `Request had invalid authentication credentials. ${expected}`,
        'ACCESS_TOKEN_TYPE_UNSUPPORTED',
      );
    case 'no-such-path':
      return { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' };
    case 'no-such-model': {
      const message =
        `Publisher Model \`${refusal.model}\` was not found or your project does not have access ` +
        'to it. Please ensure you are using a valid model version.';
      return { code: 404, status: 'NOT_FOUND', message };
    }
    case 'too-large':
      return badRequest('Request payload size exceeds the limit: 31457280 bytes.');
    case 'invalid':
      return badRequest(refusal.message);
    case 'context-length': {
      const { tokens, limit } = refusal;
      return badRequest(
        `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${limit}).`,
      );
    }
    case 'rate-limit':
      return exhausted(refusal);
    case 'overloaded':
      return { code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' };
    case 'server-error': {
      const code = refusal.status ?? 500;
      return { code, status: 'INTERNAL', message: 'Internal error encountered.' };
    }
  }
}

function badRequest(message: string): Words {
  return { code: 400, status: 'INVALID_ARGUMENT', message };
}

function unauthenticated(message: string, reason: string): Words {
  const info = {
    reason,
    domain: 'googleapis.com',
    metadata: { service: 'aiplatform.googleapis.com' },
  };
  return {
    code: 401,
    status: 'UNAUTHENTICATED',
    message,
    details: [googleDetail('ErrorInfo', info)],
  };
}

type RateLimit = Extract<Refusal, { readonly reason: 'rate-limit' }>;

/** Capacity is shared, and when it will be there again is not known. */
function exhausted({ retryAfterMs, isRetryAfterForced }: RateLimit): Words {
  const message =
    'Resource exhausted. Please try again later. Please refer to ' +
    'https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.';
  const retryDelay = `${retryAfterMs / 1000}s`;
  const details = isRetryAfterForced ? [googleDetail('RetryInfo', { retryDelay })] : [];
  return { code: 429, status: 'RESOURCE_EXHAUSTED', message, details };
}
