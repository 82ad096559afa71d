// Proves where calls of Vertex AI go: host and path by location, model and kind of credential,
// and which configurations cannot be called. Tables over the adapter itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectName } from '@entrepot/dialects/dialect';
import fc from 'fast-check';
import { modelNameProblem, projectProblem } from '../../src/clouds/url-parts.ts';
import { vertexAi } from '../../src/clouds/vertex-ai/cloud.ts';
import type { Target } from '../../src/config/target.ts';
import { apiKey, bearer, canary, exampleKeys, makeCall, makeTarget, pairs } from './targets.ts';

interface Fields extends Partial<Target> {
  readonly dialect?: DialectName;
  /** Where the offer is sold. */
  readonly sold?: string;
}

const adc = { type: 'google-adc', keyFile: null } as const;

function vertex({ dialect = 'gemini', sold = 'global', ...fields }: Fields = {}): Target {
  const { deployment } = makeTarget();
  const offer = { ...deployment.offer, id: 'sold', region: sold, dialects: [dialect] };
  return makeTarget({
    cloud: 'vertex-ai',
    deployment: { ...deployment, offer },
    modelName: 'gemini-3-flash',
    project: 'my-project',
    credential: adc,
    ...fields,
  });
}

const google = 'publishers/google/models/gemini-3-flash:generateContent';
const addresses: readonly [string, Fields, boolean, string][] = [
  [
    'anywhere',
    {},
    false,
    `https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/${google}`,
  ],
  [
    'a region of the operator',
    { region: 'europe-west1' },
    false,
    `https://europe-west1-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west1/${google}`,
  ],
  [
    'the region of the offer',
    { sold: 'us-east5' },
    false,
    `https://us-east5-aiplatform.googleapis.com/v1/projects/my-project/locations/us-east5/${google}`,
  ],
  [
    'a multi-region of the offer',
    { sold: 'eu' },
    false,
    `https://aiplatform.eu.rep.googleapis.com/v1/projects/my-project/locations/eu/${google}`,
  ],
  [
    'a multi-region of the operator, by a number of a project',
    { region: 'us', project: '123456789012' },
    false,
    `https://aiplatform.us.rep.googleapis.com/v1/projects/123456789012/locations/us/${google}`,
  ],
  [
    'a stream',
    {},
    true,
    'https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/publishers/google/models/gemini-3-flash:streamGenerateContent?alt=sse',
  ],
  [
    'a private endpoint',
    { endpoint: 'https://vertex.internal.example', region: 'us-east5' },
    false,
    `https://vertex.internal.example/v1/projects/my-project/locations/us-east5/${google}`,
  ],
  [
    'express mode',
    { credential: apiKey, project: null },
    false,
    `https://aiplatform.googleapis.com/v1/${google}`,
  ],
  [
    'a model of another vendor',
    { dialect: 'openai-chat', modelName: 'meta/llama-3.3-70b-instruct-maas', region: 'us-east5' },
    true,
    'https://us-east5-aiplatform.googleapis.com/v1/projects/my-project/locations/us-east5/endpoints/openapi/chat/completions',
  ],
];

for (const [name, fields, stream, expected] of addresses) {
  test(`a call goes to the right place: ${name}`, () => {
    const target = vertex(fields);
    assert.deepEqual(vertexAi.problems(target), []);
    const { origin, path } = vertexAi.address(target, fields.dialect ?? 'gemini', stream);
    assert.equal(origin + path, expected);
  });
}

const refused: readonly [string, Fields, string, RegExp][] = [
  ['no project', { project: null }, 'project', /is needed: the id of the Google Cloud project/],
  ['a project beside an API key', { credential: apiKey }, 'project', /is said by the API key/],
  ['a project that climbs', { project: '../x' }, 'project', /must be the id/],
  ['a project with a query', { project: 'a?b' }, 'project', /must be the id/],
  ['a location that leads elsewhere', { region: 'evil.example/' }, 'region', /letters, digits/],
  ['a location outside of what is sold', { sold: 'eu', region: 'us' }, 'region', /must be eu/],
  [
    'a location in express mode',
    { credential: apiKey, project: null, region: 'us-east5' },
    'region',
    /must be global with an API key/,
  ],
  ['keys of AWS', { credential: exampleKeys }, 'credential', /google for vertex-ai, not aws/],
  ['a version', { apiVersion: 'v1' }, 'apiVersion', /means nothing to vertex-ai/],
  ['a whole path as model', { modelName: 'publishers/x' }, 'modelName', /name of the model alone/],
  [
    'a method in the model',
    { modelName: 'gemini:predict' },
    'modelName',
    /name of the model alone/,
  ],
  [
    'a model that is called in another way',
    { dialect: 'openai-chat', modelName: 'codestral-2' },
    'modelName',
    /must be vendor\/model/,
  ],
  [
    'an API key for a model of another vendor',
    { dialect: 'openai-chat', modelName: 'meta/llama', credential: apiKey, project: null },
    'credential',
    /calls models of Google alone/,
  ],
];

for (const [name, fields, field, message] of refused) {
  test(`what cannot be called is refused: ${name}`, () => {
    const target = vertex(fields);
    const found = vertexAi.problems(target);
    assert.deepEqual(
      found.map(p => p.field),
      [field],
    );
    assert.match(found[0]!.message, message);
    assert.throws(() => vertexAi.address(target, 'gemini', false), /deployment "one"/);
  });
}

test('a key and a token go under their own headers', async () => {
  const call = makeCall();
  const express = vertex({ credential: apiKey, project: null });
  assert.ok(
    pairs(await vertexAi.authorize(call, express, 0)).includes(`x-goog-api-key: ${canary}`),
  );
  const fixed = vertex({ credential: bearer });
  assert.ok(
    pairs(await vertexAi.authorize(call, fixed, 0)).includes(`authorization: Bearer ${canary}`),
  );
});

test('whatever project and model are let through, host and depth of the path stay', () => {
  const text = fc.string({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(text, text, (project, modelName) => {
      fc.pre(projectProblem(project) === null && modelNameProblem(modelName) === null);
      const target = vertex({ project, modelName });
      fc.pre(vertexAi.problems(target).length === 0);
      const { origin, path } = vertexAi.address(target, 'gemini', false);
      const url = new URL(origin + path);
      assert.equal(url.origin, 'https://aiplatform.googleapis.com');
      assert.equal(url.pathname, path);
      assert.equal(path.split('/').length, 10);
    }),
  );
});

const failures: readonly [string, number, object, string][] = [
  ['a quota', 429, { class: 'rate_limit', retryAfterMs: 34_000 }, 'rate-limit'],
  ['a token that is not taken', 401, { class: 'auth', code: 'UNAUTHENTICATED' }, 'auth'],
  ['an API that is not enabled', 403, { class: 'permission', code: 'SERVICE_DISABLED' }, 'auth'],
  ['a model that is not here', 404, { class: 'not_found' }, 'not-found'],
  [
    'an account that lacks something',
    400,
    { class: 'invalid_request', code: 'FAILED_PRECONDITION' },
    'auth',
  ],
  ['a bad request', 400, { class: 'invalid_request', code: 'INVALID_ARGUMENT' }, 'invalid-request'],
  ['no capacity', 503, { class: 'overloaded' }, 'overloaded'],
];

for (const [name, status, error, kind] of failures) {
  test(`a failure is understood: ${name}`, () => {
    const said = { class: 'upstream', message: 'no', ...error } as const;
    const failure = vertexAi.classify(status, {}, said, 0);
    assert.equal(failure.kind, kind);
    assert.equal(failure.retryAfterMs, 'retryAfterMs' in error ? 34_000 : null);
  });
}
