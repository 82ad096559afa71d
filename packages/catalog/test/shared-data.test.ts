// Proves that the committed prices are those of their sources. How: compares every offer that names
// a source with that source's own figure, where the source data is at hand (../shared/data).

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OfferRecord } from '../src/catalog.ts';
import { conflicts } from '../src/conflicts.ts';
import { committedCatalog } from './committed.ts';

const data = join(import.meta.dirname, '../../../../shared/data');
const skip = existsSync(join(data, 'model_prices.json')) ? false : 'needs ../shared/data';

interface SourceRow {
  readonly provider: string;
  readonly model_id: string;
  readonly region: string | null;
  readonly mode: string;
  readonly endpoint?: string;
  readonly source?: string;
  readonly usd_per_1m?: Readonly<Record<string, number>>;
}

const providers: Readonly<Record<string, readonly string[]>> = {
  'openai-api': ['openai'],
  'azure-openai': ['azure'],
  'azure-foundry': ['azure_ai', 'azure'],
  'anthropic-api': ['anthropic'],
  bedrock: ['bedrock'],
  'bedrock-mantle': ['bedrock'],
  'vertex-ai': ['vertex_ai'],
  'gemini-api': ['gemini'],
};

function rows(file: string, list: string): readonly SourceRow[] {
  return JSON.parse(readFileSync(join(data, file), 'utf8'))[list];
}

/** Regions as the source names them, for a region of ours. */
function regionsOf(offer: OfferRecord): readonly (string | null)[] {
  const { region } = offer;
  return [null, region, `geo:${region}`, `dz:${region}`, 'dz:global-standard'].filter(
    name => name !== 'dz:global-standard' || region === 'global',
  );
}

function names(offer: OfferRecord): readonly string[] {
  const all = [offer.serviceModelId, ...offer.aliases];
  return [...all, ...all.map(name => `global/${name}`)];
}

/** The price of an offer as of the day that its source was seen. */
function seenPrice(offer: OfferRecord): readonly [number | null, number | null] {
  const { prices } = offer.periods.findLast(p => p.from === null || p.from <= offer.seenOn)!;
  return [prices.inputPicoUsd, prices.outputPicoUsd];
}

test('an offer on demand that names litellm or models.dev has the price they give', {
  skip,
}, () => {
  const source = rows('model_prices.json', 'models');
  let compared = 0;
  for (const offer of committedCatalog().offers) {
    if (offer.term !== 'on-demand' || offer.decision !== null) continue;
    const name = ['litellm', 'models.dev'].find(n => offer.source.includes(n));
    if (name === undefined) continue;
    const claims = source
      .filter(
        row =>
          providers[offer.service]?.includes(row.provider) &&
          names(offer).includes(row.model_id) &&
          regionsOf(offer).includes(row.region) &&
          row.source?.includes(name) &&
          (row.endpoint === 'bedrock-mantle') === (offer.service === 'bedrock-mantle'),
      )
      .map(row => [row.usd_per_1m?.input, row.usd_per_1m?.output]);
    assert(claims.length > 0, `${offer.id}: no row of ${name} for ${names(offer).join(', ')}`);
    const [input, output] = seenPrice(offer);
    const agrees = claims.some(claim => same(claim[0], input) && same(claim[1], output));
    assert(agrees, `${offer.id}: ${input} / ${output}, the source says ${JSON.stringify(claims)}`);
    compared++;
  }
  assert(compared > 500, `only ${compared} were compared`);
});

test('an offer that names portkey alone has the price it gives', { skip }, () => {
  const source = rows('model_prices_portkey_2026-08-21.json', 'rows');
  let compared = 0;
  for (const offer of committedCatalog().offers) {
    if (!offer.source.startsWith('Portkey') || offer.decision !== null) continue;
    const mode = offer.term === 'batch' ? 'batch' : 'standard';
    const [input, output] = seenPrice(offer);
    const agrees = source.some(
      row =>
        providers[offer.service]?.includes(row.provider) &&
        row.mode === mode &&
        row.model_id.replace(/-(lte|gt)-\d+k$/, '').endsWith(offer.serviceModelId) &&
        (row.region === 'default' || row.region!.split(',').includes(offer.region)) &&
        same(row.usd_per_1m?.input, input) &&
        (same(row.usd_per_1m?.output, output) || output === 0),
    );
    if (agrees) compared++;
    else if (offer.term === 'on-demand') assert.fail(`${offer.id}: ${input} / ${output}`);
  }
  assert(compared > 400, `only ${compared} were compared`);
});

test('all 23 disagreements of three sources are conflicts with all three claims', { skip }, () => {
  const { disagreements } = JSON.parse(
    readFileSync(join(data, 'price_source_disagreements.json'), 'utf8'),
  ) as { disagreements: readonly Record<string, string | [number, number]>[] };
  const found = conflicts(committedCatalog());
  const offers = new Map(committedCatalog().offers.map(offer => [offer.id, offer]));
  for (const known of disagreements) {
    const conflict = found.find(c => {
      const offer = offers.get(c.offer)!;
      return (
        providers[offer.service]?.includes(String(known.provider)) &&
        names(offer).some(n => n.toLowerCase() === String(known.model))
      );
    });
    assert(conflict, `${known.provider} ${known.model} is no conflict`);
    for (const source of ['litellm', 'portkey', 'models.dev'] as const) {
      const [input, output] = known[source] as [number, number];
      const said = conflict.claims.some(
        claim =>
          claim.source.toLowerCase().includes(source) &&
          claim.inputUsdPerMtok === input &&
          claim.outputUsdPerMtok === output,
      );
      assert(said, `${conflict.offer}: what ${source} says is not there`);
    }
  }
  assert.equal(disagreements.length, 23);
});

/** A source that says 0 for both, or nothing, does not know the price. */
function same(usd: number | undefined, pico: number | null): boolean {
  if (pico === null) return usd === undefined || usd === 0;
  return usd !== undefined && Math.abs(usd * 1e6 - pico) < 0.5;
}
