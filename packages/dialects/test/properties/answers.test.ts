// Proves that an answer, whole or as a stream cut at random, that is written for a caller is read
// by it as it was, up to what the encoder declares to be lost; and that an error is.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';
import { dialectNames } from '@entrepot/dialects/capabilities/targets';
import fc from 'fast-check';
import { dialects } from '../capabilities/dialects.ts';
import { eventsOf, gathered } from '../capabilities/streamed.ts';
import { answerContext } from '../shared/answer-context.ts';
import { answer } from '../shared/arbitrary/answer.ts';
import { anyText } from '../shared/arbitrary/text.ts';
import { cutAt, cutPlaces } from '../shared/cuts.ts';
import { checkAnswer } from './reading-answer.ts';
import { runs } from './runs.ts';

const classes: readonly ErrorClass[] = [
  'invalid_request',
  'context_length',
  'auth',
  'permission',
  'not_found',
  'rate_limit',
  'overloaded',
  'upstream',
  'too_large',
];
const error: fc.Arbitrary<CanonicalError> = fc.record({
  class: fc.constantFrom(...classes),
  message: anyText.map(text => `Why: ${text.toWellFormed()}`),
});

for (const name of dialectNames) {
  const dialect = dialects[name];
  describe(name, () => {
    test('whole answers', () => {
      const property = fc.property(answer, told => {
        const { body, losses } = dialect.encodeResponse(told, answerContext);
        checkAnswer(told, losses, dialect.decodeResponse(body, {}, answerContext), name);
      });
      fc.assert(property, runs(300));
    });

    test('streams, cut anywhere', () => {
      const property = fc.property(answer, cutPlaces, (told, places) => {
        const encoder = dialect.encoder(answerContext);
        const bytes = Buffer.concat(eventsOf(told).map(event => encoder.push(event)));
        const decoder = dialect.decoder(answerContext);
        const pieces = cutAt(bytes, places);
        const events = [...pieces.flatMap(piece => decoder.push(piece)), ...decoder.end()];
        checkAnswer(told, encoder.losses, gathered(events), name);
      });
      fc.assert(property, runs(300));
    });

    test('errors, by themselves and at the end of a stream', () => {
      const property = fc.property(error, told => {
        const { status, headers, body } = dialect.encodeError(told, 'req_1');
        const read = dialect.decodeError(status, headers, body);
        assert.equal(read.class, told.class);
        // Some words are those by which clients know the class.
        assert.ok(read.message.endsWith(told.message), read.message);
        const decoder = dialect.decoder(answerContext);
        const encoder = dialect.encoder(answerContext);
        const start = { type: 'start', id: 'a', model: 'm' } as const;
        const written = [encoder.push(start), encoder.push({ type: 'error', error: told })];
        const last = [...written.flatMap(bytes => decoder.push(bytes)), ...decoder.end()].at(-1)!;
        assert.ok(last.type === 'error' && last.error.message.endsWith(told.message));
      });
      fc.assert(property, runs(300));
    });
  });
}
