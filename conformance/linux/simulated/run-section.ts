import { SignalContext, SignalNumber, sigaction } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RseqOffset } from '@rseqlab/rseq-runtime';
import type { CaseContext } from './case-context.js';
import { beginEvent, endEvent } from './section-events.js';
import { SectionResult } from './section-program.js';

/** Where the thread is while the event happens. */
export type SectionPlace = 'inside' | 'outside' | 'unarmed';

const RESULT_TEXT: Readonly<Record<number, string>> = {
  [SectionResult.Committed]: 'committed',
  [SectionResult.Aborted]: 'aborted',
  [SectionResult.Passed]: 'passed',
};

/** Runs the section, or a loop outside of it, under an event. */
export function* runSection(
  t: Thread,
  context: CaseContext,
  place: SectionPlace,
  event: string,
): Operation<void> {
  const { memory, section, values } = context;
  yield* sigaction(t, SignalNumber.SIGUSR1, function* onSignal(self, _signal, info) {
    const ip = yield* self.load(info.context + SignalContext.Ip);
    const rseqCs = yield* self.load(memory.a + RseqOffset.rseqCs);
    context.frame = { ip, rseqCs };
  });
  const helper = yield* beginEvent(t, event, memory.attempt, memory.touched);
  const routine = section.routine(place === 'inside' ? 'inside' : 'outside');
  // Where nothing is armed the store goes to a word that nobody looks at.
  const armedAt = place === 'unarmed' ? memory.b : memory.a + RseqOffset.rseqCs;
  const result = yield* t.call(routine, memory.attempt, armedAt, memory.armed);
  context.left = yield* t.load(armedAt);
  yield* endEvent(t, helper);
  values.push(RESULT_TEXT[result] ?? String(result));
}

/** Prints where the last signal found the thread, and whether the section was still armed then. */
export function printFrame({ frame, section, values }: CaseContext): void {
  if (frame === undefined) {
    values.push('no-signal-in-the-section');
    return;
  }
  const { ip, rseqCs } = frame;
  const inside = ip >= section.addressOf('start') && ip < section.addressOf('end');
  const place = ip === section.addressOf('abort') ? 'abort_ip' : inside ? 'inside' : 'elsewhere';
  values.push(`ip=${place}`, `rseq_cs=${rseqCs === 0 ? '0' : 'armed'}`);
}
