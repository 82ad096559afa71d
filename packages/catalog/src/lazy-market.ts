// A market of which only what is asked for is read: a configuration names a handful of offers, and
// the catalog has over a thousand. Lines that are not asked for are not checked.

import { type Market, offerOn } from './as-of.ts';
import type { Catalog, Model } from './catalog.ts';
import { checkedDate } from './date.ts';
import type { Place } from './fields.ts';
import type { Offer } from './offer.ts';
import type { Problem } from './problem.ts';
import { readLines } from './read/lines.ts';
import { readModel } from './read/models.ts';
import { readOffer } from './read/offers.ts';
import { readRegion, readService } from './read/services.ts';

export interface CatalogSource {
  /** The text of a file of the catalog; empty when it is not there. */
  text(path: string): string;
  /** The market of all files, for what cannot be answered from a line or two of them. */
  whole(): Market;
}

type Read<T> = (value: unknown, place: Place, problems: Problem[]) => T;

export class LazyMarket implements Market {
  readonly date: string;
  readonly #source: CatalogSource;
  #whole: Market | null = null;
  #around: Pick<Catalog, 'services' | 'regions'> | null = null;
  #models: ReadonlyMap<string, Model> | null = null;
  /** By path; each begins and ends with a new line. */
  readonly #texts = new Map<string, string>();

  /** Throws RangeError for a text that is not a day as YYYY-MM-DD. */
  constructor(source: CatalogSource, date: string) {
    this.#source = source;
    this.date = checkedDate(date);
  }

  get offers(): readonly Offer[] {
    return this.#all().offers;
  }

  offer(id: string): Offer | undefined {
    const around = this.#known();
    const [service = ''] = id.split('/', 1);
    if (!around.services.has(service)) return this.#all().offer(id);
    const models = { has: (model: string) => this.model(model) !== undefined };
    const record = this.#find(`offers/${service}.jsonl`, id, (value, place, problems) =>
      readOffer(value, place, problems, { ...around, models }),
    );
    if (record === null) return this.#all().offer(id);
    return offerOn(record, this.model(record.model), this.date) ?? undefined;
  }

  model(id: string): Model | undefined {
    const model = this.#find('models.jsonl', id, readModel);
    if (model !== null) return model;
    this.#models ??= this.#table('models.jsonl', readModel);
    return this.#models.get(id);
  }

  /** A sound record whose line begins with the id, as lines do that were written by a program. */
  #find<T>(path: string, id: string, read: Read<T>): T | null {
    const text = this.#text(path);
    const at = text.indexOf(`\n{"id":${JSON.stringify(id)}`);
    if (at === -1) return null;
    const problems: Problem[] = [];
    const line = text.slice(at + 1, text.indexOf('\n', at + 1));
    const [record] = readLines(path, line, problems, (value, place) =>
      read(value, place, problems),
    );
    return problems.length === 0 && record !== undefined ? record : null;
  }

  #known(): Pick<Catalog, 'services' | 'regions'> {
    this.#around ??= {
      services: this.#table('services.jsonl', readService),
      regions: this.#table('regions.jsonl', readRegion),
    };
    return this.#around;
  }

  #table<T extends { readonly id: string }>(path: string, read: Read<T>): ReadonlyMap<string, T> {
    const problems: Problem[] = [];
    const records = readLines(path, this.#text(path), problems, (value, place) =>
      read(value, place, problems),
    );
    // The whole catalog is not sound either, and says where.
    if (problems.length > 0) this.#all();
    return new Map(records.map(record => [record.id, record]));
  }

  #text(path: string): string {
    let text = this.#texts.get(path);
    if (text === undefined) {
      text = `\n${this.#source.text(path)}\n`;
      this.#texts.set(path, text);
    }
    return text;
  }

  #all(): Market {
    this.#whole ??= this.#source.whole();
    return this.#whole;
  }
}
