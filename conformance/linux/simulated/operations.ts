import { SyscallNumber, setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset, rseqAuxiliaryValue } from '@rseqlab/rseq-runtime';
import type { RseqAuxiliary } from '@rseqlab/rseq-runtime';
import { resultText } from './case-context.js';
import type { CaseContext } from './case-context.js';
import { AREA_FIELDS, addressOf, describeSection, unmapAreaA } from './case-memory.js';
import { printConfiguration } from './configuration.js';
import { printFrame, runSection } from './run-section.js';

const OTHER_SIGNATURE = 0x12345678;

type Run = (t: Thread, context: CaseContext, operands: readonly string[]) => Operation<void>;

function numberOf(word: string | undefined): number {
  if (word === 'S') return RSEQ_SIGNATURE;
  if (word === 'T') return OTHER_SIGNATURE;
  return Number(word) | 0;
}

function fieldOf({ memory }: CaseContext, name = ''): number {
  const offset = AREA_FIELDS[name];
  if (offset === undefined) throw new RangeError(`expected a field of the area, got ${name}`);
  return memory.a + offset;
}

/** The operations of a script by their names; native/script.c says what each is. */
export const OPERATIONS: Readonly<Record<string, Run>> = {
  *rseq(t, { memory, values }, [area = '', length, flags, signature]) {
    const address = addressOf(memory, area);
    const rest = [length, flags, signature].map(numberOf);
    values.push(resultText(yield* t.syscall(SyscallNumber.rseq, address, ...rest)));
  },
  *membarrier(t, { values }, words) {
    const [command, flags, cpu] = words.map(numberOf);
    values.push(resultText(yield* t.syscall(SyscallNumber.membarrier, command, flags, cpu)));
  },
  *field(t, context, [name]) {
    const { memory, values } = context;
    if (name !== 'rseq_cs') {
      values.push(String(yield* t.load(fieldOf(context, name))));
      return;
    }
    const low = yield* t.load(memory.a + RseqOffset.rseqCs);
    const high = yield* t.load(memory.a + RseqOffset.rseqCsHigh);
    values.push(low === 0 && high === 0 ? '0' : low === memory.armed ? 'armed' : 'other');
  },
  *set(t, context, [name, value]) {
    yield* t.store(fieldOf(context, name), numberOf(value));
  },
  *arm(t, { memory }) {
    yield* t.store(memory.a + RseqOffset.rseqCs, memory.armed);
  },
  *describe(t, { memory, section }, words) {
    yield* describeSection(t, memory, section, words);
  },
  *inside(t, context, [event = '']) {
    yield* runSection(t, context, 'inside', event);
  },
  *outside(t, context, [event = '']) {
    yield* runSection(t, context, 'outside', event);
  },
  *unarmed(t, context, [event = '']) {
    yield* runSection(t, context, 'unarmed', event);
  },
  *frame(_t, context) {
    printFrame(context);
  },
  *left(_t, { values, left }) {
    values.push(left === 0 ? 'rseq_cs=0' : 'rseq_cs=armed');
  },
  *pin(t, _context, [cpu]) {
    yield* setAffinity(t, [numberOf(cpu)]);
  },
  *unmap(t, { memory }) {
    yield* unmapAreaA(t, memory);
  },
  *auxv(_t, { values, profile }, [entry]) {
    values.push(String(rseqAuxiliaryValue(profile, numberOf(entry) as RseqAuxiliary)));
  },
  *configuration(t, context) {
    yield* printConfiguration(t, context);
  },
};

/** Operations that the machine has nothing for, and why; none by now. */
export const INEXPRESSIBLE: Readonly<Record<string, string>> = {};
