// docs/examples/hosting-70b.md: a 70B model hosted on chips of three makers, against what APIs ask.

import { arrivalMeans } from '@entrepot/planner/serve/arrivals';
import type {
  ReportWish,
  ServingReport,
} from '../../packages/cli/src/plan/serving/serving-report.ts';
import { servingText } from '../../packages/cli/src/plan/serving/serving-text.ts';

export interface HostingCase {
  readonly title: string;
  readonly command: string;
  readonly wish: ReportWish;
  readonly report: ServingReport;
}

/** The page's text. */
export function hostingExamplePage(cases: readonly HostingCase[], asOf: string): string {
  return [
    '# A 70B model on chips of your own, or from an API?',
    '',
    'Made by `node tools/docs/write-hosting-example.ts`; do not edit.',
    '',
    `Llama 3.3 70B on Trainium2, Inferentia2, H100 and TPU v6e against the offers of Bedrock, Azure and Vertex AI, at prices`,
    `of ${asOf}. Each block is what the command prints. How far to trust it: [accuracy](../serving-accuracy.md).`,
    '',
    '## What comes out',
    '',
    ...findings(cases),
    '',
    ...surprises,
    '',
    ...cases.flatMap(block),
  ].join('\n');
}

/** What a reader would stumble over. */
const surprises: readonly string[] = [
  '## What may surprise',
  '',
  '- **Little traffic is cheapest at an API.** Hosts cost the same when they wait. What decides is the rate, not the price of a',
  '  token: the last column of each table of offers has the rate from which hosting is cheaper.',
  '- **Trainium2 and Inferentia2 take many more chips than H100.** On these, engines serve the model in bf16 (H100: fp8, half the',
  '  bytes of weights), and published runs reach a smaller share of the bandwidth. Hardly any run of Trainium2 is public: its',
  '  range of chips is wide.',
  "- **Trainium2's price is that of Capacity Blocks** (`committed`), up to 182 days: no price on demand is known.",
  '- **Chips are planned to be busy nearly all of the time**, and the promise is kept still: prompts are read in pieces between',
  '  tokens, so that a queue is short until the chips are full. What a spike needs on top, `--traffic` with your own requests says.',
  '- **Spot is far cheaper** and can be taken back: the plan counts the price, not the interruptions.',
];

function findings(cases: readonly HostingCase[]): string[] {
  return cases.flatMap(({ title, wish, report }) => {
    const best = report.hosted.find(h => h.usdPerHour !== null);
    const api = report.apis.find(a => a.usdPerHour !== null);
    if (best === undefined || api === undefined) return [`- ${title}: no plan has a price.`];
    const requestsPerSecond = arrivalMeans(wish.arrivals).requestsPerSecond * wish.parts;
    const even = best.comparisons.find(c => c.offer.id === api.offer.id);
    const rate = even?.breakEvenRequestsPerSecond ?? null;
    const hosting =
      `${best.hosts} x ${best.host.name} at ${best.usdPerHour!.toFixed(2)} USD an hour ` +
      `(${best.usdPerMtok!.toFixed(2)} USD per million tokens)`;
    const verdict =
      best.usdPerHour! < api.usdPerHour! ? 'hosting is cheaper' : 'the API is cheaper';
    const from =
      rate === null
        ? 'those hosts are cheaper at no rate that they can serve'
        : `those hosts are cheaper from ${rate.toFixed(1)} requests/s on`;
    return [
      `- ${title} (${requestsPerSecond.toFixed(1)}/s): ${hosting} against ${api.usdPerHour!.toFixed(2)} USD by`,
      `  \`${api.offer.id}\`: ${verdict}; ${from}.`,
    ];
  });
}

function block({ title, command, report }: HostingCase): string[] {
  return [`## ${title}`, '', '```text', `$ ${command}`, '', servingText(report), '```', ''];
}
