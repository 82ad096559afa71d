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
    ...cases.flatMap(block),
  ].join('\n');
}

function findings(cases: readonly HostingCase[]): string[] {
  return cases.flatMap(({ title, wish, report }) => {
    const best = report.hosted.find(h => h.usdPerHour !== null);
    const api = report.apis.find(a => a.usdPerHour !== null);
    if (best === undefined || api === undefined) return [`- ${title}: no plan has a price.`];
    const { requestsPerSecond } = arrivalMeans(wish.arrivals);
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
