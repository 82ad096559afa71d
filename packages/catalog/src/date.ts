// Days as ISO text (`2026-06-01`): they compare as strings, and no clock or zone is involved.

const form = /^(\d{4})-(\d{2})-(\d{2})$/;
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The same text. Throws RangeError when it is not a day as YYYY-MM-DD. */
export function checkedDate(text: string): string {
  if (isDate(text)) return text;
  throw new RangeError(`not a day as YYYY-MM-DD: ${JSON.stringify(text)}`);
}

/** Whether `text` is a day that exists, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const match = form.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : daysIn[month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
