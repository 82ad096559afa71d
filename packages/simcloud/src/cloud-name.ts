// The clouds that are simulated, by the names that the gateway gives their adapters.

export type CloudName =
  | 'openai'
  | 'azure-openai'
  | 'anthropic'
  | 'bedrock'
  | 'gemini'
  | 'vertex-ai'
  | 'bedrock-mantle';

export const cloudNames: readonly CloudName[] = [
  'openai',
  'azure-openai',
  'anthropic',
  'bedrock',
  'gemini',
  'vertex-ai',
  'bedrock-mantle',
];

export function isCloudName(text: string): text is CloudName {
  return (cloudNames as readonly string[]).includes(text);
}
