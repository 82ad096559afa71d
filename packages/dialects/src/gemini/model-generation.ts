// What changes between generations of models and is not in the catalog: read from the model's name.

/**
 * 3 for `gemini-3.5-flash`, and for names such as `gemini-flash-latest`; 2 for what has no number
 * of its own (tuned models, gemma), which are built on earlier ones.
 */
export function generationOf(modelName: string): number {
  const number = /gemini-(\d+)/.exec(modelName)?.[1];
  if (number !== undefined) return Number(number);
  return /gemini-.*latest/.test(modelName) ? 3 : 2;
}
