// How often a property is tried: a fixed seed and a bounded number, or what the environment says
// (npm run fuzz -- --properties 20000).

export const seed: number = Number(process.env.PROPERTY_SEED ?? 1);

/** `usual` is what fits a few seconds. */
export function runs(usual: number): { readonly seed: number; readonly numRuns: number } {
  return { seed, numRuns: Number(process.env.PROPERTY_RUNS ?? usual) };
}
