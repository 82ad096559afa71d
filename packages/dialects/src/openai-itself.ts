import type { TargetModel } from './dialect.ts';

/** What holds for models of openai only where openai itself, or Azure for it, serves them. */
export function isOpenaiItself({ vendor, host }: TargetModel): boolean {
  return vendor === 'openai' && host === undefined;
}
