// Case 12: a debugger that single-steps aborts every section; the event is lost and counted, not waited for.
import { expect, it } from 'vitest';
import {
  Machine,
  SignalNumber,
  TimedDirector,
  fork,
  ptraceSingleStep,
  ptraceTraceMe,
  raise,
  waitpid,
} from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RecordOutcome } from '../../src/ring/ring-buffers.js';
import { lossOffset } from '../../src/ring/ring-layout.js';
import { RING_VARIANT } from '../../src/ring/ring-variant.js';
import { SMALL, ringContent } from '../ring/ring-scenario.js';

const ATTEMPTS = 5;

it('a record under a debugger that steps through it is lost after some attempts, and others are not', () => {
  const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const variant = { ...RING_VARIANT, attempts: ATTEMPTS };
  const buffers = RingBuffers.create(machine, process, SMALL, variant);
  const outcomes: RecordOutcome[] = [];
  let lost = 0;
  let aborts = 0;
  machine.events.on('abort', () => (aborts += 1));
  process.spawn(function* debuggerOfTheChild(t) {
    const child = yield* fork(t, function* traced(c) {
      yield* ptraceTraceMe(c);
      yield* raise(c, SignalNumber.SIGSTOP);
      outcomes.push(yield* buffers.record(c, 0, [100]));
      lost = yield* c.load(buffers.ringOf(0) + lossOffset('interrupted'));
    });
    for (;;) {
      const { status } = yield* waitpid(t, child);
      if (status?.kind !== 'stopped') break;
      yield* ptraceSingleStep(t, child);
    }
    outcomes.push(yield* buffers.record(t, 1, [101]));
  });
  expect(machine.run({ decisions: 100_000 }).outcome).toBe('finished');
  expect(outcomes).toEqual([{ loss: 'interrupted' }, { cpu: 0 }]);
  expect(lost).toBe(1);
  expect(aborts).toBeGreaterThanOrEqual(ATTEMPTS);
  expect(ringContent(buffers, 0).records.map(({ event }) => event)).toEqual([1]);
});
