// Which route a model that a trace names is, from a small file:
//
//   default: gpt            # for requests that name no model
//   routes:
//     ChatGPT: gpt-mini     # a name in the trace: a route

import { Fields } from '@entrepot/catalog/fields';
import { formatProblem, type Problem } from '@entrepot/catalog/problem';
import { parseDocument } from 'yaml';
import { TrafficError } from './traffic-error.ts';

export interface RouteMap {
  /** null where a request must name its route. */
  readonly otherwise: string | null;
  readonly routes: ReadonlyMap<string, string>;
}

/** Throws TrafficError with all that is wrong. */
export function readRouteMap(text: string, file: string): RouteMap {
  const value = readYaml(text, file);
  const problems: Problem[] = [];
  const place = { file, line: 1 };
  const root = new Fields(value, ['default', 'routes'], place, problems);
  const otherwise = root.textOrNull('default');
  const routes = new Map<string, string>();
  const named = root.raw('routes') ?? {};
  const inner = new Fields(named, Object.keys(named as object), place, problems, 'routes');
  for (const name of Object.keys(named as object)) routes.set(name, inner.text(name));
  if (problems.length > 0) throw new TrafficError(problems.map(formatProblem).join('\n'));
  return { otherwise, routes };
}

/** The route of a model as the trace names it; an empty name is none. */
export function routeOf(map: RouteMap, model: string): string | null {
  return map.routes.get(model) ?? (model === '' ? map.otherwise : model);
}

/** The value of a YAML file. Throws TrafficError where it is none. */
export function readYaml(text: string, file: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return document.toJS();
  throw new TrafficError(`${file}:${error.linePos?.[0].line ?? 1}: must be YAML: ${error.message}`);
}
