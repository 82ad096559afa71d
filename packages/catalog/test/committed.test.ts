// Proves that the committed catalog is whole: it loads, every fact has a source and a day,
// and what is unknown is null. How: the files of catalog/ themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureNames } from '../src/accelerator.ts';
import { asOf } from '../src/as-of.ts';
import { conflicts } from '../src/conflicts.ts';
import { isDate } from '../src/date.ts';
import { loadCatalog } from '../src/load.ts';
import { findModel, findOffers, substitutes } from '../src/query.ts';
import { committedCatalog, committedFiles } from './committed.ts';

const today = '2026-11-24';

test('every record loads and has a source and a day', () => {
  const catalog = committedCatalog();
  const facts = [
    ...catalog.models.values(),
    ...catalog.instances,
    ...catalog.offers,
    ...catalog.offers.flatMap(offer => [...offer.periods, ...offer.conflicts]),
  ];
  assert(catalog.offers.length > 1000 && catalog.models.size > 200);
  assert(catalog.accelerators.length > 30 && catalog.instances.length > 1000);
  for (const fact of facts) {
    assert(fact.source !== '' && isDate(fact.seenOn), JSON.stringify(fact));
    assert(fact.seenOn <= today, `seen in the future: ${JSON.stringify(fact)}`);
  }
});

test('loading reads each line once', t => {
  const files = committedFiles();
  const parse = t.mock.method(JSON, 'parse');
  loadCatalog(files);
  // The planner's tables stand beside them and are read by the planner alone.
  const own = /^((models|services|regions|committed-hosts)|offers\/[^/]+)\.jsonl$/;
  const tables = files.filter(({ path }) => own.test(path));
  const lines = tables.flatMap(({ text }) => text.split('\n').filter(line => line.trim() !== ''));
  // One more for the file of accelerators.
  assert.equal(parse.mock.callCount(), lines.length + 1);
});

test('unknown is null: no price of zero, except for what an embedding does not have', () => {
  const catalog = committedCatalog();
  for (const offer of catalog.offers) {
    const kind = catalog.models.get(offer.model)?.kind;
    for (const { prices } of offer.periods) {
      assert.notEqual(prices.inputPicoUsd, 0, offer.id);
      assert.notEqual(prices.cachedReadPicoUsd, 0, offer.id);
      if (kind === 'chat') assert.notEqual(prices.outputPicoUsd, 0, offer.id);
    }
  }
  const mythos = asOf(catalog, today).offer('bedrock/regional/anthropic/claude-mythos-preview');
  assert.equal(mythos?.prices.inputPicoUsd, null);
  assert.equal(asOf(catalog, today).offer('bedrock/regional/amazon/nova-pro')?.residency, null);
});

test('an offer is dearer to write than to read, and a batch is never dearer than on demand', () => {
  const market = asOf(committedCatalog(), today);
  for (const offer of market.offers) {
    const { inputPicoUsd, cachedReadPicoUsd } = offer.prices;
    if (inputPicoUsd !== null && cachedReadPicoUsd !== null) {
      assert(cachedReadPicoUsd < inputPicoUsd, offer.id);
    }
    if (offer.term !== 'batch') continue;
    const onDemand = market.offer(offer.id.replace('#batch', ''));
    if (onDemand?.prices.inputPicoUsd == null || inputPicoUsd === null) continue;
    assert(inputPicoUsd <= onDemand.prices.inputPicoUsd, offer.id);
  }
});

test('the sources disagree on 58 offers, and every choice says why', () => {
  const found = conflicts(committedCatalog());
  const by = Object.groupBy(found, conflict => conflict.decision.by);
  assert.deepEqual(
    [found.length, by.quorum?.length, by.rule?.length, by.preferred?.length],
    [58, 25, 11, 22],
  );
  for (const conflict of found) {
    const price = [conflict.inputPicoUsd, conflict.outputPicoUsd].map(p => (p ?? Number.NaN) / 1e6);
    const claimed = conflict.claims.map(c => [c.inputUsdPerMtok, c.outputUsdPerMtok].join());
    assert(claimed.includes(price.join()), `${conflict.offer}: nobody claims ${price.join()}`);
    assert(new Set(claimed).size > 1, conflict.offer);
  }
});

test('the vendors and services that callers ask for are there today', () => {
  const market = asOf(committedCatalog(), today);
  const sold = (service: string, vendor: string): number =>
    findOffers(market, { service, vendor }).length;
  const wanted = [
    ['openai-api', 'openai'],
    ['azure-openai', 'openai'],
    ['anthropic-api', 'anthropic'],
    ['azure-foundry', 'anthropic'],
    ['vertex-ai', 'anthropic'],
    ['vertex-ai', 'google'],
    ['gemini-api', 'google'],
    ['bedrock-mantle', 'openai'],
    ...['anthropic', 'amazon', 'meta', 'mistral', 'deepseek', 'openai'].map(v => ['bedrock', v]),
  ] as const;
  for (const [service, vendor] of wanted) {
    assert(sold(service!, vendor!) > 0, `${service} sells nothing of ${vendor}`);
  }
});

test('a model is found by its id, its bare name and the name that a service gives it', () => {
  const catalog = committedCatalog();
  const names = ['openai/o3', 'o3', 'o3-2025-04-16'];
  assert.deepEqual(
    names.map(name => findModel(catalog, name)?.id),
    ['openai/o3', 'openai/o3', 'openai/o3'],
  );
  assert.equal(findModel(catalog, 'amazon.nova-pro-v1:0')?.id, 'amazon/nova-pro');
  assert.equal(findModel(catalog, 'o33'), null);
});

test('substitutes are other offers of the same model and term with all its features', () => {
  const market = asOf(committedCatalog(), today);
  const offer = market.offer('anthropic-api/global/anthropic/claude-haiku-4-5');
  const found = substitutes(market, offer!);
  assert(found.some(o => o.cloud === 'aws') && found.some(o => o.cloud === 'google'));
  assert(found.every(o => o.id !== offer?.id && o.term === 'on-demand'));
});

test('what a model may not be sent is on the model', () => {
  const flags = (id: string) => committedCatalog().models.get(id)?.flags.rejectsSampling;
  assert.equal(flags('anthropic/claude-opus-4-8'), true);
  assert.equal(flags('anthropic/claude-sonnet-4-6'), false);
  assert.equal(flags('openai/gpt-4o'), false);
  assert.equal(flags('amazon/nova-pro'), undefined, 'unknown');
});

test('every known figure of an accelerator has a source, and recalled ones are flagged', () => {
  const { accelerators, instances } = committedCatalog();
  const ids = new Set(accelerators.map(a => a.id));
  for (const accelerator of accelerators) {
    const known = figureNames.filter(name => accelerator[name] !== null);
    const sourced = accelerator.sources.flatMap(s => s.figures);
    assert.deepEqual(
      known.filter(name => !sourced.includes(name)),
      [],
    );
  }
  const h100nvl = accelerators.find(a => a.id === 'H100-NVL');
  assert(h100nvl?.sources.some(s => !s.verified && s.figures.includes('denseBf16Tflops')));
  for (const { acceleratorId } of instances)
    assert(acceleratorId === null || ids.has(acceleratorId));
  const p5 = instances.find(i => i.name === 'p5.48xlarge' && i.region === 'us-east-1');
  assert.equal(p5?.onDemandNanoUsdPerHour, 55_040_000_000);
});
