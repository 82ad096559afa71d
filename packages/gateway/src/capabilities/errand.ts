// The shape of a table of what is asked for beside answers, and of what goes beside them: by
// feature, what becomes of it at each place.

/**
 * - `carried`: it is done there, and the caller gets it.
 * - `refused`: the caller gets an error that says `why`.
 * - `lossy`: the request goes on without it, and `entrepot-lost` names `why`.
 * - `kept back`: it goes no further than the gateway, without an error.
 * - `none`: the place has nothing of the kind.
 */
export type ErrandVerdict =
  | { readonly is: 'carried' }
  | { readonly is: 'refused' | 'lossy' | 'kept back' | 'none'; readonly why: string };

export interface Errand<Place extends string = string> {
  readonly name: string;
  /** The address, the header or the field in which a caller says it. */
  readonly said: string;
  readonly at: Readonly<Record<Place, ErrandVerdict>>;
}

export interface ErrandTable<Place extends string = string> {
  readonly title: string;
  readonly places: readonly Place[];
  readonly errands: readonly Errand<Place>[];
}

export const carriedThere: ErrandVerdict = { is: 'carried' };

/** The same at each of these places. */
export function atEach<Place extends string>(
  places: readonly Place[],
  verdict: ErrandVerdict,
): Readonly<Record<Place, ErrandVerdict>> {
  return Object.fromEntries(places.map(place => [place, verdict])) as Record<Place, ErrandVerdict>;
}
