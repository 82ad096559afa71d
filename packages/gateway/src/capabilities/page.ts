// The whole of docs/capabilities.md: what is carried between dialects, and what differs by the host
// or the cloud that is called.

import { capabilitiesPage, explained } from '@entrepot/dialects/capabilities/markdown';
import { counting } from './counting.ts';
import { embeddings } from './embeddings.ts';
import type { ErrandTable, ErrandVerdict } from './errand.ts';
import { heads } from './heads.ts';
import { type HostCells, hostCells } from './host-cells.ts';

const aboutHosts = `## Hosts that speak openai's API

What a host takes otherwise than \`openai-chat/open-weights\` above. A caller of Chat Completions is
told the same of these; all else that it says goes to them as it came.`;

const aboutErrands = `## Beside answers

What is asked for beside answers, and what goes beside them, by service. Here **kept back** is what
goes no further than the gateway, and **-** what a service has not.`;

/** The whole page. */
export function wholePage(): string {
  const parts = [
    capabilitiesPage().trimEnd(),
    aboutHosts,
    hostTable(),
    aboutErrands,
    ...[counting, embeddings, heads].map(errandTable),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Hosts that are alike share a row. */
function hostTable(): string {
  const rows = new Map<string, string[]>();
  for (const [host, cells] of Object.entries(hostCells)) {
    const differs = differences(cells);
    rows.set(differs, [...(rows.get(differs) ?? []), `\`${host}\``]);
  }
  const lines = [...rows].map(([differs, hosts]) => `| ${hosts.join(', ')} | ${differs} |`);
  return ['| host | |', '|---|---|', ...lines].join('\n');
}

/** Features that come to the same are told together. */
function differences(cells: HostCells): string {
  const features = new Map<string, string[]>();
  for (const [feature, verdict] of Object.entries(cells)) {
    const words = explained(verdict);
    features.set(words, [...(features.get(words) ?? []), feature]);
  }
  return [...features].map(([words, names]) => `${names.join(', ')}: ${words}`).join('; ');
}

function errandTable({ title, places, errands }: ErrandTable): string {
  const notes: string[] = [];
  const rows = places.map(place => {
    const cells = errands.map(({ at }) => cellText(at[place]!, notes));
    return `| ${place} | ${cells.join(' | ')} |`;
  });
  const head = `| | ${errands.map(({ name }) => name).join(' | ')} |`;
  const said = `| said in | ${errands.map(({ said: where }) => `\`${where}\``).join(' | ')} |`;
  return [
    `### ${title}`,
    [head, `|---${'|---'.repeat(errands.length)}|`, said, ...rows].join('\n'),
    notes.map((note, at) => `${at + 1}. ${note}`).join('\n'),
  ].join('\n\n');
}

/** A word, and the number of the note that says why. */
function cellText(verdict: ErrandVerdict, notes: string[]): string {
  if (verdict.is === 'carried') return verdict.is;
  const note = `${noteOf(verdict)}.`;
  if (!notes.includes(note)) notes.push(note);
  return `${verdict.is === 'none' ? '-' : verdict.is} (${notes.indexOf(note) + 1})`;
}

function noteOf({ is, why }: Exclude<ErrandVerdict, { is: 'carried' }>): string {
  if (is === 'refused') return `the error says "${why}"`;
  return is === 'lossy' ? `\`${why}\` is lost, and named` : why;
}
