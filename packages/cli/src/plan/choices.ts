// Choices that commands of plan share: accelerators by any spelling, lists, prices of the user's
// own.

import type { Accelerator } from '@entrepot/catalog/accelerator';
import type { InstanceType } from '@entrepot/catalog/instance-type';
import { type HostTerm, hostTerms, type OwnPrice } from '@entrepot/planner/cost/host-offer';
import { type CommandInput, UsageError } from '../command.ts';
import { suggest, textOf } from '../commands/catalog/arguments.ts';

/** The parts of `a,b,c`; null when the option was not given. */
export function listOf(input: CommandInput, option: string): string[] | null {
  const text = textOf(input, option);
  return text === null ? null : text.split(',').map(part => part.trim());
}

/** The one of those allowed that a text names. Throws UsageError with the nearest. */
export function oneOf<T extends string>(text: string, option: string, allowed: readonly T[]): T {
  const found = allowed.find(one => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${option}: there is no "${text}". ${suggest(text, allowed)}`);
}

/** The same of an option; null when it was not given. */
export function optionalOf<T extends string>(
  input: CommandInput,
  option: string,
  allowed: readonly T[],
): T | null {
  const text = textOf(input, option);
  return text === null ? null : oneOf(text, option, allowed);
}

/** Clouds whose hosts a plan may take; null: all. Throws UsageError. */
export function cloudsOf(input: CommandInput): string[] | null {
  return listOf(input, 'cloud')?.map(cloud => oneOf(cloud, 'cloud', clouds)) ?? null;
}

const clouds = ['aws', 'azure', 'google', 'self'];

/** Ends that say which form of a chip is meant when none is named. */
const usualForms = ['', '-SXM', '-80GB'];

/** The id that a name means; null when there is none. */
export function acceleratorId(name: string, ids: readonly string[]): string | null {
  const wanted = usualForms.map(form => `${name}${form}`.toLowerCase());
  return wanted.map(w => ids.find(id => id.toLowerCase() === w)).find(id => id) ?? null;
}

/** The id that begins as a name does, for a suggestion; else the name. */
export function nearestChip(name: string, ids: readonly string[]): string {
  return ids.find(id => id.toLowerCase().startsWith(name.toLowerCase())) ?? name;
}

/** Ids of accelerators by their names in any case; `h100` is H100-SXM. Throws UsageError. */
export function acceleratorIds(
  names: readonly string[],
  accelerators: readonly Accelerator[],
): string[] {
  const ids = accelerators.map(a => a.id);
  return [...new Set(names)].map(name => {
    const found = acceleratorId(name, ids);
    if (found !== null) return found;
    const near = suggest(nearestChip(name, ids), ids);
    throw new UsageError(`there is no accelerator "${name}". ${near}`);
  });
}

/** `p5.48xlarge=39.8` or `p5.48xlarge:committed=31`, USD an hour. Throws UsageError. */
export function ownPricesOf(
  input: CommandInput,
  instances: readonly InstanceType[],
  usualTerm: HostTerm = 'on-demand',
): OwnPrice[] {
  const given = input.values.price;
  const texts = Array.isArray(given) ? given : [];
  return texts.flatMap(text => {
    const match = /^([^:=]+)(?::([a-z-]+))?=(\d+(?:\.\d+)?)$/.exec(text);
    if (match === null) {
      throw new UsageError(
        `--price must be TYPE=USD or TYPE:TERM=USD, such as trn2.48xlarge:committed=35.8: not "${text}"`,
      );
    }
    const [, instance, termName, usd] = match;
    const term = termName === undefined ? usualTerm : oneOf(termName, `price ${text}`, hostTerms);
    const clouds = new Set(instances.filter(i => i.name === instance).map(i => i.cloud));
    if (clouds.size === 0) {
      const names = [...new Set(instances.map(i => i.name))];
      throw new UsageError(
        `--price: there is no instance type "${instance}". ${few(instance!, names)}`,
      );
    }
    return [...clouds].map(cloud => {
      return { cloud, instance: instance!, region: null, term, usdPerHour: Number(usd) };
    });
  });
}

/** "Did you mean ...?" where all that is allowed would be a page. */
function few(word: string, names: readonly string[]): string {
  const [hint] = suggest(word, names).split(' Allowed:');
  return `${hint!.startsWith('Allowed') ? '' : `${hint} `}"entrepot catalog instances" lists all.`;
}
