// What the files of catalog/ hold, once loaded and checked: dated records of all days.

import type { Accelerator } from './accelerator.ts';
import type { CommittedHost } from './committed-host.ts';
import type { InstanceType } from './instance-type.ts';
import type { Claim, Cloud, Feature, Prices, Provenance, Term } from './offer.ts';

export type ModelKind = 'chat' | 'embedding';

/** Rules that hold for a model wherever it is sold. A flag that is absent is unknown. */
export type ModelFlag =
  | 'rejectsSampling' // temperature, top_p, top_k are an error
  | 'samplingWithEffortNone' // ... except when the reasoning effort is `none`
  | 'maxCompletionTokens' // wants max_completion_tokens in place of max_tokens
  | 'developerRole' // wants `developer` in place of `system`
  | 'adaptiveThinking'
  | 'xhighEffort'
  | 'structuredOutput' // native JSON schema
  | 'noToolsWithReasoningOnChat' // tools + reasoning only through openai-responses
  | 'cacheBreakpoints' // explicit prompt-cache breakpoints
  | 'thinkingLevel' // Gemini 3: a level
  | 'thinkingBudget'; // Gemini 2.5: a number of tokens

export interface Model extends Provenance {
  /** `vendor/name`. */
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly kind: ModelKind;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** `text`, `image`, `audio`, `video`, `pdf`; null is unknown. */
  readonly inputs: readonly string[] | null;
  readonly outputs: readonly string[] | null;
  readonly releasedOn: string | null;
  readonly openWeights: boolean | null;
  readonly reasoning: boolean | null;
  readonly flags: Readonly<Partial<Record<ModelFlag, boolean>>>;
}

export interface Service {
  readonly id: string;
  readonly cloud: string;
  readonly name: string;
  /** Monthly availability promised, as a fraction; null is unknown or none. */
  readonly slaAvailability: number | null;
  readonly slaScope: string | null;
  /** Vendors whose models it holds for; null is all. */
  readonly slaVendors: readonly string[] | null;
  readonly sla: Provenance | null;
  /** What other sources say the promise is. */
  readonly slaConflicts: readonly (Provenance & { readonly availability: number })[];
}

export interface Region {
  readonly id: string;
  /** null for a geography that several clouds sell by (`us`, `eu`, `global`). */
  readonly cloud: Cloud | null;
  readonly name: string;
  /** Where data may be processed; null is unknown. */
  readonly residency: string | null;
}

/** What an offer costs from a day on (null: as far back as is known) until the next period. */
export interface PricePeriod extends Provenance {
  readonly from: string | null;
  readonly prices: Prices;
  /** Why the price changed, or how the day is known; null for nothing to say. */
  readonly note: string | null;
}

/** How the price was chosen where sources disagree. */
export interface Decision {
  readonly by: 'quorum' | 'rule' | 'preferred';
  readonly because: string;
}

/** One offer with its whole history. `asOf` makes an `Offer` of it. */
export interface OfferRecord extends Provenance {
  readonly id: string;
  readonly model: string;
  readonly cloud: string;
  readonly service: string;
  readonly region: string;
  readonly term: Term;
  readonly serviceModelId: string;
  readonly aliases: readonly string[];
  readonly dialects: readonly string[];
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly features: readonly Feature[];
  readonly residency: string | null;
  readonly slaAvailability: number | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** Ascending; the first has `from: null`. Never empty. */
  readonly periods: readonly PricePeriod[];
  readonly conflicts: readonly Claim[];
  /** null when nothing had to be decided. */
  readonly decision: Decision | null;
}

export interface Catalog {
  readonly models: ReadonlyMap<string, Model>;
  readonly services: ReadonlyMap<string, Service>;
  readonly regions: ReadonlyMap<string, Region>;
  readonly offers: readonly OfferRecord[];
  readonly accelerators: readonly Accelerator[];
  readonly instances: readonly InstanceType[];
  readonly committedHosts: readonly CommittedHost[];
}

/** A file of the catalog, read by someone else. `path` is relative to the catalog's folder. */
export interface CatalogFile {
  readonly path: string;
  readonly text: string;
}
