import type { Catalog, CatalogFile } from '@entrepot/catalog/catalog';
import { type Conflict, conflicts } from '@entrepot/catalog/conflicts';
import { loadCatalog } from '@entrepot/catalog/load';
import { loadScenario } from '@entrepot/catalog/load-scenario';
import { formatUsdPerMtok } from '@entrepot/catalog/money';
import type { Claim } from '@entrepot/catalog/offer';
import { overlay } from '@entrepot/catalog/overlay';
import { formatProblem, type Problem, problemsOf } from '@entrepot/catalog/problem';
import type { Command, CommandInput, Output } from '../../command.ts';
import { catalogOptions, catalogOptionsHelp, cloudOf, filesOf, modelOf } from './arguments.ts';

export const check: Command = {
  name: 'catalog check',
  summary: 'Validate the catalog and list where its sources disagree.',
  help: `Usage: entrepot catalog check [options]

Reads every file of the catalog and every scenario. Prints what is wrong with file, line and field
(exit code 1), and each price that the sources disagree on, with what each says and which was taken.

  --model M       conflicts of one model
${catalogOptionsHelp}

Example: entrepot catalog check --model anthropic/claude-sonnet-5`,
  options: catalogOptions,
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const files = filesOf(input);
  const { catalog, problems } = validate(files);
  const found = catalog === null ? [] : wanted(catalog, input);
  if (input.values.json === true) {
    output.print(JSON.stringify({ problems, conflicts: found }, null, 2));
    return problems.length > 0 ? 1 : 0;
  }
  for (const problem of problems) output.print(formatProblem(problem));
  for (const conflict of found) output.print(describe(conflict));
  const read = `${files.length} files read`;
  output.note(`${read}: ${problems.length} problems, ${found.length} conflicts between sources.`);
  return problems.length > 0 ? 1 : 0;
}

/** The catalog, when it is whole, and all problems of it and of its scenarios. */
function validate(files: readonly CatalogFile[]): {
  catalog: Catalog | null;
  problems: readonly Problem[];
} {
  let catalog: Catalog | null = null;
  const problems = problemsOf(() => {
    catalog = loadCatalog(files);
  });
  for (const file of files.filter(f => f.path.startsWith('scenarios/'))) {
    problems.push(
      ...problemsOf(() => {
        const scenario = loadScenario(file);
        if (catalog !== null) overlay(catalog, scenario);
      }),
    );
  }
  return { catalog, problems };
}

function wanted(catalog: Catalog, input: CommandInput): readonly Conflict[] {
  const cloud = cloudOf(input, catalog);
  const model = modelOf(input, catalog);
  const offers = new Map(catalog.offers.map(offer => [offer.id, offer]));
  return conflicts(catalog).filter(conflict => {
    const offer = offers.get(conflict.offer);
    return (
      (cloud === null || offer?.cloud === cloud) && (model === null || offer?.model === model.id)
    );
  });
}

function describe(conflict: Conflict): string {
  const { inputPicoUsd, outputPicoUsd, decision } = conflict;
  const price = (pico: number | null): string =>
    pico === null ? 'unknown' : formatUsdPerMtok(pico);
  const taken = `${price(inputPicoUsd)} / ${price(outputPicoUsd)}`;
  const claims = conflict.claims.map(claim => `    ${said(claim)}`);
  return [
    `${conflict.offer}`,
    ...claims,
    `  -> ${taken} by ${decision.by}: ${decision.because}`,
  ].join('\n');
}

function said(claim: Claim): string {
  const usd = (value: number | null): string => (value === null ? 'unknown' : String(value));
  const price = `${usd(claim.inputUsdPerMtok)} / ${usd(claim.outputUsdPerMtok)}`;
  return `${price.padEnd(16)} ${claim.seenOn}  ${claim.source}`;
}
