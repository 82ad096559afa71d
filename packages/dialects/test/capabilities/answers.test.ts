// Proves every cell of the capability table that is about answers: the upstream's sample, read,
// written for the caller and read again, comes to what the cell says; and the same as a stream,
// which the upstream's dialect wrote in small pieces.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalRequest, CanonicalResponse } from '@entrepot/dialects/canonical';
import { type AnswerFeature, cell } from '@entrepot/dialects/capabilities/feature';
import { answerGroups } from '@entrepot/dialects/capabilities/table';
import { dialectNames, type SpokenDialect, targets } from '@entrepot/dialects/capabilities/targets';
import type { Verdict } from '@entrepot/dialects/capabilities/verdict';
import { answerContext } from '../shared/answer-context.ts';
import { dialects } from './dialects.ts';
import { plain, told } from './judged.ts';
import { decodeAnswer, judgeAnswer, nextOf } from './judged-answer.ts';
import { contentSamples, endingSamples } from './samples/answers.ts';
import type { Fields, Samples } from './samples/body.ts';
import { eventsOf, gathered } from './streamed.ts';
import { substitutes } from './substitutes.ts';

const said: Samples = { ...contentSamples, ...endingSamples };
const sentBack = /, sent back$/;
/** What is sent back in known fields is said as what is sent back as it came. */
const inKnownFields = Object.entries(contentSamples)
  .filter(([name]) => sentBack.test(name))
  .map(([name, by]) => [`${name} in known fields`, by]);
const samples: Samples = { ...said, ...Object.fromEntries(inKnownFields) };
const features = answerGroups.flatMap(group => group.features);

/** Told in events of the dialect's own, which the tests of each dialect have in their streams. */
const inOwnEvents: ReadonlySet<string> = new Set([
  'citations',
  'work of tools that the vendor runs',
  'logprobs of the answer',
]);

/** What is in the next request to the upstream, by the words of the cell. */
const dropping: Readonly<Record<string, (body: string) => boolean>> = {
  'the model goes on without its thinking': body => !/c2ln|AAAA/.test(body),
  'Gemini 3 is told that there is no signature, and goes on': body =>
    /"thoughtSignature":"skip_thought_signature_validator"/.test(body),
};

test('each feature has a name of its own, and each sample a feature', () => {
  const names = features.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(Object.keys(samples).sort(), [...names].sort());
});

for (const feature of features) {
  describe(feature.name, () => {
    for (const from of dialectNames) {
      const sample = samples[feature.name]?.[from];
      if (feature.said[from] === null) {
        test(`${from} cannot say it`, () => assert.equal(sample, undefined));
        continue;
      }
      test(`${from} says it`, () => {
        assert.ok(sample !== undefined, `there is no sample of "${feature.name}" in ${from}`);
        const answer = decodeAnswer(dialects[from], sample);
        assert.notEqual(feature.content(answer), undefined, 'the sample does not use it');
        for (const to of dialectNames) {
          if (to === from) continue;
          const verdict = cell(feature, from, to);
          assert.ok(verdict !== undefined, `${from} to ${to}: the cell is missing`);
          proveWhole(feature, answer, from, to, verdict);
          if (!inOwnEvents.has(feature.name)) proveStream(feature, answer, from, to, verdict);
        }
      });
    }
  });
}

function proveWhole(
  feature: AnswerFeature,
  answer: CanonicalResponse,
  from: SpokenDialect,
  to: SpokenDialect,
  verdict: Verdict,
): void {
  const place = `${from} to ${to}`;
  const judged = judgeAnswer(feature, answer, to);
  if (verdict.is === 'dropped') {
    proveDropped(feature, judged.body!, from, to, verdict.how);
    return;
  }
  const is = judged.is === 'changed' ? 'emulated' : judged.is;
  assert.equal(is, verdict.is, `${place}: ${JSON.stringify(judged)}`);
  if (verdict.is === 'lossy' || verdict.is === 'refused') {
    const losses = verdict.losses.map(({ field, reason }) => ({
      field,
      reason: reason.replace('{from}', from),
    }));
    assert.deepEqual(judged.losses, losses, place);
  }
  if (verdict.is !== 'emulated') return;
  const isThere = substitutes[feature.name]?.[verdict.how];
  assert.ok(isThere !== undefined, `${place}: no proof of the substitute "${verdict.how}"`);
  assert.ok(isThere(judged.body!), `${place}: ${verdict.how}: ${JSON.stringify(judged.body)}`);
}

/** The client leaves it out, and the upstream that said it is asked as the cell tells. */
function proveDropped(
  feature: AnswerFeature,
  wire: Fields,
  from: SpokenDialect,
  caller: SpokenDialect,
  how: string,
): void {
  const place = `${from} to ${caller}`;
  const whole = nextOf({ ...feature, isSentBack: 'as it came' }, caller, wire);
  const next = nextOf(feature, caller, wire);
  const { model } = targets.find(({ dialect }) => dialect === from)!;
  const isThere = dropping[how];
  assert.ok(isThere !== undefined, `${place}: no proof of "${how}"`);
  const sent = (request: CanonicalRequest): string =>
    String(Buffer.from(dialects[from].encodeRequest(request, model).body));
  assert.ok(!isThere(sent(whole)), `${place}: a client that keeps all of it is no different`);
  assert.ok(isThere(sent(next)), `${place}: ${how}: ${sent(next)}`);
}

/** Fields of a stream's losses are those of the whole answer's; reasons may be in other words. */
function proveStream(
  feature: AnswerFeature,
  answer: CanonicalResponse,
  from: SpokenDialect,
  to: SpokenDialect,
  verdict: Verdict,
): void {
  const place = `${from} to ${to}, as a stream`;
  const upstream = dialects[from].encoder(answerContext);
  const bytes = Buffer.concat(eventsOf(answer).map(event => upstream.push(event)));
  const decoder = dialects[from].decoder(answerContext);
  const events = [...decoder.push(bytes), ...decoder.end()];
  const before = feature.content(gathered(events));
  // A dialect may have no way to say it in a stream.
  if (before === undefined) return;
  const encoder = dialects[to].encoder(answerContext);
  const written = Buffer.concat(events.map(event => encoder.push(event)));
  const lost = new Set(encoder.losses.map(loss => told(loss).field));
  if (verdict.is === 'lossy') {
    const fields = new Set(verdict.losses.map(({ field }) => field));
    assert.deepEqual(lost, fields, place);
    return;
  }
  assert.deepEqual([...lost], [], place);
  if (verdict.is !== 'carried' || feature.isSentBack !== undefined) return;
  const reader = dialects[to].decoder(answerContext);
  const again = gathered([...reader.push(written), ...reader.end()]);
  assert.deepEqual(plain(feature.content(again)), plain(before), place);
}
