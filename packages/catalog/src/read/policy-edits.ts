// The `policy` of a scenario: objective and constraints for all routes, and `routes` for single
// ones.

import type { Fields } from '../fields.ts';
import {
  type ConstraintEdits,
  objectives,
  type PolicyEdit,
  type PolicyEdits,
} from '../policy-edit.ts';
import type { ScenarioDocument } from './scenario-document.ts';

const editFields = ['objective', 'constraints'];
const constraintFields = [
  'maxTtftMs',
  'residency',
  'maxInputUsdPerMtok',
  'maxOutputUsdPerMtok',
  'maxShare',
  'minQuality',
];

export function readPolicyEdits(document: ScenarioDocument): PolicyEdits {
  const all = document.object(['policy'], [...editFields, 'routes']);
  const routes = document.keys(['policy', 'routes']).map((route): [string, PolicyEdit] => {
    const fields = document.object(['policy', 'routes', route], editFields);
    if (fields === null) return [route, { place: all!.place, constraints: {} }];
    return [route, readEdit(fields)];
  });
  const hasAll = all !== null && editFields.some(name => all.has(name));
  return { all: hasAll ? readEdit(all) : null, routes: new Map(routes) };
}

function readEdit(fields: Fields): PolicyEdit {
  const constraints = fields.has('constraints') ? readConstraints(fields) : {};
  if (!fields.has('objective')) return { place: fields.place, constraints };
  return { place: fields.place, objective: fields.oneOf('objective', objectives), constraints };
}

function readConstraints(fields: Fields): ConstraintEdits {
  const given = fields.object('constraints', constraintFields);
  const edit = <T>(field: string, read: (name: string) => T, name = field): object =>
    given.raw(field) === undefined ? {} : { [name]: read(field) };
  return {
    ...edit('maxTtftMs', name => given.countOrNull(name)),
    ...edit('residency', name => (given.raw(name) === null ? null : given.texts(name))),
    ...edit('maxInputUsdPerMtok', name => given.usdPerMtok(name), 'maxInputPicoUsd'),
    ...edit('maxOutputUsdPerMtok', name => given.usdPerMtok(name), 'maxOutputPicoUsd'),
    ...edit('maxShare', name => given.fractionOrNull(name)),
    ...edit('minQuality', name => given.fractionOrNull(name)),
  };
}
