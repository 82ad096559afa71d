// Draws the charts of a page, in the page: the text of these functions is put there, so they may
// use nothing but each other, the browser and uPlot.

import type { Chart, Unit } from './chart.ts';

/** As far as it is used here: the project's code is otherwise not for browsers. */
interface Element {
  textContent: string;
  clientWidth: number;
  className: string;
  style: Record<string, string>;
  innerHTML: string;
  querySelector(selector: string): Element;
  querySelectorAll(selector: string): Iterable<Element>;
  appendChild(child: Element): void;
}
interface Plot {
  readonly ctx: {
    strokeStyle: string;
    lineWidth: number;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
  };
  readonly data: readonly (readonly (number | null)[])[];
  readonly over: Element;
  readonly cursor: { idx: number | null; left: number; top: number };
  valToPos(value: number, scale: string, canvas?: boolean): number;
}
interface Browser {
  readonly document: Element & { createElement(name: string): Element };
  readonly devicePixelRatio: number;
  addEventListener(name: string, listener: () => void): void;
  readonly uPlot: UPlot;
}
interface UPlot {
  new (options: object, data: readonly (readonly (number | null)[])[], into: Element): Plot;
  readonly paths: { bars(options: object): unknown };
}

/** The script of a page with charts. */
export function chartsScript(colours: readonly string[]): string {
  const functions = [
    ...[label, layOut, drawIntervals, say, shortNames, areTurned, leftOf, xAxis],
    ...[seriesOf, options, drawCharts],
  ];
  const texts = functions.map(f => f.toString()).join('\n');
  return `${texts}\n${drawCharts.name}(${JSON.stringify(colours)});`;
}

/** Draws every figure of the page from the data that stands in it. */
function drawCharts(colours: readonly string[]): void {
  const browser = globalThis as unknown as Browser;
  const { document, uPlot } = browser;
  for (const figure of document.querySelectorAll('figure.chart')) {
    const chart = JSON.parse(figure.querySelector('script').textContent) as Chart;
    const into = figure.querySelector('.plot');
    const draw = (width: number, height: number): void => {
      into.innerHTML = '';
      const tip = document.createElement('div');
      tip.className = 'tip';
      const { x, columns } = layOut(chart);
      const bars = uPlot.paths.bars({ size: [0.9, 60] });
      const all = {
        ...options(chart),
        ...{ width, height },
        series: [{}, ...seriesOf(chart, colours, bars)],
        hooks: {
          draw: [(plot: Plot) => drawIntervals(plot, chart, browser.devicePixelRatio)],
          setCursor: [(plot: Plot) => say(plot, chart, tip)],
        },
      };
      const plot = new uPlot(all, [x, ...columns], into);
      plot.over.appendChild(tip);
    };
    const drawToFit = (): void => draw(into.clientWidth, 300);
    drawToFit();
    browser.addEventListener('resize', drawToFit);
    // Two stand beside each other on a page of A4 or Letter: see the style.
    browser.addEventListener('beforeprint', () => draw(330, 220));
    browser.addEventListener('afterprint', drawToFit);
  }
}

function label(unit: Unit, value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  if (unit === 'share') return `${Number((value * 100).toFixed(2))} %`;
  if (unit === 'ms') {
    const [figure, name] = size >= 1000 ? [value / 1000, 's'] : [value, 'ms'];
    return `${Number(figure.toPrecision(3))} ${name}`;
  }
  const digits = size >= 100 ? 0 : size >= 1 ? 2 : 4;
  const text = size.toLocaleString('en-US', { maximumFractionDigits: digits });
  return `${value < 0 ? '-' : ''}${unit === 'usd' ? '$' : ''}${text}`;
}

/** Bars of a group stand side by side: each series has places of its own on the x axis. */
function layOut(chart: Chart): { x: number[]; columns: (number | null)[][] } {
  if (chart.kind !== 'bars') {
    return { x: [...chart.x] as number[], columns: chart.series.map(s => [...s.values]) };
  }
  const width = chart.series.length + 1;
  const x = Array.from({ length: chart.x.length * width }, (_, i) => i);
  const columns = chart.series.map((s, n) =>
    x.map(i => (i % width === n ? (s.values[Math.floor(i / width)] ?? null) : null)),
  );
  return { x, columns };
}

/** Lines from the low to the high end of each interval. */
function drawIntervals(plot: Plot, chart: Chart, pixelRatio: number): void {
  const { ctx } = plot;
  const width = chart.series.length + 1;
  const cap = 3 * pixelRatio;
  ctx.strokeStyle = '#16191d';
  ctx.lineWidth = pixelRatio;
  for (const [n, { low, high }] of chart.series.entries()) {
    for (let i = 0; i < chart.x.length; i++) {
      const from = low?.[i] ?? null;
      const to = high?.[i] ?? null;
      if (from === null || to === null) continue;
      const at = chart.kind === 'bars' ? i * width + n : (chart.x[i] as number);
      const x = plot.valToPos(at, 'x', true);
      const [y1, y2] = [plot.valToPos(from, 'y', true), plot.valToPos(to, 'y', true)];
      ctx.beginPath();
      ctx.moveTo(x, y1);
      ctx.lineTo(x, y2);
      for (const y of [y1, y2]) {
        ctx.moveTo(x - cap, y);
        ctx.lineTo(x + cap, y);
      }
      ctx.stroke();
    }
  }
}

/** Tells what is under the pointer. */
function say(plot: Plot, chart: Chart, tip: Element): void {
  const { idx, left, top } = plot.cursor;
  const n = idx === null ? -1 : plot.data.slice(1).findIndex(column => column[idx] != null);
  if (idx === null || n === -1) {
    tip.style.display = 'none';
    return;
  }
  const place = chart.kind === 'bars' ? Math.floor(idx / (chart.series.length + 1)) : idx;
  const name = chart.names?.[place] ?? String(chart.x[place]);
  const value = label(chart.unit, plot.data[n + 1]![idx] ?? null);
  tip.textContent = `${name}, ${chart.series[n]!.label}: ${value}`;
  tip.style.display = 'block';
  tip.style.left = `${left + 10}px`;
  tip.style.top = `${top + 10}px`;
}

function shortNames(chart: Chart): string[] {
  return chart.x.map(String).map(name => (name.length > 32 ? `${name.slice(0, 31)}…` : name));
}

/** Long labels of many groups would run into each other. */
function areTurned(chart: Chart): boolean {
  return chart.kind === 'bars' && chart.x.join('').length > 40;
}

/** Room left of the y axis: a turned label ends at its group, and the first begins left of that. */
function leftOf(chart: Chart): number | null {
  if (!areTurned(chart)) return null;
  // About 6.5 px a letter, by the cosine of 30 degrees; the axis itself has 70.
  return Math.max(0, Math.ceil(5.7 * shortNames(chart)[0]!.length) - 70);
}

function xAxis(chart: Chart): object {
  const group = chart.series.length + 1;
  const middles = chart.x.map((_, i) => i * group + (chart.series.length - 1) / 2);
  if (chart.kind === 'bars') {
    const none = { show: false };
    const turned = areTurned(chart) ? { rotate: 30, size: 100 } : { size: 34 };
    const cut = shortNames(chart);
    return { splits: () => middles, values: () => cut, grid: none, ticks: none, ...turned };
  }
  return {
    values: (_: Plot, splits: number[]) => splits.map(v => label(chart.xUnit ?? 'count', v)),
    ...(chart.xTitle === undefined ? {} : { label: chart.xTitle }),
    size: 50,
  };
}

function seriesOf(chart: Chart, colours: readonly string[], bars: unknown): object[] {
  return chart.series.map((s, i) => {
    const colour = colours[i % colours.length]!;
    const points = { show: chart.kind !== 'bars', size: 9, fill: colour };
    const shape = chart.kind === 'bars' ? { fill: colour, paths: bars } : {};
    return {
      label: s.label,
      stroke: colour,
      width: chart.kind === 'lines' ? 2 : 0,
      points,
      ...shape,
    };
  });
}

function options(chart: Chart): object {
  const isBars = chart.kind === 'bars';
  const end = chart.x.length * (chart.series.length + 1) - 1.1;
  const ends = chart.series.flatMap(s => [...(s.low ?? []), ...(s.high ?? [])]);
  const known = ends.filter(v => v !== null);
  const range = (_: Plot, low: number, high: number): [number, number] => {
    const [least, most] = [Math.min(low, ...known), Math.max(high, ...known)];
    const margin = (most - least || Math.abs(most) || 1) * 0.08;
    // What is never below zero needs no room there.
    if (!isBars) return [least >= 0 ? Math.max(0, least - margin) : least - margin, most + margin];
    return [Math.min(0, least * 1.1), Math.max(0, most * 1.1) || 1];
  };
  const values = (_: Plot, splits: number[]): string[] => splits.map(v => label(chart.unit, v));
  return {
    legend: { show: false },
    padding: [null, null, null, leftOf(chart)],
    scales: {
      x: { time: false, ...(isBars ? { range: [-0.9, end] } : {}) },
      y: chart.logarithmic === true ? { distr: 3 } : { range },
    },
    axes: [xAxis(chart), { values, size: 70 }],
  };
}
