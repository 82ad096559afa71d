// Proves the table of headers: what a caller and an upstream say beside a request and its answer
// reaches the other where the cell says so, and nowhere else. How: scripted upstreams that say all
// of it in every dialect.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CanonicalResponse } from '@entrepot/dialects/canonical';
import type { GenerateName } from '@entrepot/dialects/dialect';
import { answerContext } from '../../../dialects/test/shared/answer-context.ts';
import type { ErrandVerdict } from '../../src/capabilities/errand.ts';
import { heads } from '../../src/capabilities/heads.ts';
import { cloudOf } from '../../src/clouds/registry.ts';
import { dialectOf } from '../../src/dialects.ts';
import { FakeUpstream, Rig, type Script } from '../rig.ts';

type Place = (typeof heads.places)[number];

/** The dialect in which each is asked. */
const spoken: Readonly<Record<Place, GenerateName>> = {
  'openai-api': 'openai-chat',
  'azure-openai': 'openai-chat',
  'bedrock-mantle': 'openai-responses',
  'openai-compatible': 'openai-chat',
  'anthropic-api': 'anthropic-messages',
  bedrock: 'bedrock-converse',
  'gemini-api': 'gemini',
  'vertex-ai': 'gemini',
};

const asks: Readonly<Partial<Record<GenerateName, (model: string) => readonly [string, object]>>> =
  {
    'openai-chat': model => ['/v1/chat/completions', { model, messages }],
    'openai-responses': model => ['/v1/responses', { model, input: 'Hi', store: false }],
    'anthropic-messages': model => ['/v1/messages', { model, max_tokens: 9, messages }],
    'bedrock-converse': model => [
      `/model/${model}/converse`,
      { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] },
    ],
    gemini: model => [
      `/v1beta/models/${model}:generateContent`,
      { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    ],
  };
const messages = [{ role: 'user', content: 'Hi' }];

const answer: CanonicalResponse = {
  id: 'a',
  model: 'm',
  candidates: [
    { index: 0, content: [{ type: 'text', text: 'Hi' }], stop: { reason: 'end', raw: 'stop' } },
  ],
  usage: null,
};

const limits = {
  'x-ratelimit-remaining-requests': '59',
  'anthropic-ratelimit-requests-remaining': '59',
};
const ids = Object.fromEntries(
  ['x-request-id', 'request-id', 'apim-request-id', 'x-amzn-requestid'].map(name => [name, name]),
);

const says =
  (place: Place): Script =>
  (_received, response) => {
    const { body } = dialectOf(spoken[place]).encodeResponse(answer, answerContext);
    response.writeHead(200, { 'content-type': 'application/json', ...limits, ...ids }).end(body);
  };

const refuses =
  (place: Place): Script =>
  (_received, response) => {
    const error = { class: 'rate_limit', code: 'slow', message: 'Slow down.' } as const;
    const { body } = dialectOf(spoken[place]).encodeError(error, 'r');
    const head = { 'content-type': 'application/json', 'retry-after': '7' };
    response.writeHead(429, head).end(body);
  };

const upstreams = new Map(heads.places.map(place => [place, new FakeUpstream(says(place))]));
const of = (place: Place): FakeUpstream => upstreams.get(place)!;
const rigs = new Map<Place, Rig>();

before(async () => {
  for (const place of heads.places) {
    await of(place).listen();
    const one = { id: 'alone', service: place, endpoint: of(place).url } as const;
    const deployments = [one, { ...one, id: 'second' }];
    rigs.set(place, await Rig.start({ deployments, routeEach: true }));
  }
});
after(async () => {
  for (const rig of rigs.values()) await rig.close();
  for (const upstream of upstreams.values()) await upstream.close();
});

const own = { 'x-client-request-id': 'order-7', 'idempotency-key': 'order-7' };

function ask(place: Place, dialect = spoken[place], route = 'alone'): Promise<Response> {
  const [path, body] = asks[dialect]!(route);
  return rigs.get(place)!.post(path, body, own);
}

const hasLimits = ({ headers }: Response): boolean =>
  [...headers.keys()].some(name => name.includes('ratelimit'));
const another = (place: Place): GenerateName =>
  spoken[place] === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';

/** Whether it has come to where it was said to. */
const reaches: Readonly<Record<string, (place: Place) => Promise<boolean>>> = {
  "the upstream's id": async place => {
    const id = (await ask(place)).headers.get('entrepot-upstream-request-id');
    const { requestIdHeader } = cloudOf(cloudNames[place] ?? place);
    assert.equal(id, requestIdHeader);
    return id !== null;
  },
  "the caller's id": async place => {
    const response = await ask(place);
    assert.equal(response.headers.get('x-client-request-id'), 'order-7');
    return 'x-client-request-id' in of(place).received.at(-1)!.headers;
  },
  'idempotency key': async place => {
    await ask(place);
    return 'idempotency-key' in of(place).received.at(-1)!.headers;
  },
  'rate limits': async place => hasLimits(await ask(place)),
  'rate limits, in another dialect': async place => hasLimits(await ask(place, another(place))),
  'rate limits, of several deployments': async place =>
    hasLimits(await ask(place, spoken[place], 'any')),
  'how long to wait': async place => {
    of(place).script = refuses(place);
    const response = await ask(place);
    of(place).script = says(place);
    assert.equal(response.status, 429);
    return response.headers.get('retry-after') === '7';
  },
};
/** Where the cloud has another name than its service. */
const cloudNames: Readonly<Partial<Record<Place, string>>> = {
  'openai-api': 'openai',
  'anthropic-api': 'anthropic',
};

for (const errand of heads.errands) {
  describe(errand.name, () => {
    for (const place of heads.places) {
      const verdict: ErrandVerdict = errand.at[place];
      test(`at ${place}: ${verdict.is}`, async () => {
        assert.equal(await reaches[errand.name]!(place), verdict.is === 'carried');
      });
    }
  });
}

test('each header has a proof, and each proof a header', () => {
  assert.deepEqual(
    Object.keys(reaches),
    heads.errands.map(({ name }) => name),
  );
});
