// Texts of any kind that JSON can hold: of several scripts, beyond the basic plane, halves of
// surrogate pairs, control characters, and words that break readers of JSON, of events and of
// markup.

import fc from 'fast-check';

const awkward = fc.constantFrom(
  ' ',
  '\n',
  '\u{1f600}',
  '\u{10ffff}',
  'e\u0301',
  '\u0000',
  '\u2028',
  '\ufeff',
  'data: [DONE]\n\n',
  '"}],\\"',
  '__proto__',
  'null',
  '{"output":"x"}',
  '{"error":"x"}',
  '[1]',
  'Error: ',
);
const half = fc.constantFrom('\ud83d', '\ude00', 'a\ud800', '\udfffb');

/** May be empty, blank or half a character. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 2, arbitrary: awkward },
  { weight: 1, arbitrary: half },
);

/** Whole characters, so that bytes in UTF-8 can hold it. */
export const wholeText: fc.Arbitrary<string> = anyText.map(text => text.toWellFormed());

export const saidText: fc.Arbitrary<string> = anyText.filter(text => text.trim() !== '');

/** Base64 as the canonical form has it, of at least one byte. */
export const base64: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 1, maxLength: 9 })
  .map(bytes => Buffer.from(bytes).toString('base64'));

/** What every dialect takes for the name of a tool; seldom one that some refuse. */
export const toolName: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,11}$/) },
  { weight: 1, arbitrary: fc.constantFrom('a.b', 'n'.repeat(65), 'n'.repeat(129), 'größe') },
);

/** Ids of calls, those included that some dialects must write otherwise. */
export const callId: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/),
  fc.constantFrom('call_entrepot_1', 'tooluse_entrepot_1', 'a.b:c', 'é|1', 'i'.repeat(41)),
  fc.constantFrom('i'.repeat(65), `${'j'.repeat(64)}k`, 'call_gemini_1'),
);

/** A number as JSON writes it: of every size and sign. */
export const jsonNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
  fc.constantFrom(0, 1e300, 5e-324, Number.MAX_SAFE_INTEGER, 1e21),
);
