// Proves that no known field of a request is dropped in silence: with the field the other dialect
// gets another body, or a loss is reported, or the request is refused; alone and among others.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  dialectNames,
  type SpokenDialect,
  type Target,
  targets,
} from '@entrepot/dialects/capabilities/targets';
import { DialectError } from '@entrepot/dialects/dialect';
import fc from 'fast-check';
import { dialects } from './dialects.ts';
import { decode, told } from './judged.ts';
import {
  alwaysThere,
  bases,
  type FieldSample,
  requestFields,
  withField,
} from './request-fields.ts';
import type { Fields } from './samples/body.ts';

interface Outcome {
  readonly body: string;
  /** `field: reason`; of a request that is refused, the refusal. */
  readonly losses: readonly string[];
}

function outcome(from: SpokenDialect, body: Fields, target: Target): Outcome {
  try {
    const request = decode(dialects[from], body, false);
    const written = dialects[target.dialect].encodeRequest(request, target.model);
    const losses = written.losses.map(told).map(({ field, reason }) => `${field}: ${reason}`);
    return { body: String(Buffer.from(written.body)), losses };
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    return { body: '', losses: [cause.message] };
  }
}

/** Nothing has changed and nothing was said, neither of this field nor of another like it. */
function isSilent(from: SpokenDialect, body: Fields, sample: FieldSample, target: Target): boolean {
  if (isSoAnyway(from, sample.field, target)) return false;
  const before = outcome(from, body, target);
  const after = outcome(from, withField(body, sample), target);
  if (after.body !== before.body || after.losses.length !== before.losses.length) return false;
  const alone = outcome(from, withField(bases[from], sample), target).losses;
  return !alone.some(loss => before.losses.includes(loss));
}

/** What is so at a target whether it is said or not. */
function isSoAnyway(from: SpokenDialect, field: string, { dialect }: Target): boolean {
  // The only tier that these have, for who wants no other.
  if (from === 'anthropic-messages' && field === 'service_tier') {
    return dialect === 'bedrock-converse' || dialect === 'gemini';
  }
  // How arguments come in a stream, not what they are.
  return field === 'tools.0.eager_input_streaming';
}

/** One of two changes nothing: the other says the same, or has made it so. */
const oneOfTwo: readonly (readonly [string, string])[] = [
  ['max_completion_tokens', 'max_tokens'],
  ['user', 'safety_identifier'],
  ['include', 'top_logprobs'],
  ['cache_control', 'messages.0.content.1.cache_control'],
  // A call that must be made is held to its schema by Gemini.
  ['tools.0.function.strict', 'tool_choice'],
  ['tools.0.strict', 'tool_choice'],
  ['toolConfig.tools.0.toolSpec.strict', 'toolConfig.toolChoice'],
  // Two words on reasoning, for which there is one room.
  ['thinking', 'output_config'],
  ['additionalModelRequestFields.thinking', 'outputConfig.effort'],
];

/** What belongs to a block or a tool that is lost for another field of it is lost with it. */
function isSettled(field: string, others: readonly FieldSample[]): boolean {
  const owner = /^.*\.\d+\./.exec(field)?.[0];
  return others.some(
    ({ field: other }) =>
      other.startsWith(`${field}.`) ||
      field.startsWith(`${other}.`) ||
      (owner !== undefined && other.startsWith(owner)) ||
      oneOfTwo.some(pair => pair.includes(field) && pair.includes(other)),
  );
}

for (const from of dialectNames) {
  describe(from, () => {
    const others = targets.filter(target => target.dialect !== from);

    for (const sample of requestFields[from]) {
      test(`${sample.field} is carried or reported`, () => {
        const silent = others.filter(target => isSilent(from, bases[from], sample, target));
        assert.deepEqual(
          silent.map(({ id }) => id),
          [],
        );
      });
    }

    test('no field hides another', () => {
      const several = fc.uniqueArray(fc.constantFrom(...requestFields[from]), {
        minLength: 2,
        maxLength: 5,
      });
      const property = fc.property(several, fc.constantFrom(...others), (samples, target) => {
        const [added, ...rest] = samples as [FieldSample, ...FieldSample[]];
        fc.pre(!isSettled(added.field, rest));
        const body = rest.reduce(withField, bases[from]);
        fc.pre(outcome(from, body, target).body !== '');
        const message = `${added.field} is dropped in silence for ${target.id}`;
        assert.ok(!isSilent(from, body, added, target), message);
      });
      fc.assert(property, { numRuns: 500 });
    });
  });
}

const spec = resolve(
  import.meta.dirname,
  '../../../../../shared/data/specs/openai_openapi_2026-08-21.json.gz',
);
const skip = existsSync(spec) ? false : 'needs ../shared/data/specs';

test('the fields of openai are those of its OpenAPI', { skip }, () => {
  const { components } = JSON.parse(String(gunzipSync(readFileSync(spec))));
  const names = (schema: Schema): string[] => [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap(names),
    ...(schema.$ref === undefined ? [] : names(components.schemas[schema.$ref.split('/').at(-1)!])),
  ];
  const known = (from: SpokenDialect): Set<string> =>
    new Set([
      ...alwaysThere[from],
      ...requestFields[from].map(({ field }) => field.split('.')[0]!),
    ]);
  const old = ['functions', 'function_call'];
  const missing = (from: SpokenDialect, schema: string): string[] =>
    names(components.schemas[schema]).filter(name => !known(from).has(name) && !old.includes(name));
  assert.deepEqual(missing('openai-chat', 'CreateChatCompletionRequest'), []);
  assert.deepEqual(missing('openai-responses', 'CreateResponse'), []);
});

interface Schema {
  readonly properties?: Record<string, unknown>;
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
}
