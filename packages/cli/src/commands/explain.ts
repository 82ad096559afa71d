// `entrepot explain`: what a request becomes on its way to another cloud or dialect, and what of it
// is kept, emulated, lost or refused. Nothing is sent.

import { readFileSync } from 'node:fs';
import { dialectNames, type SpokenDialect } from '@entrepot/dialects/capabilities/targets';
import { DialectError, type PathFields } from '@entrepot/dialects/dialect';
import { dialectOf } from '@entrepot/gateway/dialects';
import { type Command, type CommandInput, type Output, UsageError } from '../command.ts';
import { type Destination, destinationOf } from '../explain/destination.ts';
import {
  type Explanation,
  explainAnswer,
  explainRequest,
  type Told,
} from '../explain/explanation.ts';
import { marketOf } from '../market.ts';

const help = `Show what a request becomes on its way to another cloud or dialect.

Usage: entrepot explain --from DIALECT --to SERVICE|CLOUD|DIALECT --body FILE [options]

  --from     ${dialectNames.slice(0, 3).join(', ')},
             ${dialectNames.slice(3).join(', ')}
  --to       a service (bedrock), a cloud (aws), or a dialect
  --body     the caller's request, as JSON; - is standard input
  --model    the model that answers: vendor/name, or as the service calls it
  --stream   the caller wants a stream (where the path says so, not the body)
  --answer   instead of --body: what the upstream answered, as the caller gets it; with --stream a
             stream
  --json     {"to", "dialect", "address", "body", "kept", "emulated", "lost", "refused"}

Nothing is sent, and no credential is read. What only an operator knows stands in the address as a
word that says so (your-resource, your-project). Exit code: 0 when the request is carried, 1 when
something of it is refused (a route with "losses: drop" goes on without it, where it can).

Example: entrepot explain --from anthropic-messages --to bedrock --body request.json`;

export const explain: Command = {
  name: 'explain',
  summary: 'Show what a request becomes on its way to another cloud or dialect.',
  help,
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    body: { type: 'string' },
    model: { type: 'string' },
    answer: { type: 'string' },
    stream: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(input, output) {
    const { from, to, model, body, answer, stream, json } = optionsOf(input);
    const destination = destinationOf(to, model, from, marketOf());
    const print = json ? printJson : printText;
    try {
      if (answer !== undefined) {
        const [caller, upstream] = [dialectOf(from), dialectOf(destination.dialect)];
        const { name } = destination.model;
        const told = explainAnswer(caller, upstream, read('answer', answer), name, stream);
        print(output, destination, { ...nothing, ...told });
        return 0;
      }
      const bytes = read('body', body!);
      const path = pathOf(from, model ?? destination.model.name, stream);
      const explanation = explainRequest(dialectOf(from), bytes, path, destination);
      print(output, destination, explanation);
      return explanation.refused.length === 0 ? 0 : 1;
    } catch (cause) {
      if (!(cause instanceof DialectError)) throw cause;
      const option = answer === undefined ? '--body' : '--answer';
      throw new UsageError(`${option}: ${cause.message}`);
    }
  },
};

const nothing: Explanation = {
  address: null,
  body: null,
  kept: [],
  emulated: [],
  lost: [],
  refused: [],
};

interface Options {
  readonly from: SpokenDialect;
  readonly to: string;
  readonly model: string | undefined;
  readonly body: string | undefined;
  readonly answer: string | undefined;
  readonly stream: boolean;
  readonly json: boolean;
}

function optionsOf({ values, positionals }: CommandInput): Options {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  if (positionals.length > 0) throw new UsageError(`takes no argument ${positionals[0]}`);
  const from = dialectNames.find(name => name === text('from'));
  if (from === undefined) throw new UsageError(`--from must be one of ${dialectNames.join(', ')}`);
  const to = text('to');
  if (to === undefined) throw new UsageError('--to must name a service, a cloud or a dialect');
  const [body, answer] = [text('body'), text('answer')];
  if ((body === undefined) === (answer === undefined)) {
    throw new UsageError('takes one of --body FILE and --answer FILE; - is standard input');
  }
  const [stream, json] = [values.stream === true, values.json === true];
  return { from, to, model: text('model'), body, answer, stream, json };
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (cause) {
    throw new UsageError(`--${option}: ${(cause as Error).message}`);
  }
}

/** In these dialects the path names the model, and says whether the answer is a stream. */
function pathOf(from: SpokenDialect, model: string, stream: boolean): PathFields | undefined {
  return from === 'bedrock-converse' || from === 'gemini' ? { model, stream } : undefined;
}

function printJson(output: Output, { title, dialect }: Destination, told: Explanation): void {
  const { body, ...rest } = told;
  const shown = { to: title, dialect, ...rest, body: body === null ? null : jsonOf(body) };
  output.print(JSON.stringify(shown, null, 2));
}

function printText(output: Output, { title, dialect }: Destination, told: Explanation): void {
  output.print(`To ${title}, in ${dialect}`);
  if (told.address !== null) output.print(told.address);
  if (told.body !== null) {
    const body = jsonOf(told.body);
    output.print(typeof body === 'string' ? body : JSON.stringify(body, null, 2));
  }
  const words = ({ field, reason }: Told): string =>
    field === '' ? reason : `${field}: ${reason}`;
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['kept', told.kept.length === 0 ? [] : [told.kept.join(', ')]],
    ['emulated', told.emulated.map(({ feature, how }) => `${feature}: ${how}`)],
    ['lost', told.lost.map(words)],
    ['refused', told.refused.map(words)],
  ];
  for (const [name, texts] of lines) {
    for (const text of texts) output.print(`${name.padEnd(9)} ${text}`);
  }
}

/** A stream is no JSON: it is shown as it is. */
function jsonOf(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
