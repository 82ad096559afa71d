// Whose model it is, from its name on Bedrock: an id (`us.anthropic.claude-sonnet-5`), an ARN that
// ends in one, or an ARN that tells nothing.

/** Vendors beside anthropic whose models reason here. */
const others = /(?:^|[./])(amazon|deepseek|google|openai|qwen)[./]/;

/** Who signs what the model thinks; anthropic where a name tells nothing: no one else does. */
export function issuerOf(model: string): string {
  return others.exec(model)?.[1] ?? 'anthropic';
}
