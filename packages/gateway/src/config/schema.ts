// The shape of the configuration file: which fields there are, of which kind, with which defaults.
// What they mean together (offers, secrets, names that refer to each other) is resolveConfig's.

import type { HostHabits } from '@entrepot/dialects/dialect';
import { defaults, type SettingsOverrides } from '@entrepot/engine/defaults';
import type { Objective } from '@entrepot/engine/deployment';
import * as z from 'zod';
import type { LedgerMode } from '../ledger/ledger.ts';
import type { LossPolicy } from '../routes.ts';
import { type CredentialEntry, credential } from './credential-schema.ts';
import type { ServerLimits } from './gateway-config.ts';
import { headers, type OwnOfferEntry, ownOffer, quirks } from './own-offer.ts';
import type { Path } from './yaml-source.ts';

export interface ListenSection {
  readonly host: string;
  readonly port: number;
  /** Processes that listen there; `auto` is one for each processor. */
  readonly workers: number | 'auto';
}
export interface LedgerSection {
  readonly path: string;
  readonly mode: LedgerMode;
}
/** Who keeps answers of Responses; see docs/decisions/0004-who-keeps-answers.md. */
export interface ResponsesSection {
  readonly store: 'none' | 'gateway' | 'upstream';
  readonly retentionDays: number;
  readonly maxResponseBytes: number;
  readonly maxTotalBytes: number;
}
/** The engine's own settings, by their own names. */
export type EngineSection = SettingsOverrides;

export interface KeyEntry {
  readonly name: string;
  readonly key: string;
}
export interface DeploymentEntry {
  readonly name: string;
  /** The id of one in the catalog, or one of the operator's own. */
  readonly offer: string | OwnOfferEntry;
  readonly endpoint?: string | undefined;
  readonly allowInsecure: boolean;
  readonly modelName?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly project?: string | undefined;
  readonly region?: string | undefined;
  readonly credential: CredentialEntry | 'none';
  readonly headers: Readonly<Record<string, string>>;
  readonly quirks?: HostHabits | undefined;
  readonly priority: number;
  readonly expectedTtftMs?: number | undefined;
  readonly simulated: boolean;
}
export interface ConstraintsEntry {
  readonly maxTtftMs?: number | undefined;
  readonly residency?: readonly string[] | undefined;
  readonly maxInputUsdPerMtok?: number | undefined;
  readonly maxOutputUsdPerMtok?: number | undefined;
  readonly maxShare?: number | undefined;
}
export interface RouteEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly objective: Objective;
  readonly constraints: ConstraintsEntry;
  readonly deployments: readonly string[];
  readonly losses: LossPolicy;
}

/** Names go into headers, records and metrics. */
const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/, {
    error: 'must begin with a letter or digit, followed by letters, digits and . _ : / @ + -',
  });
const text = z.string().min(1);
const ms = (longest: number): z.ZodNumber => z.int().min(1).max(longest);
const hourMs = 3_600_000;

const listen: z.ZodType<ListenSection> = z.strictObject({
  host: text.max(253).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(4100),
  workers: z.union([z.literal('auto'), z.int().min(1).max(256)]).default(1),
});

const ledger: z.ZodType<LedgerSection> = z.strictObject({
  path: text.default('entrepot.db'),
  mode: z.enum(['durable', 'fast']).default('durable'),
});

const mebibyte = 1024 * 1024;
const responses: z.ZodType<ResponsesSection> = z.strictObject({
  store: z.enum(['none', 'gateway', 'upstream']).default('none'),
  // OpenAI's guide "Conversation state": "saved for 30 days by default" (quoted at
  // community.openai.com/t/1355501, seen 2026-11-24).
  retentionDays: z.number().positive().max(3650).default(30),
  maxResponseBytes: z
    .int()
    .min(1024)
    .max(256 * mebibyte)
    .default(16 * mebibyte),
  maxTotalBytes: z
    .int()
    .min(mebibyte)
    .max(Number.MAX_SAFE_INTEGER)
    .default(10_240 * mebibyte),
});

const limits: z.ZodType<ServerLimits> = z.strictObject({
  bodyBytes: z
    .int()
    .min(1024)
    .max(1024 * 1024 * 1024)
    .default(32 * 1024 * 1024),
  headMs: ms(hourMs).default(15_000),
  bodyMs: ms(hourMs).default(60_000),
  drainMs: ms(hourMs).default(25_000),
});

function setting(field: string): z.ZodType<number | undefined> {
  if (field === 'max') return z.int().min(1).max(10).optional();
  const isShare = /share|jitter|weight/i.test(field);
  return z
    .number()
    .min(0)
    .max(isShare ? 1 : Number.MAX_SAFE_INTEGER)
    .optional();
}

const engine = z.strictObject(
  Object.fromEntries(
    Object.entries(defaults).map(([group, values]) => {
      const fields = Object.keys(values).map(field => [field, setting(field)]);
      return [group, z.strictObject(Object.fromEntries(fields)).optional()];
    }),
  ),
) as unknown as z.ZodType<EngineSection>;

const key: z.ZodType<KeyEntry> = z.strictObject({ name, key: text });

const deployment: z.ZodType<DeploymentEntry> = z.strictObject({
  name,
  offer: z.union([text, ownOffer]),
  endpoint: text.optional(),
  allowInsecure: z.boolean().default(false),
  modelName: text.optional(),
  apiVersion: text.optional(),
  project: text.optional(),
  region: text.optional(),
  credential: z.union([z.literal('none'), credential]),
  headers,
  quirks: quirks.optional(),
  priority: z.int().min(0).max(1_000_000).default(0),
  expectedTtftMs: ms(hourMs).optional(),
  simulated: z.boolean().default(false),
});

const usdPerMtok = z.number().min(0).max(1_000_000);
const constraints = z.strictObject({
  maxTtftMs: ms(hourMs).optional(),
  residency: z.array(text).min(1).optional(),
  maxInputUsdPerMtok: usdPerMtok.optional(),
  maxOutputUsdPerMtok: usdPerMtok.optional(),
  maxShare: z.number().gt(0).max(1).optional(),
});

const route: z.ZodType<RouteEntry> = z.strictObject({
  name,
  aliases: z.array(name).default([]),
  objective: z.enum(['cost', 'latency', 'balanced', 'priority']).default('balanced'),
  constraints: constraints.prefault({}),
  deployments: z.array(text).min(1),
  losses: z.enum(['refuse', 'drop']).default('refuse'),
});

/** Each is one set of fields; when absent, all its defaults. */
export const sections: {
  readonly listen: z.ZodType<ListenSection>;
  readonly ledger: z.ZodType<LedgerSection>;
  readonly responses: z.ZodType<ResponsesSection>;
  readonly limits: z.ZodType<ServerLimits>;
  readonly engine: z.ZodType<EngineSection>;
} = { listen, ledger, responses, limits, engine };
/** Each is a list of entries. */
export const lists: {
  readonly keys: z.ZodType<KeyEntry>;
  readonly deployments: z.ZodType<DeploymentEntry>;
  readonly routes: z.ZodType<RouteEntry>;
} = { keys: key, deployments: deployment, routes: route };
/** `none` must be said: a gateway without keys is open to whoever reaches it. */
export const auth: z.ZodType<'keys' | 'none'> = z.enum(['keys', 'none']);
export const topLevelFields: readonly string[] = [
  'auth',
  ...Object.keys(sections),
  ...Object.keys(lists),
];

/** The names that the object at a path inside a schema may have. */
export function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  let at: unknown = bare(schema);
  for (const part of path) {
    if (at instanceof z.ZodArray) at = bare(at.element);
    else if (at instanceof z.ZodObject) at = bare(at.shape[String(part)]);
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** Without the wrappers that say optional, default or transformed. */
function bare(schema: unknown): unknown {
  let at = schema;
  for (;;) {
    if (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodPrefault) {
      at = at.unwrap();
    } else if (at instanceof z.ZodPipe) at = at.out;
    // A word or a set of fields: the fields are meant.
    else if (at instanceof z.ZodUnion) at = at.options.at(-1);
    else return at;
  }
}
