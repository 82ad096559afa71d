// Arguments of a call that Vertex AI streams in pieces, each at a JSONPath, put together.
// (cloud.google.com/vertex-ai, "Streaming function call arguments")

import { type Fields, fieldsAt, objectOf, textOf } from './fields.ts';

type Container = Record<string, unknown>;

/** The parts, each call that came in pieces as one part with all its arguments. */
export function withWholeArgs(parts: readonly Fields[]): readonly Fields[] {
  const whole: Fields[] = [];
  let open: Container | null = null;
  for (const part of parts) {
    const call = objectOf(part.functionCall);
    const pieces = fieldsAt(call, 'partialArgs');
    if (part.functionCall === undefined || (open === null && call.willContinue !== true)) {
      whole.push(part);
      continue;
    }
    if (open === null) {
      open = {};
      whole.push({ functionCall: { name: call.name, args: open } });
    }
    for (const piece of pieces) put(open, piece);
    if (call.willContinue !== true) open = null;
  }
  return whole;
}

function put(args: Container, piece: Fields): void {
  const steps = textOf(piece.jsonPath).match(/[^.$[\]'"]+/g) ?? [];
  let at = args;
  for (const [place, step] of steps.slice(0, -1).entries()) {
    at[step] ??= /^\d+$/.test(steps[place + 1]!) ? [] : {};
    at = at[step] as Container;
  }
  const last = steps.at(-1)!;
  const { stringValue, numberValue, boolValue } = piece;
  const value = stringValue ?? numberValue ?? boolValue ?? null;
  at[last] = typeof value === 'string' ? textOf(at[last]) + value : value;
}
