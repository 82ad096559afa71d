// The shape of a deployment's credential: exactly one kind, by the name of who gives it.

import * as z from 'zod';

/** Exactly one of them. */
export interface CredentialEntry {
  readonly apiKey?: string | undefined;
  readonly bearer?: string | undefined;
  /** Empty for the chain. */
  readonly aws?: AwsEntry | undefined;
  /** Empty for Application Default Credentials. */
  readonly google?: GoogleEntry | undefined;
  /** Empty for the chain. */
  readonly entra?: EntraEntry | undefined;
}
export interface AwsEntry {
  readonly profile?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
}
export interface GoogleEntry {
  readonly keyFile?: string | undefined;
}
export interface EntraEntry {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly scope?: string | undefined;
}

const text = z.string().min(1);

/** One word stands for an empty set of fields. */
function orWord<T>(word: string, forms: string, fields: z.ZodType<T, object>): z.ZodType<T> {
  return z
    .unknown()
    .transform((value, context) => {
      if (value === word) return {};
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
      context.addIssue({ code: 'custom', message: forms });
      return z.NEVER;
    })
    .pipe(fields);
}

const awsForms = 'must be chain, {profile}, or {accessKeyId, secretAccessKey, sessionToken}';
const aws = orWord(
  'chain',
  awsForms,
  z
    .strictObject({
      profile: text.optional(),
      accessKeyId: text.optional(),
      secretAccessKey: text.optional(),
      sessionToken: text.optional(),
    })
    .refine(a => (a.accessKeyId === undefined) === (a.secretAccessKey === undefined), {
      error: 'must have accessKeyId and secretAccessKey together',
    })
    .refine(a => a.profile === undefined || a.accessKeyId === undefined, { error: awsForms }),
);

const google = orWord(
  'adc',
  'must be adc, for Application Default Credentials, or {keyFile}',
  z.strictObject({ keyFile: text.optional() }),
);

const id = text.max(128).regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, {
  error: 'must be letters, digits, dots and hyphens',
});
const entra = orWord(
  'chain',
  'must be chain, {tenantId, clientId}, or {tenantId, clientId, clientSecret}',
  z
    .strictObject({
      tenantId: id.optional(),
      clientId: id.optional(),
      clientSecret: text.optional(),
      scope: text
        .regex(/^https:\/\/[a-z0-9.-]+\/\.default$/, {
          error: 'must be such as https://cognitiveservices.azure.com/.default',
        })
        .optional(),
    })
    .refine(
      e => e.clientSecret === undefined || (e.tenantId !== undefined && e.clientId !== undefined),
      { error: 'must have tenantId and clientId beside clientSecret' },
    ),
);

export const credential: z.ZodType<CredentialEntry> = z
  .strictObject({
    apiKey: text.optional(),
    bearer: text.optional(),
    aws: aws.optional(),
    google: google.optional(),
    entra: entra.optional(),
  })
  .refine(c => Object.values(c).filter(v => v !== undefined).length === 1, {
    error: 'must have exactly one of apiKey, bearer, aws, google, entra',
  });
