// One page that needs nothing else: style, script, the chart library and the data are in it, and
// nothing is loaded. Reports of what-if and of plans are such pages.

import { readFileSync } from 'node:fs';
import { colours } from './chart.ts';
import { chartsScript } from './draw-charts.ts';
import { Html, html } from './html.ts';
import { style } from './style.ts';

export interface Section {
  readonly title: string;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  /** One sentence that says what it shows. */
  readonly lead: string;
  /** What must not be overlooked, such as that it is partial. */
  readonly notices?: readonly string[];
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** The text of the page's file. */
export function renderPage(page: Page): string {
  const sections = page.sections.map(
    ({ title, body }) => html`<section><h2>${title}</h2>
${body}
</section>`,
  );
  const notices = (page.notices ?? []).map(text => html`<p class="notice">${text}</p>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${page.title}</title>
<style>${new Html(library(new URL(import.meta.resolve('uplot/dist/uPlot.min.css'))))}
${new Html(style)}</style>
</head>
<body>
<main>
<h1>${page.title}</h1>
<p class="lead">${page.lead}</p>
${notices}
${sections}
<footer>${page.footer}</footer>
</main>
<!-- uPlot 1.6: MIT licence, Copyright (c) 2022 Leon Sorokin, github.com/leeoniya/uPlot -->
<script>${new Html(library(new URL(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))))}</script>
<script>${new Html(chartsScript(colours))}</script>
</body>
</html>
`.text;
}

/** uPlot 1.6 (MIT, Leon Sorokin) as it is published. */
function library(file: URL): string {
  return readFileSync(file, 'utf8').replaceAll('</', '<\\/').trim();
}
