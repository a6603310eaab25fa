import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Machine,
  ProgramBuilder,
  Registers,
  SignalNumber,
  encodeDecision,
  sigaction,
  verifySection,
} from '@rseqlab/sim-machine';
import type { InstalledProgram, Program } from '@rseqlab/sim-machine';
import { emitSection, installSections, rseq } from '../../src/index.js';
import { InterruptingDirector } from './interrupting-director.js';

const { r0, r1, r2, r3, r8, r9, r15 } = Registers;
const { SIGURG } = SignalNumber;
const COMMIT = 77;
const Result = { Committed: 1, Left: 2, Aborted: -1 } as const;

const INSTRUCTIONS = [
  ...['load', 'store', 'compute', 'ahead', 'leave', 'fence', 'pause', 'atomic'],
  ...['back', 'system call', 'return', 'stack'],
] as const;

/** A section; the last pieces break a rule, and so does a section without its commit at the end. */
const drafts = fc.record({
  body: fc.array(
    fc.record({
      kind: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...INSTRUCTIONS.slice(0, 8)) },
        { weight: 1, arbitrary: fc.constantFrom(...INSTRUCTIONS.slice(8)) },
      ),
      n: fc.nat(7),
    }),
    { maxLength: 8 },
  ),
  tail: fc.constantFrom<'store' | 'store, then more'>('store', 'store', 'store, then more'),
  interruptions: fc.array(
    fc.record({ after: fc.nat(14), kind: fc.constantFrom('preempt', 'migrate', 'signal') }),
    { maxLength: 3 },
  ),
});

type Draft = typeof drafts extends fc.Arbitrary<infer Value> ? Value : never;

/** attempt(r1: words of its own, r2: the word it commits to) */
function programOf({ body, tail }: Draft): Program {
  const builder = new ProgramBuilder('random section').label('attempt').li(r3, COMMIT);
  emitSection(builder, {
    name: 'cs',
    body: (b) => {
      for (const [index, { kind, n }] of body.entries()) {
        b.label(`at${index}`);
        const ahead = Math.min(index + 1 + n, body.length);
        if (kind === 'load') b.ld32(r8, r1, 4 * n);
        else if (kind === 'store') b.st32(r9, r1, 4 * n);
        else if (kind === 'compute') b.addi(r9, r8, n);
        else if (kind === 'ahead') b.bne(r8, r9, `at${ahead}`);
        else if (kind === 'leave') b.blt(r8, r9, 'left');
        else if (kind === 'fence') b.fence();
        else if (kind === 'pause') b.pause();
        else if (kind === 'atomic') b.xadd32(r9, r1, 4 * n);
        else if (kind === 'back') b.blt(r8, r9, `at${Math.max(index - n, 0)}`);
        else if (kind === 'system call') b.li(r0, 24).syscall();
        else if (kind === 'return') b.ret();
        else b.addi(r15, r15, -16);
      }
      b.label(`at${body.length}`).st32(r3, r2);
      if (tail !== 'store') b.ld32(r8, r1).nop();
    },
    aborted: (b) => b.li(r0, Result.Aborted).ret(),
  });
  return builder.li(r0, Result.Committed).ret().label('left').li(r0, Result.Left).ret().build();
}

const isSound = (program: Program): boolean =>
  verifySection(program, program.sections[0]!).length === 0;

const machine = new Machine(
  {
    cpus: 2,
    kernel: [rseq()],
    maxThreads: 4,
    memoryBytes: 2 ** 22,
    events: { signals: [SIGURG] },
  },
  new InterruptingDirector([]),
);
let aborts = 0;
machine.events.on('abort', ({ thread }) => {
  if (thread === 0) aborts += 1;
});

/** What one attempt did that its contract forbids; undefined when nothing. */
function breach(
  draft: Draft,
  program: Program,
  install: (program: Program) => InstalledProgram,
): string | undefined {
  const { Preempt, Migrate, Signal } = DecisionKind;
  machine.reset(
    new InterruptingDirector(
      draft.interruptions.map(({ after, kind }, n) => ({
        after,
        decision:
          kind === 'preempt'
            ? encodeDecision(Preempt, 0, n + 1)
            : kind === 'migrate'
              ? encodeDecision(Migrate, 1, 0)
              : encodeDecision(Signal, SIGURG, 0),
        happened: () => undefined,
      })),
    ),
  );
  aborts = 0;
  const process = machine.createProcess('main');
  const words = process.allocate(64);
  const commit = process.allocate(4);
  const attempt = install(program).routine('attempt');
  let result: number | undefined;
  process.spawn(
    function* attempting(t) {
      yield* sigaction(t, SIGURG, function* handler(self) {
        yield* self.load(words);
      });
      if (!t.exec(attempt, words, commit)) yield;
      result = t.result;
    },
    { cpu: 0 },
  );
  for (let n = 0; n < 3; n++)
    process.spawn(
      function* other(t) {
        yield* t.load(words);
      },
      { cpu: 0 },
    );
  const { outcome } = machine.run({ decisions: 2000 });
  if (outcome !== 'finished' || result === undefined) return `it does not end: ${outcome}`;
  const isDone = process.read32(commit) === COMMIT;
  if (isDone !== (result === Result.Committed)) return `result ${result}, committed: ${isDone}`;
  if (aborts > 0 !== (result === Result.Aborted)) return `result ${result}, ${aborts} aborts`;
  return undefined;
}

describe('whatever the verifier accepts', () => {
  it('commits with its last instruction or not at all, and comes to its abort handler', () => {
    const results = { sound: 0, interrupted: 0 };
    fc.assert(
      fc.property(drafts, (draft) => {
        const program = programOf(draft);
        fc.pre(isSound(program));
        results.sound += 1;
        expect(breach(draft, program, (p) => installSections(machine, p))).toBeUndefined();
        if (aborts > 0) results.interrupted += 1;
      }),
      { numRuns: 400 },
    );
    expect(results.interrupted).toBeGreaterThan(40);
  });

  it('is not everything: among what it refuses are sections that break the contract', () => {
    const { failed } = fc.check(
      fc.property(drafts, (draft) => {
        const program = programOf(draft);
        fc.pre(!isSound(program));
        expect(() => installSections(machine, program)).toThrow(
          expect.objectContaining({ code: 'ERR_SECTION' }),
        );
        return breach(draft, program, (p) => machine.install(p)) === undefined;
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(failed).toBe(true);
  });
});

describe('a section that leaves for code with a section of its own', () => {
  it('is over then: an abort of the callee goes to the callee’s handler', () => {
    const builder = new ProgramBuilder('caller and callee').label('attempt').li(r3, COMMIT);
    emitSection(builder, {
      name: 'caller',
      body: (b) => b.ld32(r8, r1).beq(r8, r8, 'callee').st32(r3, r1),
      aborted: (b) => b.li(r0, -1).ret(),
    });
    builder.ret().label('callee');
    emitSection(builder, {
      name: 'inner',
      body: (b) => b.ld32(r8, r2).st32(r3, r2),
      aborted: (b) => b.li(r0, -2).ret(),
    });
    const program = builder.li(r0, 1).ret().build();
    const seen = new Set<number>();
    for (let after = 0; after < 30; after++) {
      const decision = encodeDecision(DecisionKind.Migrate, 1, 0);
      machine.reset(new InterruptingDirector([{ after, decision, happened: () => undefined }]));
      const process = machine.createProcess('main');
      const words = process.allocate(64);
      const attempt = installSections(machine, program).routine('attempt');
      process.spawn(
        function* attempting(t) {
          if (!t.exec(attempt, words, words + 4)) yield;
          seen.add(t.result);
          expect(process.read32(words + 4) === COMMIT).toBe(t.result === 1);
        },
        { cpu: 0 },
      );
      expect(machine.run({ decisions: 1000 }).outcome).toBe('finished');
      expect(process.read32(words)).toBe(0);
    }
    expect([...seen].sort()).toEqual([-1, -2, 1]);
  });
});
