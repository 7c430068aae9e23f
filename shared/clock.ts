import type { Moment } from './words.ts';

/** Epoch milliseconds or RFC 3339. */
export type Instant = number | string;

/** Tells times in one zone and language. */
export interface Clock {
  /** `HH:MM`, 24 hours. */
  time(at: Instant): string;
  /** The calendar day as `YYYY-MM-DD`. */
  day(at: Instant): string;
  /** Day, date and time in full. */
  full(at: Instant): string;
  /** The name of the day: "today" and "yesterday" as seen from `now`, else the weekday. */
  dayName(at: Instant, now: Instant): string;
  /** Day and month, and the year only when it is not that of `now`. */
  date(at: Instant, now: Instant): string;
  /** Without a date when `at` is on the same day as `beside`, the time it is read next to. */
  moment(at: Instant, beside: Instant): Moment;
}

const clocks = new Map<string, Clock>();

/** Kept for good: formatters are slow to make, rows are drawn on each message, and zones and languages are few. */
export function clockFor(locale: string, timeZone: string): Clock {
  const name = `${locale} ${timeZone}`;
  const clock = clocks.get(name) ?? makeClock(locale, timeZone);
  clocks.set(name, clock);
  return clock;
}

function makeClock(locale: string, timeZone: string): Clock {
  const format = (options: Intl.DateTimeFormatOptions, language = locale) => {
    const formatter = new Intl.DateTimeFormat(language, { timeZone, ...options });
    return (at: Instant) => formatter.format(new Date(at));
  };
  const time = format({ timeStyle: 'short', hourCycle: 'h23' });
  // Swedish dates are ISO dates.
  const day = format({}, 'sv');
  const full = format({ dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' });
  const inYear = format({ day: 'numeric', month: 'long' });
  const inFull = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const date = (at: Instant, now: Instant) => (day(at).slice(0, 4) === day(now).slice(0, 4) ? inYear(at) : inFull(at));
  const weekday = format({ weekday: 'long' });
  const near = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    time,
    day,
    full,
    dayName(at, now) {
      const days = (Date.parse(day(at)) - Date.parse(day(now))) / 86_400_000;
      return days === 0 || days === -1 ? near.format(days, 'day') : weekday(at);
    },
    date,
    moment: (at, beside) => ({ time: time(at), date: day(at) === day(beside) ? undefined : date(at, beside) }),
  };
}
