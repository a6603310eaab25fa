import type { EventDefinition } from '../events/event-definition.js';
import type { LogLevel } from '../events/log-level.js';
import { TracerError } from '../tracer-error.js';

/**
 * Which events a channel records: those that all of its conditions hold for.
 *
 * @source lttng-enable-event(1)
 */
export interface RecordingRule {
  /** Name of the events; `*` stands for any characters. Default `*`. */
  readonly name?: string;
  /** Names, in the same way, of events that are not meant. */
  readonly exclude?: readonly string[];
  /** At least as important as this: an equal or a lower number. */
  readonly atLeast?: LogLevel;
  /** Exactly this important. */
  readonly exactly?: LogLevel;
}

/**
 * Makes a rule into a function, once.
 *
 * @throws TracerError `ERR_RULE` for a name that no event can have, or two log levels
 */
export function compileRule(rule: RecordingRule): (event: EventDefinition) => boolean {
  const isNamed = compileGlob(rule.name ?? '*');
  const excluded = (rule.exclude ?? []).map(compileGlob);
  const { atLeast, exactly } = rule;
  if (atLeast !== undefined && exactly !== undefined)
    throw new TracerError(
      'ERR_RULE',
      `expected atLeast or exactly as log level of a rule, got both: ${atLeast} and ${exactly}`,
    );
  return ({ name, logLevel }) =>
    isNamed(name) &&
    !excluded.some((isExcluded) => isExcluded(name)) &&
    (atLeast === undefined || logLevel <= atLeast) &&
    (exactly === undefined || logLevel === exactly);
}

function compileGlob(glob: string): (name: string) => boolean {
  if (!/^[A-Za-z0-9_:*]+$/.test(glob))
    throw new TracerError(
      'ERR_RULE',
      `expected a name of events with "*" for any characters, got ${JSON.stringify(glob)}`,
    );
  const parts = glob.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return (name) => name === glob;
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first)) return false;
    if (!name.endsWith(last)) return false;
    // What is between two stars is found as early as it can be: the rest has most room then.
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}
