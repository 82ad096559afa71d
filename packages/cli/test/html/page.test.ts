// A page of a report is whole in itself: nothing is loaded from elsewhere, no text of a report can
// become markup or end a script, and its own script draws every chart that is in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { type Chart, chartFigure } from '../../src/html/chart.ts';
import { html } from '../../src/html/html.ts';
import { renderPage } from '../../src/html/page.ts';
import { htmlTable } from '../../src/html/table.ts';

const chart: Chart = {
  kind: 'bars',
  title: 'Cost',
  unit: 'usd',
  x: ['base', '</script><script>alert(1)</script>'],
  series: [{ label: 'aws', values: [1, 2], low: [0.5, 1.5], high: [1.5, 2.5] }],
};
const evil = '<img src=x onerror=alert(1)>';
const page = renderPage({
  title: `Report ${evil}`,
  lead: evil,
  notices: ['partial'],
  sections: [
    { title: 'Cost', body: chartFigure(chart) },
    {
      title: 'Table',
      body: htmlTable(
        [
          { title: 'a', align: 'left' },
          { title: 'b', align: 'right' },
        ],
        [
          [evil, '1'],
          ['an interval', '$1 ($0 to $2) +3 %'],
        ],
      ),
    },
  ],
  footer: 'made by entrepot',
});

test('nothing in it is loaded from elsewhere', () => {
  assert.doesNotMatch(page, /<(link|img|iframe|object|embed)\b/);
  assert.doesNotMatch(page, /<script[^>]+src=/);
  assert.match(page, /default-src 'none'/);
});

test('texts are texts: none becomes markup', () => {
  assert.doesNotMatch(page, /<img/);
  assert.doesNotMatch(page, /<script>alert/);
  assert.equal(html`${evil}`.text, '&lt;img src=x onerror=alert(1)&gt;');
  // The data, uPlot and the page's own script, each ended once.
  assert.equal(page.match(/<script/g)!.length, 3);
  assert.equal(page.match(/<\/script>/g)!.length, 3);
});

test('a figure and its interval are each kept on one line', () => {
  const figure = '<span class="one">$1</span> <span class="one">($0 to $2)</span>';
  assert(page.includes(`${figure} <span class="one">+3 %</span></td>`));
});

interface Drawn {
  readonly options: {
    readonly series: unknown[];
    readonly width: number;
    readonly padding: (number | null)[];
  };
  readonly data: (number | null)[][];
}

/** What the page's script makes of a chart, and what it listens to. */
function draw(of: Chart): { made: Drawn[]; heard: Map<string, () => void> } {
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(match => match[1]!);
  const made: Drawn[] = [];
  const element = (): Record<string, unknown> => ({
    style: {},
    clientWidth: 600,
    innerHTML: '',
    appendChild: () => {},
    textContent: JSON.stringify(of),
    querySelector: element,
    querySelectorAll: () => [element()],
    createElement: element,
  });
  class Plot {
    static paths = { bars: () => null };
    over = element();
    constructor(options: never, data: never) {
      made.push({ options, data });
    }
  }
  const heard = new Map<string, () => void>();
  const addEventListener = (name: string, listener: () => void) => heard.set(name, listener);
  const browser = { document: element(), uPlot: Plot, addEventListener, JSON };
  runInNewContext(scripts[1]!, browser);
  return { made, heard };
}

test('its script is whole, and draws each chart of the page', () => {
  const { made, heard } = draw(chart);
  assert.equal(made.length, 1);
  heard.get('beforeprint')!();
  heard.get('afterprint')!();
  const widths = made.map(({ options }) => options.width);
  assert.deepEqual(widths, [600, 330, 600], 'on paper two stand beside each other');
  assert.equal(made[0]!.options.series.length, 2);
  assert.equal(JSON.stringify(made[0]!.data[1]), '[1,null,2,null]');
});

test('a first label that is turned has the room to its left that it takes', () => {
  const left = (...x: string[]) => draw({ ...chart, x }).made[0]!.options.padding.at(-1);
  const other = 'Trainium2/aws/16384';
  assert.equal(left('base', 'all'), null);
  assert.equal(left('B200', other, other), 0);
  // Eighteen letters are some 103 px wide when turned, and the axis has 70.
  assert.equal(left('TPU-v6e/aws/16384a', other, other), 33);
});
