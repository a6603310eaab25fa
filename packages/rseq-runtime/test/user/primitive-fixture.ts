import fc from 'fast-check';
import {
  DecisionKind,
  Machine,
  SignalNumber,
  encodeDecision,
  sigaction,
} from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import {
  PerCpuPrimitives,
  PrimitiveOutcome,
  SectionPrimitive,
  addv,
  cmpeqvCmpeqvStorev,
  cmpeqvStorev,
  cmpeqvTrymemcpyStorev,
  cmpeqvTrystorevStorev,
  cmpnevStoreoffpLoad,
  cpuOpv,
  cpuOpvFallback,
  currentIndex,
  offsetDerefAddv,
  rseq,
} from '../../src/index.js';
import type {
  CommitOrder,
  IndexKind,
  PrimitiveDefinition,
  PrimitiveResult,
  ReferenceMemory,
} from '../../src/index.js';
import { InterruptingDirector } from './interrupting-director.js';
import { cidOn, numberedThreads } from './numbered-threads.js';

const CPUS = 2;
const OTHERS = 3;
const COPY_BYTES = 8;
const { SIGURG } = SignalNumber;

/** Every primitive. */
export const DEFINITIONS: readonly PrimitiveDefinition[] = [
  cmpeqvStorev,
  cmpnevStoreoffpLoad,
  addv,
  offsetDerefAddv,
  cmpeqvTrystorevStorev,
  cmpeqvCmpeqvStorev,
  cmpeqvTrymemcpyStorev(COPY_BYTES),
];

/** Words that a primitive works on: 0 to 3 for `v`, 4 and 5 for what is tried, 6 and 7 to copy. */
const WORDS = 8;
/** First of the words that an aborted attempt may have changed. */
const TRIED = 4;
const TRIED_END = 6;

const word = fc.nat(3);

/** What happens to the thread, and how the word of another changes while it is not looking. */
const interruption = fc.record({
  after: fc.nat(14),
  kind: fc.constantFrom('preempt', 'migrate', 'signal' as const),
  changed: word,
  to: word,
});

/** One attempt: initial words and arguments as numbers of words, and what interrupts it. */
export const attempts = fc.record({
  words: fc.array(word, { minLength: WORDS, maxLength: WORDS }),
  args: fc.record({
    v: word,
    expect: word,
    v2: fc.integer({ min: TRIED, max: TRIED_END - 1 }),
    value: word,
    off: fc.nat(1),
  }),
  interruptions: fc.array(interruption, { maxLength: 3 }),
});

/** One attempt, see {@link attempts}. */
export type Attempt = typeof attempts extends fc.Arbitrary<infer Value> ? Value : never;

/** Where a primitive runs. */
export interface Setting {
  readonly definition: PrimitiveDefinition;
  readonly order: CommitOrder;
  readonly index: IndexKind;
  readonly memory: 'sc' | 'tso';
  readonly aborts?: boolean;
  /** Whether an aborted attempt is done by cpu_opv. */
  readonly fallback?: boolean;
}

/** What an attempt gave, and what it may give. */
export interface Observed {
  readonly result: PrimitiveResult;
  readonly words: readonly number[];
  readonly allowed: readonly { result: PrimitiveResult; words: readonly number[] }[];
  /** Signals that came, and what the handler's own section counted. */
  readonly signals: number;
  readonly counted: number;
}

type Change = (words: Int32Array) => void;

/** A machine on which one primitive is attempted again and again. */
export class PrimitiveMachine {
  readonly #setting: Setting;
  readonly #machine: Machine;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#machine = new Machine(
      {
        cpus: CPUS,
        memory: setting.memory,
        kernel: [rseq({ aborts: setting.aborts ?? true }), numberedThreads(CPUS), cpuOpv()],
        maxThreads: OTHERS + 1,
        memoryBytes: 2 ** 22,
        events: { signals: [SIGURG] },
      },
      new InterruptingDirector([]),
    );
  }

  /** Makes one attempt. */
  attempt({ words, args, interruptions }: Attempt): Observed {
    const setting = this.#setting;
    const { definition, order, index } = setting;
    const machine = this.#machine;
    const changes: Change[] = [];
    let signals = 0;
    let base = 0;
    machine.reset(
      new InterruptingDirector(
        interruptions.map(({ after, kind, changed, to }, n) => ({
          after,
          decision: decisionOf(kind, n),
          happened: () => {
            if (kind === 'signal') {
              // A signal leaves the store buffer as it is: a change from outside would overtake it.
              signals += 1;
              if (setting.memory === 'tso') return;
            }
            process.write32(base + 4 * changed, base + 4 * to);
            changes.push((copy) => (copy[changed] = base + 4 * to));
          },
        })),
      ),
    );
    const process = machine.createProcess('main');
    base = process.allocate(4 * WORDS);
    const count = process.allocate(4);
    const fallback =
      setting.fallback === true ? { fallback: cpuOpvFallback(machine, process) } : {};
    // The handler uses the same fallback, in the middle of the attempt's.
    const own = PerCpuPrimitives.create(machine, process, { index: 'cpu_id', ...fallback });
    const primitive = new SectionPrimitive(machine, definition, { order, index, ...fallback });
    for (const [n, value] of words.entries()) process.write32(base + 4 * n, base + 4 * value);
    const initial = Int32Array.from(words, (value) => base + 4 * value);
    const cpu = index === 'cpu_id' ? 0 : cidOn(0, CPUS);
    const list = argumentsOf(definition, base, args, cpu);
    let result: PrimitiveResult | undefined;
    process.spawn(
      function* attempting(t) {
        yield* sigaction(t, SIGURG, function* handler(self) {
          let outcome: PrimitiveOutcome;
          do {
            const on = yield* currentIndex(self, 'cpu_id');
            ({ outcome } = yield* own.addv.run(self, count, 1, on));
          } while (outcome !== PrimitiveOutcome.Committed);
        });
        result = yield* primitive.run(t, ...list);
      },
      { cpu: 0 },
    );
    for (let n = 0; n < OTHERS; n++)
      process.spawn(
        function* other(t) {
          yield* t.load(count);
        },
        { cpu: 0 },
      );
    const { outcome } = machine.run({ decisions: 1000 });
    if (outcome !== 'finished' || result === undefined || process.exitStatus !== 0)
      throw new Error(`expected the attempt to end, got ${outcome}`);
    return {
      result,
      words: Array.from({ length: WORDS }, (_, n) => process.read32(base + 4 * n)),
      allowed: allowed(definition, list, initial, base, changes, result),
      signals,
      counted: process.read32(count),
    };
  }
}

/** Every result that is right: the primitive at once between two changes, or not at all. */
function allowed(
  definition: PrimitiveDefinition,
  args: readonly (number | undefined)[],
  initial: Int32Array,
  base: number,
  changes: readonly Change[],
  got: PrimitiveResult,
): Observed['allowed'] {
  const none = initial.slice();
  for (const change of changes) change(none);
  if (got.outcome === PrimitiveOutcome.Aborted) return [{ result: got, words: [...none] }];
  return Array.from({ length: changes.length + 1 }, (_, at) => {
    const words = initial.slice();
    for (const change of changes.slice(0, at)) change(words);
    const memory: ReferenceMemory = {
      load: (address) => words[(address - base) >> 2]!,
      store: (address, value) => {
        words[(address - base) >> 2] = value;
      },
    };
    const result = definition.reference(memory, args as readonly number[]);
    for (const change of changes.slice(at)) change(words);
    return { result, words: [...words] };
  });
}

/**
 * Words that count: all but those that an aborted attempt may have tried to store to. With a fallback
 * that is any which did not commit: there may have been an attempt before.
 */
export function settled(
  { result, words }: Pick<Observed, 'result' | 'words'>,
  hasFallback = false,
): unknown {
  const { outcome } = result;
  const isAborted = hasFallback
    ? outcome !== PrimitiveOutcome.Committed
    : outcome === PrimitiveOutcome.Aborted;
  return {
    result,
    words: words.map((value, n) => (isAborted && n >= TRIED && n < TRIED_END ? 'any' : value)),
  };
}

function argumentsOf(
  { parameters }: PrimitiveDefinition,
  base: number,
  args: Attempt['args'],
  cpu: number,
): [number, number, number, number?, number?, number?] {
  const at = (n: number): number => base + 4 * n;
  const values: Readonly<Record<string, number>> = {
    v: at(args.v),
    ptr: at(args.v),
    expect: at(args.expect),
    expectnot: at(args.expect),
    expect2: at(args.value),
    newv: at(args.value),
    newv2: at(args.expect),
    v2: at(args.v2),
    off: 4 * args.off,
    voffp: 4 * args.off,
    count: args.value - 2,
    inc: args.value - 2,
    dst: at(TRIED),
    src: at(TRIED_END),
    cpu,
  };
  return parameters.map((name) => values[name]!) as [number, number, number];
}

function decisionOf(kind: 'preempt' | 'migrate' | 'signal', n: number): Decision {
  switch (kind) {
    case 'preempt':
      return encodeDecision(DecisionKind.Preempt, 0, n + 1);
    case 'migrate':
      return encodeDecision(DecisionKind.Migrate, 1, 0);
    case 'signal':
      return encodeDecision(DecisionKind.Signal, SIGURG, 0);
  }
}
