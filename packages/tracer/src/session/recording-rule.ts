import type { EventDefinition } from '../events/event-definition.js';
import { compileGlob } from '../filter/glob.js';
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
  /** Which of them: a condition on fields and contexts, see {@link ProbeOptions.filter}. */
  readonly filter?: string;
}

/**
 * Makes a rule into a function, once.
 *
 * @throws TracerError `ERR_RULE` for a name that no event can have, or two log levels
 */
export function compileRule(rule: RecordingRule): (event: EventDefinition) => boolean {
  const isNamed = compileName(rule.name ?? '*');
  const excluded = (rule.exclude ?? []).map(compileName);
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

function compileName(glob: string): (name: string) => boolean {
  if (!/^[A-Za-z0-9_:*]+$/.test(glob))
    throw new TracerError(
      'ERR_RULE',
      `expected a name of events with "*" for any characters, got ${JSON.stringify(glob)}`,
    );
  return compileGlob(glob.split('*'));
}
