// Proves that recorded requests of real clients, read in their dialect and written in every other,
// are what the vendor's schema or its service demands, and are read there as they were, up to what
// is declared to be lost.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { type SpokenDialect, targets } from '@entrepot/dialects/capabilities/targets';
import { DialectError } from '@entrepot/dialects/dialect';
import { dialects } from '../capabilities/dialects.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';
import { again } from './again.ts';
import { checkAgrees } from './agrees.ts';
import { checkShape } from './request-shape.ts';

const endpoints: Readonly<Record<string, SpokenDialect>> = {
  'chat.completions': 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  converse: 'bedrock-converse',
  'converse-stream': 'bedrock-converse',
  generateContent: 'gemini',
  streamGenerateContent: 'gemini',
};

interface Recorded {
  readonly file: string;
  readonly dialect: SpokenDialect;
  readonly request: CanonicalRequest;
}

/** Those that the service took; one that a decoder refuses for good reason is left out. */
const requests = Object.entries(endpoints).flatMap(([endpoint, dialect]) =>
  recordings(endpoint).flatMap(({ file, status, requestBody, streaming }): Recorded[] => {
    if (status !== 200 || requestBody === '') return [];
    const path = { model: 'model-asked-for', stream: streaming };
    try {
      const request = dialects[dialect].decodeRequest(Buffer.from(requestBody), path);
      return [{ file, dialect, request }];
    } catch (cause) {
      if (cause instanceof DialectError && cause.error.class === 'unsupported') return [];
      throw cause;
    }
  }),
);

for (const target of targets) {
  describe(target.id, { skip: recordingsMissing }, () => {
    const others = requests.filter(({ dialect }) => dialect !== target.dialect);
    for (const from of new Set(others.map(({ dialect }) => dialect))) {
      test(`from ${from}`, () => {
        let count = 0;
        for (const { file, request } of others.filter(({ dialect }) => dialect === from)) {
          try {
            const written = again(request, target);
            // One of what the system says alone, or of what only its own dialect can say.
            if (written === null) continue;
            checkShape[target.dialect](JSON.parse(String(Buffer.from(written.body))));
            checkAgrees(request, written.losses, written.read, target);
            count++;
          } catch (cause) {
            throw new Error(file, { cause });
          }
        }
        assert.ok(count >= 20);
      });
    }
  });
}

test('there are requests of every dialect', { skip: recordingsMissing }, () => {
  const byDialect = Map.groupBy(requests, ({ dialect }) => dialect);
  assert.equal(byDialect.size, 5);
  for (const [dialect, some] of byDialect) assert.ok(some.length >= 20, dialect);
});
