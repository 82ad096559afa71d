// Proves that a wrong record is named by file, line and field, that the message says what is
// allowed, and that one load reports every problem. How: a table of records with one thing wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDate } from '../src/date.ts';
import { loadCatalog } from '../src/load.ts';
import { CatalogError, formatProblem, type Problem } from '../src/problem.ts';
import { type Draft, draft, filesOf, offerRecord } from './small-catalog.ts';

function problemsOf(change: (draft: Draft) => void): readonly Problem[] {
  const changed = draft();
  change(changed);
  try {
    loadCatalog(filesOf(changed));
    return [];
  } catch (error) {
    assert(error instanceof CatalogError);
    return error.problems;
  }
}

const id = 'shop/global/acme/one';
const from = (day: unknown) => ({ from: day, usdPerMtok: { input: 1 } });

/**
 * What stands in the second line of the offers, the field that is named, and part of the message.
 */
const badOffers: readonly [string, unknown, string, RegExp][] = [
  ['a line that is not JSON', '{"id":', '', /must be one JSON object/],
  ['a list in place of a record', [1], '', /must be an object, not \[1\]/],
  ['an id of another form', offerRecord('shop/one'), 'id', /service\/region\/vendor\/name/],
  ['an unknown service', offerRecord('shop2/global/acme/one'), 'id', /allowed: shop, stall/],
  ['a service of another file', offerRecord('stall/global/acme/one'), 'id', /offers\/stall.jsonl/],
  ['an unknown region', offerRecord('shop/moon/acme/one'), 'id', /moon is not in regions/],
  ['an unknown model', offerRecord('shop/global/acme/six'), 'id', /acme\/six is not in models/],
  ['an unknown term', offerRecord(`${id}#weekly`), 'id', /#batch or #provisioned/],
  ['an id that stands twice', offerRecord('shop/global/acme/two'), 'id', /stands twice/],
  ['no source', offerRecord(id, { source: undefined }), 'source', /it is missing/],
  ['an empty source', offerRecord(id, { source: ' ' }), 'source', /not empty/],
  ['a day that does not exist', offerRecord(id, { seenOn: '2026-02-30' }), 'seenOn', /YYYY-MM-DD/],
  ['a field of no meaning', offerRecord(id, { prise: 1 }), 'prise', /unknown field; allowed: id,/],
  ['an unknown dialect', offerRecord(id, { dialects: ['soap'] }), 'dialects[0]', /openai-chat/],
  ['no dialect', offerRecord(id, { dialects: [] }), 'dialects', /at least one/],
  ['an unknown feature', offerRecord(id, { features: ['magic'] }), 'features[0]', /streaming/],
  ['features that are no list', offerRecord(id, { features: 'tools' }), 'features', /a list/],
  ['zero for unknown', offerRecord(id, { contextTokens: 0 }), 'contextTokens', /null for unknown/],
  ['half a token', offerRecord(id, { maxOutputTokens: 0.5 }), 'maxOutputTokens', /whole number/],
  ['no period', offerRecord(id, { prices: [] }), 'prices', /at least one period/],
  ['a late start', offerRecord(id, { prices: [from('2026-01-01')] }), 'prices[0].from', /null/],
  [
    'periods out of order',
    offerRecord(id, { prices: [from(null), from('2026-02-01'), from('2026-01-01')] }),
    'prices[2].from',
    /after that of the period before/,
  ],
  [
    'a price as text',
    offerRecord(id, { prices: [{ from: null, usdPerMtok: { input: '1' } }] }),
    'prices[0].usdPerMtok.input',
    /USD per million tokens/,
  ],
  [
    'a negative price',
    offerRecord(id, { prices: [{ from: null, usdPerMtok: { output: -1 } }] }),
    'prices[0].usdPerMtok.output',
    /from 0 up/,
  ],
  [
    'tiers out of order',
    offerRecord(id, {
      prices: [
        {
          from: null,
          usdPerMtok: {},
          tiers: [9, 9].map(aboveInputTokens => ({
            aboveInputTokens,
            usdPerMtok: { input: 1, output: 1 },
          })),
        },
      ],
    }),
    'prices[0].tiers[1].aboveInputTokens',
    /must be above 9/,
  ],
  [
    'an end before the beginning',
    offerRecord(id, { validFrom: '2026-02-01', validUntil: '2026-02-01' }),
    'validUntil',
    /after validFrom/,
  ],
  [
    'a conflict that nobody decided',
    offerRecord(id, {
      conflicts: [{ source: 's', seenOn: '2026-01-01', inputUsdPerMtok: 1, outputUsdPerMtok: 1 }],
    }),
    'decision',
    /must be an object/,
  ],
];

for (const [what, record, field, message] of badOffers) {
  test(`an offer with ${what} is named by file, line and field`, () => {
    const problems = problemsOf(d => {
      d.offers = [offerRecord('shop/global/acme/two'), record];
    });
    const problem = problems.find(p => p.field === field && message.test(p.message));
    assert(problem, `not in: ${problems.map(formatProblem).join('\n')}`);
    assert.deepEqual([problem.file, problem.line], ['offers/shop.jsonl', 2]);
  });
}

test('all problems of all files are reported by one load', () => {
  const problems = problemsOf(d => {
    d.services.push({ id: 'other', cloud: 'moon', name: 'Other' });
    d.regions.push({ id: 'global', name: 'again' });
    d.models.push({ id: 'no-vendor', kind: 'song', source: 's', seenOn: 'today' });
    d.accelerators.push({
      id: 'Chip',
      vendor: 'acme',
      availability: 'cloud',
      tdpWatts: 5,
      sources: [],
      seenOn: '2026-01-01',
    });
    d.instances.push('aws,big,,chip,,1,,,,1.0000000001,,src,2026-01-01', 'aws,short');
  });
  assert.deepEqual(
    problems.map(p => `${p.file}:${p.line}:${p.field}`),
    [
      'services.jsonl:3:cloud',
      'regions.jsonl:3:id',
      'models.jsonl:3:id',
      'models.jsonl:3:kind',
      'models.jsonl:3:seenOn',
      'accelerators.json:3:tdpWatts',
      'instances.csv:2:onDemandUsdPerHour',
      'instances.csv:3:',
    ],
  );
});

test('a missing file is a problem, not a crash', () => {
  assert.throws(() => loadCatalog([]), /models\.jsonl:1: the file is missing/);
});

test('a problem is shown in the form that editors jump to', () => {
  const problem = { file: 'offers/shop.jsonl', line: 7, field: 'id', message: 'is wrong' };
  assert.equal(formatProblem(problem), 'offers/shop.jsonl:7: id: is wrong');
});

test('only days that exist are dates', () => {
  const good = ['2024-02-29', '2000-02-29', '2026-12-31', '2026-01-01'];
  const bad = [
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-4-1',
    '',
  ];
  assert.deepEqual(good.filter(isDate), good);
  assert.deepEqual(bad.filter(isDate), []);
});
