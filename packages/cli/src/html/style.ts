/** For screens of any width and for paper. */
export const style = `
:root { color-scheme: light; --line: #d6d9de; --quiet: #5a6270; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #16191d;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1400px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 18px; margin: 36px 0 8px; }
.lead, ul, section > p { max-width: 1000px; }
.lead { margin: 0 0 12px; color: var(--quiet); }
.notice { border-left: 4px solid #d55e00; background: #fff4ec; padding: 8px 12px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th[scope=row] { white-space: nowrap; }
td.right { min-width: 96px; }
thead th { border-bottom: 2px solid #16191d; white-space: normal; vertical-align: bottom; }
tbody th { font-weight: 500; }
.right { text-align: right; }
.one { white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 20px; }
figure.chart { margin: 12px 0; break-inside: avoid; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 4px; }
.keys { margin: 4px 0 0; font-size: 13px; color: var(--quiet); }
.key { margin-right: 14px; white-space: nowrap; }
.key i { display: inline-block; width: 10px; height: 10px; margin-right: 5px; border-radius: 2px;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.tip { position: absolute; pointer-events: none; background: #16191d; color: #fff; padding: 3px 7px;
  border-radius: 4px; font-size: 12px; white-space: nowrap; z-index: 10; display: none; }
ul { padding-left: 20px; }
footer { margin-top: 40px; font-size: 13px; color: var(--quiet); }
@media (max-width: 520px) { .charts { grid-template-columns: 1fr; } }
@media print {
  @page { margin: 14mm; }
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  section { break-inside: auto; }
  h2, section > p { break-after: avoid; }
  h2 { margin-top: 18px; }
  tr { break-inside: avoid; }
  table { font-size: 10px; }
  .wide { overflow: visible; }
  th, td { padding-right: 8px; }
  td.right { min-width: 0; }
  .charts { grid-template-columns: 1fr 1fr; gap: 10px; }
  figure.chart canvas { max-width: 100%; }
}`;
