import {
  MembarrierCommand,
  SignalContext,
  SignalNumber,
  membarrier,
  sigaction,
} from '@rseqlab/sim-machine';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { migrate, pageIn, pageOut, preempt, signal, step, tick } from '../../hand-machine.js';
import { SectionMachine } from '../section-fixture.js';

/** What can happen to a thread inside of its section. */
export type SectionEvent =
  | 'preempt'
  | 'migrate'
  | 'signal'
  | 'membarrier'
  | 'sleeping fault'
  | 'minor fault'
  | 'tick without reschedule';

/** Instructions of the section: a load, an addition, a store. */
export const INSTRUCTIONS = ['first', 'second', 'commit'] as const;

/** The address of an instruction of the section. */
export function addressOf(machine: SectionMachine, label: (typeof INSTRUCTIONS)[number]): number {
  return label === 'second'
    ? machine.section.addressOf('first') + 4
    : machine.section.addressOf(label);
}

/** A thread in a section, with whom it takes to let any event come. */
export class EventMachine extends SectionMachine {
  /** Where a signal handler was when it ran. */
  readonly handled: number[] = [];
  readonly #done: string[] = [];
  #mayGo = false;

  constructor(options: RseqOptions) {
    super({ options });
    const done = this.#done;
    const { handled } = this;
    const mayGo = (): boolean => this.#mayGo;
    this.process.spawn(
      function* idle(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    this.process.spawn(
      function* sibling(t) {
        yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(self, _number, info) {
          handled.push(yield* self.load(info.context + SignalContext.Ip));
        });
        yield* membarrier(t, MembarrierCommand.RegisterPrivateExpeditedRseq);
        done.push('registered');
        while (!mayGo()) yield* t.fence();
        yield* membarrier(t, MembarrierCommand.PrivateExpeditedRseq);
        done.push('membarrier');
        for (;;) yield* t.fence();
      },
      { cpu: 1 },
    );
    this.#sibling('registered');
  }

  /** Lets an event come to thread 0, and brings it back to user mode. */
  let(event: SectionEvent): void {
    switch (event) {
      case 'preempt':
        this.decide(preempt(0, 1), preempt(0, 0));
        break;
      case 'migrate':
        this.decide(migrate(0, 2));
        break;
      case 'signal':
        this.decide(signal(SignalNumber.SIGUSR1, 0));
        break;
      case 'membarrier':
        this.#mayGo = true;
        this.#sibling('membarrier');
        break;
      case 'sleeping fault':
        this.decide(pageOut(0), step(0));
        this.decide(pageIn(0));
        if (this.machine.cpus.current[0] !== 0 && !this.process.exited) this.decide(preempt(0, 0));
        break;
      case 'minor fault':
        this.decide(step(0));
        break;
      case 'tick without reschedule':
        this.decide(tick(0));
    }
  }

  #sibling(until: string): void {
    for (let steps = 0; steps < 100 && !this.#done.includes(until); steps++) this.decide(step(1));
  }
}
