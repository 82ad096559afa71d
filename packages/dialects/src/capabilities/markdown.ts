// The capability table as a page for people: docs/capabilities.md.

import type { Group, Row } from './feature.ts';
import { answerGroups, requestGroups } from './table.ts';
import { dialectNames, type SpokenDialect, targets } from './targets.ts';
import type { Verdict } from './verdict.ts';

const titles: Readonly<Record<SpokenDialect, string>> = {
  'openai-chat': 'Chat Completions',
  'openai-responses': 'Responses',
  'anthropic-messages': 'Messages',
  'bedrock-converse': 'Converse',
  gemini: 'Gemini',
};

const opening = `# What is carried between dialects

This page is generated from \`packages/dialects/src/capabilities/\` and
\`packages/gateway/src/capabilities/\`; \`npm test\` proves every cell and that the page is current.
To write it anew: \`node tools/docs/write-capabilities.ts\`.

Between a caller and an upstream of the same dialect bytes pass through as they are, and everything
is carried. The tables are for the rest.

- **carried**: the other side reads all of it.
- **emulated**: the other side is told in another way, which stands below the table.
- **refused**: the caller gets a 400 with the field and the reason. A route with \`losses: drop\`
  goes on without it and names it in \`entrepot-lost\`.
- **lossy**: the request goes on without it, and \`entrepot-lost\` names it.
- **dropped**: the caller is told it, and a client that sends back the fields alone that the
  dialect's vendor documents leaves it out of the next request.
- **-**: none of the other dialects can say it.

\`entrepot explain\` shows the same for a request of your own.`;

/** The part of the page that is about dialects. */
export function capabilitiesPage(): string {
  const variants = targets.map(({ id, title }) => `| \`${id}\` | ${title} |`);
  const parts = [
    opening,
    '## Who answers',
    'A cell speaks of the first target of its dialect; notes say where another differs.',
    ['| target | |', '|---|---|', ...variants].join('\n'),
    '## Requests\n\nColumns are the dialect of the upstream.',
    ...requestGroups.map(groupTable),
    '## Answers\n\nColumns are the dialect of the caller. Streams and whole answers are alike.',
    ...answerGroups.map(groupTable),
  ];
  return `${parts.join('\n\n')}\n`;
}

function groupTable(group: Group<Row>): string {
  const notes: string[] = [];
  const rows = group.features.map(row => {
    const cells = dialectNames.map(dialect => cellText(row, dialect, notes));
    return `| ${row.name} | ${cells.join(' | ')} |`;
  });
  const fields = group.features.map(row => {
    const cells = dialectNames.map(dialect => fieldText(row.said[dialect]));
    return `| ${row.name} | ${cells.join(' | ')} |`;
  });
  const head = [
    `| | ${dialectNames.map(name => titles[name]).join(' | ')} |`,
    '|---|---|---|---|---|---|',
  ];
  return [
    `### ${group.title}`,
    [...head, ...rows].join('\n'),
    notes.map((note, at) => `${at + 1}. ${note}`).join('\n'),
    'Where it is said:',
    [...head, ...fields].join('\n'),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function fieldText(field: string | null): string {
  if (field === null) return '-';
  return field === '' ? 'the path' : `\`${field}\``;
}

/** A word, and the number of a note where there is more to say. */
function cellText(row: Row, dialect: SpokenDialect, notes: string[]): string {
  const isSaidElsewhere = dialectNames.some(from => from !== dialect && row.said[from] !== null);
  if (!isSaidElsewhere) return '-';
  const verdict = row.to[dialect];
  const words = [...differences(row, dialect)];
  if (verdict.is !== 'carried') words.unshift(explained(verdict));
  if (words.length === 0) return verdict.is;
  const note = `${row.name}: ${words.join('; ')}.`;
  if (!notes.includes(note)) notes.push(note);
  return `${verdict.is} (${notes.indexOf(note) + 1})`;
}

/** Variants of the dialect, and callers, for which the cell says something else. */
function differences(row: Row, dialect: SpokenDialect): readonly string[] {
  const isOfDialect = (target: string): boolean => target.split('/')[0] === dialect;
  const variants = Object.entries(row.to)
    .filter(([target]) => target !== dialect && isOfDialect(target))
    .map(([target, verdict]) => `\`${target}\` ${explained(verdict!)}`);
  const callers = Object.entries(row.from ?? {}).flatMap(([from, cells]) =>
    Object.entries(cells)
      .filter(([target]) => isOfDialect(target))
      .map(([target, verdict]) => `from ${from} to \`${target}\` ${explained(verdict!)}`),
  );
  return [...variants, ...callers];
}

/** In words, with the reason where there is one. */
export function explained(verdict: Verdict): string {
  switch (verdict.is) {
    case 'carried':
      return 'carried';
    case 'emulated':
    case 'dropped':
      return `${verdict.is}: ${verdict.how}`;
    default: {
      const losses = verdict.losses.map(({ field, reason }) => {
        return `\`${field}\`, ${reason.replace('{from}', "the caller's dialect")}`;
      });
      return `${verdict.is}: ${losses.join(', and ')}`;
    }
  }
}
