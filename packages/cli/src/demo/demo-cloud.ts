/** A cloud as the demo reaches it: simulated on loopback, or the real one. */
export interface DemoCloud {
  readonly name: 'openai' | 'azure-openai' | 'anthropic' | 'bedrock' | 'vertex-ai' | 'gemini-api';
  readonly simulated: boolean;
  /** null takes the cloud's public one. */
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly apiVersion: string | null;
  /** Google's; null elsewhere. */
  readonly project: string | null;
  /** As the configuration file has it. */
  readonly credential: unknown;
}
