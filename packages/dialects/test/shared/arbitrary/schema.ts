// JSON values of any shape, and schemas of objects.

import fc from 'fast-check';
import { anyText, jsonNumber } from './text.ts';

const key = fc.oneof(fc.stringMatching(/^[a-zA-Z_]{1,6}$/), fc.constantFrom('', 'a_b', 'type'));

const value = fc.letrec<{ any: unknown; object: Record<string, unknown> }>(tie => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    anyText,
    jsonNumber.map(number => (Object.is(number, -0) ? 0 : number)),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('any'), { maxKeys: 3, noNullPrototype: true }),
}));

export const jsonObject: fc.Arbitrary<Record<string, unknown>> = value.object;

const leaf = fc.constantFrom<Record<string, unknown>>(
  { type: 'string', enum: ['a', 'b'] },
  { type: ['string', 'null'] },
  { type: 'integer', minimum: 0 },
  { type: 'number', description: 'of pieces' },
  { type: 'array', items: { type: 'string' } },
  { anyOf: [{ type: 'string' }, { type: 'null' }] },
  { type: 'object', properties: { a_b: { type: 'boolean' } }, additionalProperties: false },
);
const propertyName = fc.constantFrom('port', 'a_b', 'type', 'größe', 'properties');

/** Of an object, for arguments and for answers. */
export const objectSchema: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    type: fc.constant('object'),
    properties: fc.dictionary(propertyName, leaf, { maxKeys: 3, noNullPrototype: true }),
    required: fc.constantFrom<string[]>([], ['port']),
    additionalProperties: fc.constantFrom<unknown>(false, true, { type: 'string' }),
    $defs: fc.constant({ Port: { type: 'object', properties: { a: { type: 'string' } } } }),
  },
  { requiredKeys: ['type', 'properties'] },
) as fc.Arbitrary<Record<string, unknown>>;
