// A chart as data. The page's script draws it; what it shows should also stand in a table, for
// those who read the page without scripts.

import { embeddedJson, type Html, html } from './html.ts';

export interface ChartSeries {
  readonly label: string;
  /** One for each place on the x axis; null is unknown. */
  readonly values: readonly (number | null)[];
  /** Ends of intervals around the values. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export interface Chart {
  /** `bars` stand in a group for each label of x; the others join or mark places of a number. */
  readonly kind: 'bars' | 'lines' | 'points';
  readonly title: string;
  readonly unit: Unit;
  readonly x: readonly string[] | readonly number[];
  readonly xTitle?: string;
  readonly xUnit?: Unit;
  readonly series: readonly ChartSeries[];
  /** Texts of the points of all series, where each has its own. */
  readonly names?: readonly string[];
  readonly logarithmic?: boolean;
}

export type Unit = 'usd' | 'ms' | 'share' | 'count';

/** Colours that are told apart in print and by the colour-blind (Okabe and Ito). */
export const colours: readonly string[] = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#8a7f00',
  '#555555',
];

export function chartFigure(chart: Chart): Html {
  const keys = chart.series.map(
    ({ label }, i) =>
      html`<span class="key"><i style="background:${colours[i % colours.length]!}"></i>${label}</span>`,
  );
  return html`<figure class="chart">
<figcaption>${chart.title}</figcaption>
<div class="plot"></div>
<p class="keys">${keys}</p>
<script type="application/json">${embeddedJson(chart)}</script>
</figure>`;
}
