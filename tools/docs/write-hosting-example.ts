// Plans the hosting of a 70B model and writes docs/examples/hosting-70b.md:
// node tools/docs/write-hosting-example.ts

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asOf } from '@entrepot/catalog/as-of';
import { loadCatalog } from '@entrepot/catalog/load';
import { offersOf } from '@entrepot/planner/serve/break-even';
import { readFittedServing, servingParametersFile } from '@entrepot/planner/serve/read-parameters';
import { readCatalogFiles } from '../../packages/cli/src/catalog-files.ts';
import { modelNamed } from '../../packages/cli/src/plan/model-shapes.ts';
import { drawArrivals } from '../../packages/cli/src/plan/serving/draw-arrivals.ts';
import {
  type ReportWish,
  reportServing,
} from '../../packages/cli/src/plan/serving/serving-report.ts';
import { root } from '../tidy/source-files.ts';
import { type HostingCase, hostingExamplePage } from './hosting-example.ts';

const date = '2026-11-24';
const model = 'llama-3.3-70b';
const names = ['Trainium2', 'Inferentia2', 'H100-SXM', 'TPU-v6e'];
const catalog = loadCatalog(readCatalogFiles());
const text = readFileSync(join(root, 'catalog', servingParametersFile), 'utf8');
const fitted = readFittedServing(text);

const cases: HostingCase[] = [
  hostingCase('A little traffic', 0.5, 'on-demand'),
  hostingCase('A product', 20, 'on-demand'),
  hostingCase('A product on spot capacity', 20, 'spot'),
];
mkdirSync(join(root, 'docs/examples'), { recursive: true });
writeFileSync(join(root, 'docs/examples/hosting-70b.md'), hostingExamplePage(cases, date));

function hostingCase(title: string, rate: number, term: 'on-demand' | 'spot'): HostingCase {
  const traffic = { requestsPerSecond: rate, inputTokens: 1500, outputTokens: 300 };
  const wish: ReportWish = {
    shape: modelNamed(model).shape,
    ...drawArrivals(traffic, 1),
    slo: { ttftSeconds: 3, tpotSeconds: 0.1 },
    precision: null,
    engine: null,
    speculation: null,
    fitted,
    accelerators: catalog.accelerators.filter(a => names.includes(a.id)),
    instances: catalog.instances,
    offers: offersOf(asOf(catalog, date).offers, model),
    term,
    clouds: null,
    ownPrices: [],
    committedHosts: catalog.committedHosts,
    asOf: date,
    readySeconds: 300,
  };
  const command =
    `entrepot plan serve --model ${model} --rate ${rate}/s --input 1500 --output 300 --ttft-p95 3s ` +
    `--tpot-p95 100ms --accelerator ${names.join(',')} --term ${term} --as-of ${date}`;
  return { title, command, wish, report: reportServing(wish) };
}
