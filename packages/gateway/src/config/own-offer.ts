// What a deployment says itself of what no catalog knows: the offer of one's own server, or of a
// vendor that speaks openai's API, with the headers and the quirks of that server.

import type { Feature } from '@entrepot/catalog/offer';
import { featureNames } from '@entrepot/catalog/read/offers';
import type { DialectName, HostHabits } from '@entrepot/dialects/dialect';
import * as z from 'zod';
import { openaiCompatible } from '../clouds/openai-compatible/cloud.ts';

/** USD per million tokens; what is absent is unknown. */
export interface PricesEntry {
  readonly inputUsdPerMtok?: number | undefined;
  readonly outputUsdPerMtok?: number | undefined;
  readonly cachedReadUsdPerMtok?: number | undefined;
  readonly cacheWriteUsdPerMtok?: number | undefined;
}

export interface OwnOfferEntry {
  readonly service: string;
  /** Canonical id `vendor/name`. */
  readonly model: string;
  readonly cloud?: string | undefined;
  readonly region: string;
  readonly dialects: readonly DialectName[];
  readonly prices: PricesEntry;
  readonly contextTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly features: readonly Feature[];
  readonly residency?: string | undefined;
}

const text = z.string().min(1).max(256);
/** It becomes a part of the offer's id. */
const word = text.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: 'must begin with a letter or digit, followed by letters, digits and . _ -',
});
const tokens = z.int().min(1).max(1_000_000_000);
const price = z.number().min(0).max(1_000_000).optional();

export const ownOffer: z.ZodType<OwnOfferEntry> = z.strictObject({
  service: z.enum(openaiCompatible.services).default('openai-compatible'),
  model: text.regex(/^[^/#\s]+\/[^/#\s]+$/, {
    error: 'must be vendor/name, such as meta/llama-3.3-70b',
  }),
  cloud: word.optional(),
  region: word.default('global'),
  dialects: z.array(z.enum(openaiCompatible.dialects)).min(1).default(['openai-chat']),
  prices: z
    .strictObject({
      inputUsdPerMtok: price,
      outputUsdPerMtok: price,
      cachedReadUsdPerMtok: price,
      cacheWriteUsdPerMtok: price,
    })
    .default({}),
  contextTokens: tokens.optional(),
  maxOutputTokens: tokens.optional(),
  features: z.array(z.enum(featureNames)).default([]),
  residency: word.optional(),
});

/** Those that the gateway itself writes, or that would take the call apart. */
const reserved =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|authorization|accept-encoding|cookie)$/i;

const headerName = /^[A-Za-z0-9-]{1,128}$/;

export const headers: z.ZodType<Readonly<Record<string, string>>> = z
  .record(
    z.string(),
    z
      .string()
      .min(1)
      .regex(/^[ -~]+$/, { error: 'must be printable ASCII' }),
  )
  .refine(given => Object.keys(given).every(name => headerName.test(name)), {
    error: 'must have names of letters, digits and hyphens',
  })
  .refine(given => !Object.keys(given).some(name => reserved.test(name)), {
    error: 'must not be those that the gateway writes itself, or that belong to a connection',
  })
  .default({});

export const quirks: z.ZodType<HostHabits> = z.strictObject({
  lacks: z.array(text).optional(),
  renames: z.record(text, text).optional(),
  developerRole: z.boolean().optional(),
  messageNames: z.boolean().optional(),
  thinkingField: z.enum(['reasoning_content', 'reasoning']).nullable().optional(),
  keepsAnswers: z.boolean().optional(),
}) as z.ZodType<HostHabits>;
