import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { LogLevel } from '../events/log-level.js';

/** Defines an event of the kernel, whose name has no provider. */
export function defineKernelEvent<const Fields extends EventFields>(
  name: string,
  fields: Fields,
): EventDefinition<Fields> {
  return { name, logLevel: LogLevel.EMERG, fields };
}
