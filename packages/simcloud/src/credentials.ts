// What the simulated clouds take as credentials. The defaults are public and open nothing else.

export interface AwsKeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** When given, calls must carry it. */
  readonly sessionToken?: string;
}

export interface SimulatedCredentials {
  readonly openai: readonly string[];
  /** Taken as `api-key` and as a bearer token; so are tokens of the simulated Entra ID. */
  readonly azureOpenai: readonly string[];
  readonly anthropic: readonly string[];
  /** Bedrock API keys: bearer tokens. */
  readonly bedrock: readonly string[];
  readonly gemini: readonly string[];
  /** Keys of express mode, and bearer tokens beside those of the simulated Google identity. */
  readonly vertexAi: readonly string[];
  readonly aws: readonly AwsKeyPair[];
}

export const defaultCredentials: SimulatedCredentials = {
  openai: ['simulated-openai-key'],
  azureOpenai: ['simulated-azure-key'],
  anthropic: ['simulated-anthropic-key'],
  bedrock: ['simulated-bedrock-key'],
  gemini: ['simulated-gemini-key'],
  vertexAi: ['simulated-vertex-token'],
  aws: [{ accessKeyId: 'SIMULATED', secretAccessKey: 'simulated-aws-secret' }],
};
