// `entrepot what-if commit`: what to buy in advance for some traffic, and from when on it pays.

import type { CapacityTerm } from '@entrepot/catalog/capacity-term';
import { matches } from '@entrepot/catalog/criteria';
import { loadCapacityTerms } from '@entrepot/catalog/load-capacity-terms';
import type { Offer } from '@entrepot/catalog/offer';
import { reportOf } from '@entrepot/replay/what-if/report';
import { readCatalogFiles } from '../../catalog-files.ts';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { checkOutputFiles } from '../../output-files.ts';
import { saying } from '../../scenario/scenario-files.ts';
import { bestSpend, bestThroughput } from '../../what-if/best-purchase.ts';
import { type Bought, commitPage, commitReport, showCommit } from '../../what-if/commit-report.ts';
import { compare } from '../../what-if/compare.ts';
import { openComparison } from '../../what-if/comparison.ts';
import { minuteLoad } from '../../what-if/minute-load.ts';
import { textOf } from '../../what-if/open-traffic.ts';
import { withTrafficFile } from '../../what-if/traffic-file.ts';
import { countOf, readSpec, specHelp, specOptions } from '../../what-if/what-if-spec.ts';
import { reportHelp, reportOptions, writeReport } from '../../what-if/write-report.ts';

const help = `Usage: entrepot what-if commit --traffic ledger|FILE [options]

Which provisioned capacity or promise of spend is worth buying for this traffic, for each offer and
term: how much of it, what it saves a month, the use and the growth of traffic from which on it
pays. The size is found by arithmetic, the saving by replay.

  --terms FILE      what can be bought, as catalog/capacity-terms.yaml has it; your own prices too
${specHelp}
  --threads N       replays at the same time (one for each processor)
${reportHelp}

Example: entrepot what-if commit --traffic trace.csv --route openai/gpt-5.1 --as-of 2026-08-21`;

const usualSeeds = 5;

export const commit: Command = {
  name: 'what-if commit',
  summary: 'Find what to buy in advance for some traffic, and from when on it pays.',
  help,
  options: {
    ...specOptions,
    ...reportOptions,
    threads: { type: 'string' },
    terms: { type: 'string' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const spec = readSpec(input, usualSeeds);
  if (spec.scenarios.length > 0) throw new UsageError('compares purchases: it takes no --scenario');
  checkOutputFiles(input, ['json', 'html']);
  const { terms: termsFile, threads } = input.values;
  const terms = termsOf(typeof termsFile === 'string' ? termsFile : null, spec.catalog);
  const count = typeof threads === 'string' ? countOf('--threads', threads, 1, 256) : null;
  return await withTrafficFile(spec, async file => {
    const { traffic, base, batches, close } = await openComparison(spec, file);
    const load = await minuteLoad({ head: traffic, batches });
    close();
    const offers = base.routes.flatMap(route => route.deployments.map(d => d.offer));
    const bought = terms
      .flatMap(term => wanted(term, offers))
      .flatMap(([name, term]): Bought[] => {
        const best =
          term.type === 'throughput'
            ? bestThroughput(term, base.routes, load)
            : bestSpend(term, base.routes, load);
        if (best === null) return [];
        return [{ name, term, units: best.units, nanoUsdPerHour: best.nanoUsdPerHour, best }];
      });
    if (bought.length === 0) {
      throw new UsageError('nothing can be bought for the offers of this traffic: see --terms', 1);
    }
    const purchases = bought.map(({ best: _, ...purchase }) => purchase);
    const seeds = Array.from({ length: spec.seeds }, (_, i) => i + 1);
    const found = await compare({ ...spec, purchases }, file, seeds, count, output);
    const compared = reportOf({ ...found.compared, ...found });
    if (compared.traffic.spanSeconds === 0) {
      throw new UsageError('all requests come at one moment: what a month costs cannot be told', 1);
    }
    const report = commitReport(compared, bought);
    writeReport(report, showCommit(report), () => commitPage(report), input, output);
    return found.isPartial ? 130 : 0;
  });
}

function termsOf(file: string | null, catalog: string | null): readonly CapacityTerm[] {
  if (file !== null) {
    return saying(() => loadCapacityTerms({ path: file, text: textOf('terms', file) }));
  }
  const files = catalog === null ? readCatalogFiles() : readCatalogFiles(catalog);
  const own = files.find(({ path }) => path === 'capacity-terms.yaml');
  return own === undefined ? [] : saying(() => loadCapacityTerms(own));
}

/** Throughput is bought for one offer, spend is promised for all that are meant. */
function wanted(term: CapacityTerm, offers: readonly Offer[]): [string, CapacityTerm][] {
  const meant = offers.filter(offer => matches(offer, term.match));
  if (term.type === 'spend')
    return meant.length === 0 ? [] : [[`${term.name}, ${term.term}`, term]];
  return meant.map(offer => [`${offer.id}, ${term.term}`, { ...term, match: { id: offer.id } }]);
}
