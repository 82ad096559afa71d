// What a target reads of a conversation that has lost nothing: which texts are none, what stands
// before what, and as what a block is told that has no kind of its own there.

import type { Target } from '@entrepot/dialects/capabilities/targets';
import type { Said } from './meaning.ts';

// biome-ignore lint/suspicious/noExplicitAny: blocks taken apart
type Loose = any;
type Line = Said & { readonly block: Loose };

export function readSaid(said: readonly Said[], target: Target): Said[] {
  const lines = said as readonly Line[];
  switch (target.dialect) {
    case 'openai-chat':
      return chat(lines, target);
    case 'openai-responses':
      return responses(lines, target);
    case 'anthropic-messages':
      return someoneAsks(systemFirst(lines.flatMap(line => claude(line))));
    case 'bedrock-converse':
      return systemFirst(converse(lines));
    case 'gemini':
      return gemini(lines);
  }
}

const isEmpty = ({ block }: Line): boolean => block.type === 'text' && block.text === '';
const isBlank = ({ block }: Line): boolean => block.type === 'text' && block.text.trim() === '';

/** A text that is there for its signature alone, and has lost it, says nothing either. */
function withText(line: Line, text: string): Line {
  return { ...line, block: { type: 'text', text } };
}

function plainDocument(line: Line): Line {
  const { type, source } = line.block;
  return type === 'document' && source.kind === 'text' ? withText(line, source.text) : line;
}

function named(line: Line): Line {
  const { block } = line;
  const isSent = block.type === 'document' && block.source.kind === 'base64';
  return isSent ? { ...line, block: { ...block, name: block.name ?? 'document' } } : line;
}

function roleOf(line: Line, { model }: Target): Line {
  return line.role === 'developer' && model.vendor !== 'openai'
    ? { ...line, role: 'system' }
    : line;
}

/** Blocks of an answer of a tool, read as those of a message are. */
function inResults(line: Line, read: (line: Line) => readonly Line[]): Line {
  if (line.block.type !== 'tool_result') return line;
  const content = line.block.content.flatMap((block: Loose) =>
    read({ ...line, role: 'user', block }).map(inner => inner.block),
  );
  return { ...line, block: { ...line.block, content } };
}

/** A failed call is told in words. */
function failedInWords(line: Line): Line {
  const { type, isError, content } = line.block;
  if (type !== 'tool_result' || !isError) return line;
  const [first, ...more] = content;
  const isText = first?.type === 'text';
  const words = { type: 'text', text: `Error: ${isText ? first.text : ''}` };
  const told = isText ? [{ ...first, ...words }, ...more] : [words, ...content];
  return { ...line, block: { ...line.block, isError: false, content: told } };
}

function openaiBlock(line: Line, target: Target): Line[] {
  const plain = (inner: Line): Line[] => [named(plainDocument(inner))];
  const read = (inner: Line): Line[] => plain(inner).filter(told => !isEmpty(told));
  return read(inResults(failedInWords(roleOf(line, target)), read));
}

/** Of one answer: thinking, text, refusal and calls, each in a field of its own. */
function chat(lines: readonly Line[], target: Target): Line[] {
  const out: Line[] = [];
  for (const run of answers(lines.flatMap(line => openaiBlock(line, target)))) {
    if (run[0]!.role !== 'assistant') {
      out.push(...run);
      continue;
    }
    const of = (...types: string[]): Line[] =>
      run.filter(({ block }) => types.includes(block.type));
    const joined = (type: string): Line[] => {
      const some = of(type).filter(({ block }) => block.text !== '' || type === 'refusal');
      const text = some.map(({ block }) => block.text).join('');
      if (some.length === 0) return [];
      return [{ ...some[0]!, block: { type, text } }];
    };
    const thoughts = of('thinking', 'redacted_thinking');
    const isSigned = thoughts.some(({ block }) => 'signature' in block || 'data' in block);
    out.push(
      ...(isSigned ? thoughts : joined('thinking')),
      ...joined('text'),
      ...joined('refusal'),
    );
    out.push(...of('native').slice(-1), ...of('tool_call'));
  }
  return out;
}

/** Lines of one message stay together: those of the next are told apart by `turn`. */
function* answers(lines: readonly Line[]): Generator<Line[]> {
  let run: Line[] = [];
  for (const line of lines) {
    const last = run.at(-1);
    if (last !== undefined && (last.role !== line.role || last.turn !== line.turn)) {
      yield run;
      run = [];
    }
    run.push(line);
  }
  if (run.length > 0) yield run;
}

function responses(lines: readonly Line[], target: Target): Line[] {
  return lines.flatMap(line => openaiBlock(line, target)).filter(line => !isEmpty(line));
}

function refusalInWords(line: Line): Line {
  return line.block.type === 'refusal' ? withText(line, line.block.text) : line;
}

function claude(line: Line): Line[] {
  const read = (inner: Line): Line[] => {
    const told = refusalInWords(inner);
    if (isEmpty(told) || (told.role === 'assistant' && isBlank(told))) return [];
    const { type, source } = told.block;
    if (type !== 'document') return [told];
    if (source.kind === 'text') return [withSource(told, { ...source, mediaType: 'text/plain' })];
    if (source.kind !== 'base64' || !source.mediaType.startsWith('text/')) return [told];
    const text = Buffer.from(source.data, 'base64').toString();
    return [withSource(told, { kind: 'text', mediaType: 'text/plain', text })];
  };
  return read(inResults(line, read));
}

function withSource(line: Line, source: Loose): Line {
  return { ...line, block: { ...line.block, source } };
}

/** A mark inside the answer of a tool stands behind the whole of it. */
function marked(line: Line): Line {
  if (line.block.type !== 'tool_result') return line;
  const marks = line.block.content.map(({ cache }: Loose) => cache).filter(Boolean);
  const content = line.block.content.map(({ cache: _, ...block }: Loose) => block);
  const cache = line.block.cache ?? marks.at(-1);
  return { ...line, block: { ...line.block, content, cache } };
}

/** Few characters are taken, and no name twice. */
class Names {
  readonly #used = new Set<string>();

  next(name = ''): string {
    const taken = name
      .replace(/[^a-zA-Z0-9\s()[\]-]+/g, '-')
      .replace(/\s+/g, ' ')
      .trim();
    const base = taken || 'document';
    let next = base;
    for (let count = 2; this.#used.has(next); count++) next = `${base} (${count})`;
    this.#used.add(next);
    return next;
  }
}

function converse(lines: readonly Line[]): Line[] {
  const names = new Names();
  const read = (inner: Line): Line[] => {
    const told = refusalInWords(inner);
    if (isBlank(told)) return [];
    const { type, source } = told.block;
    if (type !== 'document') return [told];
    const name = names.next(told.block.name);
    const data = source.kind === 'text' ? Buffer.from(source.text).toString('base64') : source.data;
    const mediaType = source.mediaType;
    return [
      { ...told, block: { ...told.block, name, source: { kind: 'base64', mediaType, data } } },
    ];
  };
  return lines.flatMap(line => read(inResults(marked(line), read)));
}

/** What the system says stands first, and answers of tools before what the user says. */
function systemFirst(lines: readonly Line[]): Line[] {
  const system = lines.filter(isSystem).map((line): Line => ({ ...line, role: 'system' }));
  const rest = lines.filter(line => !isSystem(line)).map(line => ({ ...line, turn: 0 }));
  const turns = [...answers(rest)];
  return [...system, ...turns.flatMap(resultsFirst)];
}

/** Where the system alone has spoken, its word is the user's. */
function someoneAsks(lines: readonly Line[]): Line[] {
  return lines.map(line => (lines.every(isSystem) ? { ...line, role: 'user' } : line));
}

function isSystem({ role }: Line): boolean {
  return role === 'system' || role === 'developer';
}

function resultsFirst(turn: readonly Line[]): Line[] {
  const isResult = ({ block }: Line): boolean => block.type === 'tool_result';
  return [...turn.filter(isResult), ...turn.filter(line => !isResult(line))];
}

function gemini(lines: readonly Line[]): Line[] {
  const read = systemFirst(lines.flatMap(line => geminiBlock(line)));
  // A blank turn, where the system alone has spoken.
  if (read.every(isSystem))
    return [...read, { role: 'user', turn: 0, block: { type: 'text', text: ' ' } }];
  return [...answers(read)].flatMap(turn => {
    const isResult = ({ block }: Line): boolean => block.type === 'tool_result';
    // In the order of the calls.
    const place = ({ block }: Line): number => Number(block.callId.slice(1));
    const results = turn.filter(isResult).sort((one, other) => place(one) - place(other));
    return [...results, ...turn.filter(line => !isResult(line))];
  });
}

function geminiBlock(line: Line): Line[] {
  const read = (inner: Line): Line[] => {
    const told = plainDocument(refusalInWords(inner));
    const { type, text, signature } = told.block;
    const isSilent =
      (type === 'text' || type === 'thinking') && text === '' && signature === undefined;
    return isSilent ? [] : [told];
  };
  const full = inResults(line, read);
  if (full.block.type !== 'tool_result') return read(full);
  const texts = full.block.content.filter((block: Loose) => block.type === 'text');
  const media = full.block.content.filter((block: Loose) => block.type !== 'text');
  const text = texts.map((block: Loose) => block.text).join('\n');
  const content = [...(text === '' ? [] : [{ type: 'text', text }]), ...media];
  return [{ ...full, block: { ...full.block, content } }];
}
