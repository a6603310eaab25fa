import type { FieldType } from '../fields/field-type.js';
import type { TraceClass } from '../metadata/trace-class.js';

/** Names of clocks that integers are the times of and that metadata does not define. */
export function undefinedClocks(trace: TraceClass): Set<string> {
  const types: (FieldType | undefined)[] = [trace.packetHeader];
  for (const stream of trace.streams.values()) {
    types.push(stream.packetContext, stream.eventHeader, stream.eventContext);
    for (const event of stream.events.values()) types.push(event.context, event.fields);
  }
  const names = new Set<string>();
  for (const type of types) if (type !== undefined) collect(type, names);
  return new Set([...names].filter((name) => !trace.clocks.has(name)));
}

function collect(type: FieldType, names: Set<string>): void {
  switch (type.kind) {
    case 'integer':
      if (type.clock !== undefined) names.add(type.clock);
      return;
    case 'enumeration':
      collect(type.container, names);
      return;
    case 'structure':
      for (const field of type.fields) collect(field.type, names);
      return;
    case 'variant':
      for (const option of type.options) collect(option.type, names);
      return;
    case 'array':
    case 'sequence':
      collect(type.element, names);
      return;
    case 'float':
    case 'string':
  }
}
