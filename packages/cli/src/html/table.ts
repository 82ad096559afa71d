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
        : html`<td class="${columns[i]?.align ?? 'left'}">${cell}</td>`,
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
