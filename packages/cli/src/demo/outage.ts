// The outage of the demo, in the shape of real ones: new requests stall before their first token,
// then the service answers 5xx, then it refuses connections; streams that flow already finish.
// Meanwhile another cloud starts to throttle. Then all recover.

/** What happens at a share of the play's length. */
export interface OutageStep {
  readonly atShare: number;
  readonly cloud: 'azure-openai' | 'bedrock';
  readonly fault: 'stall' | 'server-error' | 'refuse' | 'rate-limit' | null;
  /** For the progress line. */
  readonly says: string;
}

export const outage: readonly OutageStep[] = [
  { atShare: 0.35, cloud: 'azure-openai', fault: 'stall', says: 'Azure OpenAI stalls' },
  { atShare: 0.4, cloud: 'bedrock', fault: 'rate-limit', says: 'Bedrock answers 429' },
  { atShare: 0.45, cloud: 'azure-openai', fault: 'server-error', says: 'Azure OpenAI answers 5xx' },
  {
    atShare: 0.55,
    cloud: 'azure-openai',
    fault: 'refuse',
    says: 'Azure OpenAI refuses connections',
  },
  { atShare: 0.78, cloud: 'bedrock', fault: null, says: 'Bedrock is back' },
  { atShare: 0.8, cloud: 'azure-openai', fault: null, says: 'Azure OpenAI is back' },
];
