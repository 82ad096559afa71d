// What docs/proof.md says: how many recorded answers were replayed to callers of each dialect, how
// many passed, and which were not replayed and why.

import { type Exchange, isExchange, type Source, type Unplayed } from './exchange.ts';
import { failureOf, isBroken } from './failure.ts';
import { type Caller, callers } from './fronts.ts';

/** One answer, and the callers who got what they must get. */
export interface Result {
  readonly exchange: Exchange;
  readonly passed: ReadonlySet<Caller>;
}

const intro = `# Proof by recorded traffic

This page is generated: \`node tools/docs/write-proof.ts\`. A test holds it to what happens.

Answers of real services, recorded by open-source projects, lie beside this repository and are no
part of it. Each is played on loopback, status, headers and bytes, streams cut at random places of
a fixed seed, behind a real gateway, once to a caller of each dialect. A caller must get the same
text, calls of tools, finish and usage, as read by readers that know nothing of the gateway's
codecs; each answer must be valid by the vendor's published schema (OpenAI's two dialects) or by a
checker of the dialect's grammar; a caller of the same dialect gets the same bytes; a recorded error
comes out in the caller's words with its class; a stream that was broken ends with an error; and the
ledger has the usage that the upstream told. Recordings and fixtures as of 2026-11-23.
`;

/** The whole page. */
export function proofPage(
  results: readonly Result[],
  sources: readonly (Exchange | Unplayed)[],
): string {
  const unplayed = sources.filter((source): source is Unplayed => !isExchange(source));
  const elsewhere = unplayed.filter(hasOwnTest);
  const played = results.length * callers.length;
  const passed = results.reduce((sum, result) => sum + result.passed.size, 0);
  return [
    intro,
    `${filesOf(sources).size} files: ${filesOf(results.map(r => r.exchange)).size} replayed, ` +
      `${filesOf(elsewhere).size} by tests of their own, ` +
      `${filesOf(unplayed).size - filesOf(elsewhere).size} not. ${results.length} answers (a file can hold several turns), ` +
      `${played} replays, ${passed} passed.\n`,
    '## Replayed\n',
    'Passed of played, by the dialect of the caller.\n',
    table(results),
    '## Replayed by tests of their own\n',
    reasons(elsewhere),
    '## Not replayed\n',
    reasons(unplayed.filter(source => !hasOwnTest(source))),
  ].join('\n');
}

/** It is no question that callers of every dialect can ask, and is tried for those who can. */
function hasOwnTest({ reason }: Unplayed): boolean {
  return reason.includes(': replayed by `') || reason.includes(': read by `');
}

function filesOf(sources: readonly Source[]): ReadonlySet<string> {
  return new Set(sources.map(({ file }) => file.replace(/, answer \d+$/, '')));
}

function table(results: readonly Result[]): string {
  const head = ['recorded at', 'whole', 'streams', 'errors', 'broken', ...callers];
  const places = [...new Set(results.map(({ exchange }) => exchange.place))];
  const rows = places.map(place => {
    const here = results.filter(({ exchange }) => exchange.place === place);
    const count = (kind: Kind): number => here.filter(r => kindOf(r.exchange) === kind).length;
    const passes = callers.map(caller => here.filter(r => r.passed.has(caller)).length);
    const counts = [count('whole'), count('stream'), count('error'), count('broken')];
    return [place, ...counts, ...passes.map(number => `${number}/${here.length}`)];
  });
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

type Kind = 'whole' | 'stream' | 'error' | 'broken';

function kindOf(exchange: Exchange): Kind {
  if (failureOf(exchange) !== null) return 'error';
  if (isBroken(exchange)) return 'broken';
  return exchange.stream ? 'stream' : 'whole';
}

function reasons(unplayed: readonly Unplayed[]): string {
  const byReason = Map.groupBy(unplayed, ({ reason }) => reason);
  const lists = [...byReason].map(([reason, some]) => {
    const names = some.map(({ file }) => `\`${file.replace(/\.(json|chunks\.txt)$/, '')}\``);
    return `${some.length}: ${reason}.\n\n${names.map(name => `- ${name}`).join('\n')}\n`;
  });
  return lists.join('\n');
}
