import { type Html, html } from './html.ts';

export interface HtmlColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** The first column names its row. */
export function htmlTable(
  columns: readonly HtmlColumn[],
  rows: readonly (readonly string[])[],
): Html {
  const head = columns.map(c => html`<th scope="col" class="${c.align}">${c.title}</th>`);
  const lines = rows.map(cells => {
    const texts = cells.map((cell, i) =>
      i === 0
        ? html`<th scope="row">${cell}</th>`
        : html`<td class="${columns[i]?.align ?? 'left'}">${pieces(cell)}</td>`,
    );
    return html`<tr>${texts}</tr>`;
  });
  return html`<div class="wide"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${lines}
</tbody>
</table></div>`;
}

/** A figure, its interval and what follows are broken between and not within. */
function pieces(cell: string): Html | string {
  const match = /^([^()]+) (\([^()]+ to [^()]+\))(.*)$/.exec(cell);
  if (match === null) return cell;
  const [figure, interval, rest] = match.slice(1).map(text => text.trim());
  const more = rest === '' ? '' : html` <span class="one">${rest!}</span>`;
  return html`<span class="one">${figure!}</span> <span class="one">${interval!}</span>${more}`;
}
