import { UsageError } from '../../command.ts';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * The Unix ms that `--since` and `--until` mean: `2026-11-01` (UTC), `2026-11-01T12:00Z`, or so
 * long before `nowMs`: `30m`, `24h`, `7d`. null when the option was not given.
 */
export function moment(option: string, value: unknown, nowMs: number): number | null {
  if (typeof value !== 'string') return null;
  const ago = /^(\d{1,6})([smhd])$/.exec(value);
  if (ago !== null) return nowMs - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs];
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || !value.includes('T') ? value : `${value}Z`;
  const atMs = isoDate.test(value) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError(`${option} ${value} is no moment: write 2026-11-01, or 24h for a day ago.`);
}
