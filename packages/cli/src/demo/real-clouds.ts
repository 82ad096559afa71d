// Which real clouds this environment has credentials for. Finding one uses nothing of it.

import type { DemoCloud } from './demo-cloud.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The clouds that could be called for real; empty when there are no credentials. */
export function realClouds(env: Environment): DemoCloud[] {
  const clouds: DemoCloud[] = [];
  const real = { simulated: false, endpoint: null, region: null, apiVersion: null, project: null };
  if (env.OPENAI_API_KEY) {
    clouds.push({ ...real, name: 'openai', credential: { apiKey: env.OPENAI_API_KEY } });
  }
  if (env.ANTHROPIC_API_KEY) {
    clouds.push({ ...real, name: 'anthropic', credential: { apiKey: env.ANTHROPIC_API_KEY } });
  }
  if (env.AZURE_OPENAI_API_KEY && env.AZURE_OPENAI_ENDPOINT) {
    const endpoint = new URL(env.AZURE_OPENAI_ENDPOINT).origin;
    const apiVersion = env.AZURE_OPENAI_API_VERSION ?? 'v1';
    const credential = { apiKey: env.AZURE_OPENAI_API_KEY };
    clouds.push({ ...real, name: 'azure-openai', endpoint, apiVersion, credential });
  }
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  if (env.AWS_BEARER_TOKEN_BEDROCK) {
    const credential = { bearer: env.AWS_BEARER_TOKEN_BEDROCK };
    clouds.push({ ...real, name: 'bedrock', region, credential });
  } else if ((env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) || env.AWS_PROFILE) {
    clouds.push({ ...real, name: 'bedrock', region, credential: { aws: 'chain' } });
  }
  // Vertex AI is called for a project, which a key file alone does not always name.
  const project = env.GOOGLE_CLOUD_PROJECT ?? env.GCLOUD_PROJECT;
  if (env.GOOGLE_APPLICATION_CREDENTIALS && project) {
    clouds.push({ ...real, name: 'vertex-ai', project, credential: { google: 'adc' } });
  }
  const geminiKey = env.GEMINI_API_KEY || env.GOOGLE_API_KEY;
  if (geminiKey) clouds.push({ ...real, name: 'gemini-api', credential: { apiKey: geminiKey } });
  return clouds;
}
