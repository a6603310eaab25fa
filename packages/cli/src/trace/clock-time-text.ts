/**
 * Makes a function that writes whole seconds since 1970 as a time of day.
 *
 * Events of the same second come one after the other: the last one is remembered.
 */
export function clockTimeText({
  isUtc,
  hasDate,
}: {
  readonly isUtc: boolean;
  readonly hasDate: boolean;
}): (seconds: bigint) => string {
  let [lastSeconds, lastText]: [bigint, string] = [-1n, ''];
  return (seconds) => {
    if (seconds !== lastSeconds) {
      lastSeconds = seconds;
      lastText = timeText(new Date(Number(seconds) * 1000), isUtc, hasDate);
    }
    return lastText;
  };
}

function timeText(date: Date, isUtc: boolean, hasDate: boolean): string {
  const minutes = isUtc ? 0 : date.getTimezoneOffset();
  const shown = new Date(date.getTime() - minutes * 60_000);
  // What is beyond the calendar stays a number.
  if (Number.isNaN(shown.getTime())) return String(date.getTime() / 1000);
  const [day, time] = shown.toISOString().split('T') as [string, string];
  return `${hasDate ? `${day} ` : ''}${time.slice(0, 8)}`;
}
