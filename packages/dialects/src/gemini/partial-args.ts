// Arguments of a call that come value by value (`streamFunctionCallArguments` of Vertex AI): each
// has a JSON path such as `$.recipe.steps[0].name`, and a string may come in several pieces.

import { isObject, type JsonObject, maxJsonDepth, numberAt, objectsAt, stringAt } from '../json.ts';

type Container = Record<string, unknown> | unknown[];

export class PartialArgs {
  #root: Container | null = null;
  /** The string at this path goes on in the next piece. */
  #openPath: string | null = null;

  /** Values of one piece of a call; what is no path or no value is passed over. */
  read(call: JsonObject): void {
    for (const piece of objectsAt(call, 'partialArgs')) {
      const path = stringAt(piece, 'jsonPath') ?? '';
      const keys = keysOf(path);
      const value = pieceValue(piece);
      if (keys.length === 0 || keys.length > maxJsonDepth || value === undefined) continue;
      this.#root = this.#put(this.#root, keys, 0, value, path === this.#openPath);
      this.#openPath = piece.willContinue === true ? path : null;
    }
    if (isObject(call.args)) this.#root = { ...(this.#root ?? {}), ...call.args };
  }

  /** The JSON of all that came; empty when nothing did. */
  get json(): string {
    return this.#root === null ? '' : JSON.stringify(this.#root);
  }

  #put(
    given: unknown,
    keys: readonly (string | number)[],
    depth: number,
    value: unknown,
    goesOn: boolean,
  ): Container {
    const key = keys[depth]!;
    const container = containerFor(given, key);
    // Items come in order: a place far behind the last one is the next one.
    const at = Array.isArray(container) ? Math.min(Number(key), container.length) : key;
    const map = container as Record<string | number, unknown>;
    if (depth < keys.length - 1) map[at] = this.#put(map[at], keys, depth + 1, value, goesOn);
    else if (goesOn && typeof map[at] === 'string') map[at] += String(value);
    else map[at] = value;
    return container;
  }
}

/** Without a prototype, so that no key of a caller is anything but a key. */
function containerFor(given: unknown, key: string | number): Container {
  if (typeof key === 'number') return Array.isArray(given) ? given : [];
  if (isObject(given)) return given as Record<string, unknown>;
  return Object.create(null) as Record<string, unknown>;
}

function pieceValue(piece: JsonObject): unknown {
  if ('nullValue' in piece) return null;
  if (typeof piece.boolValue === 'boolean') return piece.boolValue;
  return stringAt(piece, 'stringValue') ?? numberAt(piece, 'numberValue');
}

/** Keys and places of a path; none for what is not a plain path. */
function keysOf(path: string): (string | number)[] {
  if (!path.startsWith('$')) return [];
  const step = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/gy;
  step.lastIndex = 1;
  const keys: (string | number)[] = [];
  let end = 1;
  for (let match = step.exec(path); match !== null; match = step.exec(path)) {
    const [, plain, place, single, double] = match;
    const quoted = (single ?? double)?.replace(/\\(.)/g, '$1');
    keys.push(place === undefined ? (plain ?? quoted ?? '') : Number(place));
    end = step.lastIndex;
  }
  return end === path.length ? keys : [];
}
