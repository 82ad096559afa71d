// Proves every cell of the capability table that is about answers: the upstream's sample, read,
// written for the caller and read again, comes to what the cell says; and the same as a stream,
// which the upstream's dialect wrote in small pieces.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalResponse } from '@entrepot/dialects/canonical';
import { type AnswerFeature, cell } from '@entrepot/dialects/capabilities/feature';
import { answerGroups } from '@entrepot/dialects/capabilities/table';
import { dialectNames, type SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import type { Verdict } from '@entrepot/dialects/capabilities/verdict';
import { answerContext } from '../shared/answer-context.ts';
import { dialects } from './dialects.ts';
import { plain, told } from './judged.ts';
import { decodeAnswer, judgeAnswer } from './judged-answer.ts';
import { contentSamples, endingSamples } from './samples/answers.ts';
import type { Samples } from './samples/body.ts';
import { eventsOf, gathered } from './streamed.ts';
import { substitutes } from './substitutes.ts';

const samples: Samples = { ...contentSamples, ...endingSamples };
const features = answerGroups.flatMap(group => group.features);

/** Told in events of the dialect's own, which the tests of each dialect have in their streams. */
const inOwnEvents: ReadonlySet<string> = new Set([
  'citations',
  'work of tools that the vendor runs',
  'logprobs of the answer',
]);

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
  if (verdict.is !== 'carried' || feature.isSentBack === true) return;
  const reader = dialects[to].decoder(answerContext);
  const again = gathered([...reader.push(written), ...reader.end()]);
  assert.deepEqual(plain(feature.content(again)), plain(before), place);
}
