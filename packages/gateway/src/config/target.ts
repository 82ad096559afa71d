import type { ModelFlag, ModelKind } from '@entrepot/catalog/catalog';
import type { HostHabits } from '@entrepot/dialects/dialect';
import type { Deployment } from '@entrepot/engine/deployment';

/** How a deployment is reached: what the engine must not know. */
export interface Target {
  readonly deployment: Deployment;
  /** Name of the cloud adapter: `openai`, `azure-openai`, `anthropic`, `bedrock`, ... */
  readonly cloud: string;
  /** Scheme, host and port, and a path where the cloud takes one; null takes the public one. */
  readonly endpoint: string | null;
  /** What this operator's account calls it (Azure deployment name, inference profile, ARN). */
  readonly modelName: string;
  /** What the model makes; absent where the catalog does not know it. */
  readonly kind?: ModelKind;
  /** What the catalog knows of the model wherever it is sold; an absent flag is not known. */
  readonly flags: Readonly<Partial<Record<ModelFlag, boolean>>>;
  /** Azure: `v1`, or a dated api-version that puts the deployment into the path. */
  readonly apiVersion: string | null;
  /** Google Cloud's; null for clouds that have none, and for an API key that stands for one. */
  readonly project: string | null;
  /** AWS region, or location of Vertex AI. */
  readonly region: string | null;
  readonly credential: Credential;
  /** Flat list of names and values that go with every call. Absent: none. */
  readonly headers?: readonly string[];
  /** How the host differs, where the operator knows better than our table. Absent: as there. */
  readonly quirks?: HostHabits;
  /** Simulated targets are labelled so wherever they are shown. */
  readonly simulated: boolean;
}

export type Credential =
  /** A server that asks for none. */
  | { readonly type: 'none' }
  | { readonly type: 'api-key'; readonly key: Secret }
  | { readonly type: 'bearer'; readonly token: Secret }
  /** The official AWS chain: environment, profile, SSO, web identity, container, instance. */
  | { readonly type: 'aws-chain'; readonly profile: string | null }
  | {
      readonly type: 'aws-keys';
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret;
      readonly sessionToken: Secret | null;
    }
  /** Google's Application Default Credentials, or those of a key file of any kind that it has. */
  | { readonly type: 'google-adc'; readonly keyFile: string | null }
  /**
   * Entra ID: a client secret, or else the official chain (environment, workload identity, managed
   * identity, developer tools), narrowed to a client or a tenant where they are given.
   */
  | {
      readonly type: 'azure-entra';
      readonly tenantId: string | null;
      readonly clientId: string | null;
      readonly clientSecret: Secret | null;
      readonly scope: string;
    };

/**
 * A value that never shows itself: in strings and JSON it is `[secret]`, and an inspection sees no
 * field, because the value is a private one.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The only way to the value. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}
