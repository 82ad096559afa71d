// Targets and calls as tests need them: whole, with the few fields that a test is about.

import type { Offer } from '@entrepot/catalog/offer';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import type { Call } from '../../src/clouds/cloud.ts';
import { type Credential, Secret, type Target } from '../../src/config/target.ts';

/** A secret that must never be seen in any output. */
export const canary = 'canary-7f3a9c';

export const apiKey: Credential = { type: 'api-key', key: new Secret(canary) };
export const bearer: Credential = { type: 'bearer', token: new Secret(canary) };
/** AWS's documented example key. */
export const exampleKeys: Credential = {
  type: 'aws-keys',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
  sessionToken: null,
};

const offer: Offer = {
  id: 'service/region/vendor/name',
  model: 'vendor/name',
  cloud: 'openai',
  service: 'openai-api',
  region: 'global',
  term: 'on-demand',
  serviceModelId: 'name',
  dialects: ['openai-chat'],
  prices: {
    inputPicoUsd: null,
    outputPicoUsd: null,
    cachedReadPicoUsd: null,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
    tiers: [],
  },
  contextTokens: null,
  maxOutputTokens: null,
  features: [],
  residency: null,
  slaAvailability: null,
  validFrom: null,
  validUntil: null,
  conflicts: [],
  source: 'test',
  seenOn: '2026-01-01',
};

export function makeTarget(fields: Partial<Target> = {}): Target {
  return {
    deployment: { id: 'one', offer, priority: 0, expectedTtftMs: null },
    cloud: 'openai',
    endpoint: null,
    modelName: 'gpt-5.4',
    flags: {},
    apiVersion: null,
    project: null,
    region: null,
    credential: apiKey,
    simulated: false,
    ...fields,
  };
}

export function makeCall(fields: Partial<Call> = {}): Call {
  return {
    origin: 'https://api.openai.com',
    path: '/v1/chat/completions',
    method: 'POST',
    headers: ['content-type', 'application/json'],
    body: [Buffer.from('{}')],
    ...fields,
  };
}

export function makeError(
  errorClass: ErrorClass,
  more: Partial<CanonicalError> = {},
): CanonicalError {
  return { class: errorClass, message: 'no', ...more };
}

/** The headers of a call as pairs, so that one that stands twice is seen. */
export function pairs(call: Call): string[] {
  return call.headers.flatMap((name, i) =>
    i % 2 === 0 ? [`${name}: ${call.headers[i + 1]}`] : [],
  );
}
