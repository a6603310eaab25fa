import {
  DecisionKind,
  REGISTER_STRIDE,
  RegisterFile,
  TimedDirector,
  decisionKind,
  decisionX,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, Machine } from '@rseqlab/sim-machine';

const TICK_CYCLES = 20_000;

/** Simulated time, with one page taken away just before a given instruction accesses it. */
export class SwappingDirector implements Director {
  readonly name = 'swapping';
  readonly scheduling = 'policy';
  readonly granularity = 'instruction';
  readonly #timed = new TimedDirector({ tickCycles: TICK_CYCLES, quantumCycles: 50 });
  #ip = 0;
  #machine: Machine | undefined;

  /** Has the page that the instruction at `ip` accesses taken away, once. */
  takePageAt(ip: number, machine: Machine): void {
    this.#ip = ip;
    this.#machine = machine;
  }

  start(point: DecisionPoint): void {
    this.#timed.start(point);
  }

  decide(point: DecisionPoint): Decision {
    const machine = this.#machine;
    if (machine === undefined) return this.#timed.decide(point);
    const { registers } = machine.threads;
    for (const cpu of point.possibleCpus) {
      const thread = point.currentOn(cpu);
      if (thread < 0 || registers[thread * REGISTER_STRIDE + RegisterFile.Ip] !== this.#ip)
        continue;
      this.#machine = undefined;
      return encodeDecision(DecisionKind.PageOut, 0, thread);
    }
    const decision = this.#timed.decide(point);
    // One instruction at a time, not to miss it.
    return decisionKind(decision) === DecisionKind.Step
      ? encodeDecision(DecisionKind.Step, decisionX(decision), 1)
      : decision;
  }

  choose(): number {
    return this.#timed.choose();
  }
}
