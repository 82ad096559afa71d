// Whose model it is, from its name on Bedrock: an id (`us.anthropic.claude-sonnet-5`), an ARN that
// ends in one, or an ARN that tells nothing.

/** Vendors beside anthropic whose models reason here. */
const others = /(?:^|[./])(amazon|deepseek|google|openai|qwen)[./]/;

/** Who is taken to have signed where nothing tells who: no one else does where names are silent. */
export const usualIssuer = 'anthropic';

/** Who signs what the model thinks. */
export function issuerOf(model: string): string {
  return others.exec(model)?.[1] ?? usualIssuer;
}
