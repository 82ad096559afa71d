// Proves every cell of the capability table that is about requests: the caller's sample of the
// feature, written for the target and read again, comes to what the cell says. A cell that is wrong
// or missing fails, and so does a sample that does not use its feature.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cell, type RequestFeature } from '@entrepot/dialects/capabilities/feature';
import { requestGroups } from '@entrepot/dialects/capabilities/table';
import {
  dialectNames,
  type SpokenDialect,
  type Target,
  targets,
} from '@entrepot/dialects/capabilities/targets';
import type { ToldLoss } from '@entrepot/dialects/capabilities/verdict';

import { dialects } from './dialects.ts';
import { decode, type Judged, judge } from './judged.ts';
import type { Fields } from './samples/body.ts';
import { requestSamples } from './samples/requests.ts';
import { substitutes } from './substitutes.ts';

const features = requestGroups.flatMap(group => group.features);

test('each feature has a name of its own, and each sample a feature', () => {
  const names = features.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(Object.keys(requestSamples).sort(), [...names].sort());
});

for (const feature of features) {
  describe(feature.name, () => {
    for (const from of dialectNames) {
      const sample = requestSamples[feature.name]?.[from];
      const field = feature.said[from];
      if (field === null) {
        test(`${from} cannot say it`, () => assert.equal(sample, undefined));
        continue;
      }
      test(`${from} says it in ${field || 'the path'}`, () => {
        assert.ok(sample !== undefined, `there is no sample of "${feature.name}" in ${from}`);
        if (field !== '') assert.ok(Object.hasOwn(sample, field), `the sample has no ${field}`);
        for (const target of targets) prove(feature, from, sample, target);
      });
    }
  });
}

function prove(feature: RequestFeature, from: SpokenDialect, sample: Fields, target: Target): void {
  const place = `${from} to ${target.id}`;
  if (target.dialect === from) {
    passesThrough(from, sample, target, place);
    return;
  }
  const request = decode(dialects[from], sample, /stream/.test(feature.name));
  assert.notEqual(feature.content(request), undefined, `${place}: the sample does not use it`);
  const verdict = cell(feature, from, target.id);
  assert.ok(verdict !== undefined, `${place}: the cell is missing`);
  const judged = judge(feature, request, target);
  assert.equal(worded(judged), verdict.is, `${place}: ${JSON.stringify(judged.losses)}`);
  if (verdict.is === 'refused' || verdict.is === 'lossy') {
    assert.deepEqual(judged.losses, verdict.losses.map(spoken(from)), place);
  }
  if (verdict.is !== 'emulated') return;
  const isThere = substitutes[feature.name]?.[verdict.how];
  assert.ok(isThere !== undefined, `${place}: no proof of the substitute "${verdict.how}"`);
  assert.ok(isThere(judged.body!), `${place}: ${verdict.how}: ${JSON.stringify(judged.body)}`);
}

/** The same bytes, but for the name of the model. */
function passesThrough(from: SpokenDialect, sample: Fields, target: Target, place: string): void {
  const dialect = dialects[from];
  const body = Buffer.from(JSON.stringify(sample));
  const scan = dialect.scan(body, { model: 'm', stream: false });
  assert.ok(scan !== null, `${place}: it cannot pass through`);
  const sent = JSON.parse(String(Buffer.concat(dialect.splice(body, scan, target.model.name))));
  const model = Object.hasOwn(sample, 'model') ? { model: target.model.name } : {};
  const usage =
    sent.stream_options === undefined ? {} : { stream_options: { include_usage: true } };
  assert.deepEqual(sent, { ...sample, ...model, ...usage }, place);
}

function worded({ is }: Judged): string {
  return is === 'changed' ? 'emulated' : is;
}

/** The caller's dialect by its name. */
function spoken(from: SpokenDialect): (loss: ToldLoss) => ToldLoss {
  return ({ field, reason }) => ({ field, reason: reason.replace('{from}', from) });
}
