/** Civil dates `YYYY-MM-DD` in the school's zone, without the device's own zone. */

export const SCHOOL_ZONE = 'Europe/Simferopol';

const DAY_MS = 86_400_000;

function parse(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return Date.UTC(year ?? 1970, (month ?? 1) - 1, day ?? 1);
}

function print(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function isDate(text: string | null | undefined): text is string {
  return !!text && /^\d{4}-\d{2}-\d{2}$/.test(text) && print(parse(text)) === text;
}

export function addDays(date: string, days: number): string {
  return print(parse(date) + days * DAY_MS);
}

/** 0 = Monday … 6 = Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(parse(date)).getUTCDay() + 6) % 7;
}

export function mondayOf(date: string): string {
  return addDays(date, -weekdayOf(date));
}

export function monthOf(date: string): number {
  return Number(date.slice(5, 7)) - 1;
}

export function dayOf(date: string): number {
  return Number(date.slice(8, 10));
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

const zoned = new Intl.DateTimeFormat('en-GB', {
  timeZone: SCHOOL_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Date and time of day of an instant in the school's zone. */
export function inSchool(instant: string | number): { date: string; time: string } {
  const parts: Record<string, string> = {};
  for (const { type, value } of zoned.formatToParts(new Date(instant))) parts[type] = value;
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    time: `${parts['hour']}:${parts['minute']}`,
  };
}
