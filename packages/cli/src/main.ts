// The `entrepot` command: finds the command, parses its options, runs it, and turns what it throws
// into a message and an exit code. Commands are loaded when they are called for.

import { parseArgs } from 'node:util';
import { nearest } from '@entrepot/gateway/config/nearest';
import { type Command, type Output, UsageError } from './command.ts';
import { commands } from './commands.ts';

const helpOption = { help: { type: 'boolean', short: 'h' } } as const;

/** Runs one command line (without node and script) and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const output = terminalOutput();
  const found = find(args);
  if (found === null) return overview(args, output);
  try {
    const command = await found.load();
    const rest = args.slice(found.name.split(' ').length);
    if (rest.includes('--help') || rest.includes('-h')) {
      output.print(command.help);
      return 0;
    }
    return await command.run(parse(command, rest), output);
  } catch (error) {
    return explain(error, found.name, output);
  }
}

function find(args: readonly string[]): (typeof commands)[number] | null {
  const two = args.slice(0, 2).join(' ');
  return commands.find(c => c.name === two) ?? commands.find(c => c.name === args[0]) ?? null;
}

function parse(command: Command, args: readonly string[]): Parameters<Command['run']>[0] {
  try {
    return parseArgs({
      args: withNegatives(command, args),
      options: { ...command.options, ...helpOption },
      allowPositionals: true,
      strict: true,
    }) as Parameters<Command['run']>[0];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split('. To specify')[0] ?? message);
  }
}

/** A negative number after an option is its value: what to say of it is for the command. */
function withNegatives({ options }: Command, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? '';
    const isValue = before.startsWith('--') && options[before.slice(2)]?.type === 'string';
    if (isValue && /^-[\d.]/.test(arg)) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function overview(args: readonly string[], output: Output): number {
  const [first] = args;
  const lines = listOf(commands);
  const text = [
    'entrepot: where should this AI workload run?',
    '',
    'Usage: entrepot <command> [options]      entrepot <command> --help',
    '',
    ...lines,
    '',
    'Example: entrepot catalog offers --model openai/gpt-5.4 --as-of 2026-08-01',
  ].join('\n');
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    output.print(text);
    return first === undefined ? 2 : 0;
  }
  const group = commands.filter(c => c.name.startsWith(`${first} `));
  if (group.length > 0 && args.some(arg => arg === '--help' || arg === '-h')) {
    output.print([`Usage: entrepot ${first} <command> [options]`, '', ...listOf(group)].join('\n'));
    return 0;
  }
  const name = args
    .slice(0, 2)
    .filter(a => !a.startsWith('-'))
    .join(' ');
  const near = nearest(
    name,
    commands.map(c => c.name),
  );
  const names = group.map(c => c.name).join(', ');
  const hint = names !== '' ? `Its commands: ${names}.` : near && `Did you mean "${near}"?`;
  output.note(`entrepot: there is no command "${name}". ${hint || 'See "entrepot --help".'}`);
  return 2;
}

function listOf(some: typeof commands): string[] {
  return some.map(c => `  ${c.name.padEnd(22)} ${c.summary}`);
}

function explain(error: unknown, name: string, output: Output): number {
  if (error instanceof UsageError) {
    output.note(`entrepot ${name}: ${error.message}\nSee "entrepot ${name} --help".`);
    return error.exitCode;
  }
  output.note(
    `entrepot ${name}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
  );
  return 3;
}

function terminalOutput(): Output {
  // A reader such as `head` that has seen enough is no failure.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    print: text => void process.stdout.write(`${text}\n`),
    note: text => void process.stderr.write(`${text}\n`),
    isTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? Number.POSITIVE_INFINITY,
  };
}
