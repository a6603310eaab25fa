import type { LitmusInstruction } from './litmus-instruction.js';
import type { LitmusTest } from './litmus-test.js';
import type { LitmusOperand } from './litmus-operand.js';
import type { Observable } from './observable.js';

/** The parts of a test that can name a location. */
type Naming = Pick<LitmusTest, 'initial' | 'threads' | 'observed'> & {
  readonly addresses: readonly string[];
};

/** Every location that a test names, each once, by name. */
export function collectLocations(naming: Naming): readonly string[] {
  const found = new Set(naming.addresses);
  const noteObservable = (observable: Observable): void => {
    if (observable.kind === 'location') found.add(observable.location);
  };
  for (const { observable, value } of naming.initial) {
    noteObservable(observable);
    if (typeof value === 'string') found.add(value);
  }
  for (const { instructions } of naming.threads)
    for (const { instruction } of instructions)
      for (const operand of operandsOf(instruction)) {
        const location = locationOf(operand);
        if (location !== undefined) found.add(location);
      }
  naming.observed.forEach(noteObservable);
  return [...found].sort();
}

/** The operands of an instruction, source first. */
export function operandsOf(instruction: LitmusInstruction): readonly LitmusOperand[] {
  return 'destination' in instruction ? [instruction.source, instruction.destination] : [];
}

function locationOf(operand: LitmusOperand): string | undefined {
  if (operand.kind === 'memory') return operand.location;
  if (operand.kind === 'immediate' && typeof operand.value === 'string') return operand.value;
  return undefined;
}
