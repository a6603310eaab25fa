import { expect } from 'vitest';
import { NO_DECISION } from '../../src/director/decision.js';
import type { Director } from '../../src/director/director.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import type { TimedOptions } from '../../src/director/timed-director.js';
import type { Operation } from '../../src/kernel/operation.js';
import type { Process } from '../../src/kernel/process.js';
import type { SpawnOptions } from '../../src/kernel/spawn-options.js';
import type { Thread } from '../../src/kernel/thread.js';
import { checkConfig } from '../../src/machine-config.js';
import type { MachineConfig } from '../../src/machine-config.js';
import type { DecisionParts } from '../../src/composition/decision-parts.js';
import type { Hardware } from '../../src/composition/hardware.js';
import type { KernelParts } from '../../src/composition/kernel-parts.js';
import { MachineParts } from '../../src/machine-parts.js';
import { Machine } from '../../src/machine.js';

/** A machine with one process, for programs that run to their end. */
export class Laboratory {
  readonly machine: Machine;
  readonly process: Process;

  constructor(config: MachineConfig, director: Director = new TimedDirector()) {
    this.machine = new Machine(config, director);
    this.process = this.machine.createProcess('main');
  }

  static timed(config: MachineConfig, options: TimedOptions = {}): Laboratory {
    return new Laboratory(config, new TimedDirector(options));
  }

  /** A zeroed word. */
  word(value = 0): number {
    const address = this.process.allocate(4);
    if (value !== 0) this.process.write32(address, value);
    return address;
  }

  spawn(body: (t: Thread) => Operation<unknown>, options?: SpawnOptions): Thread {
    return this.process.spawn(body, options);
  }

  /** Runs until all threads have exited. */
  finish(): void {
    expect(this.machine.run({ decisions: 2_000_000 }).outcome).toBe('finished');
  }

  /** Runs one thread to its end and returns what its program returns. */
  run<Result>(body: (t: Thread) => Operation<Result>, options?: SpawnOptions): Result {
    const results: Result[] = [];
    this.spawn(function* only(t) {
      results.push(yield* body(t));
    }, options);
    this.finish();
    const [result] = results;
    if (results.length !== 1) throw new Error('the program did not return');
    return result!;
  }
}

type Fields<Class> = Pick<Class, keyof Class>;

/** All parts of a machine side by side. */
export type FlatParts = Fields<Omit<MachineParts, 'reset'>> &
  Fields<Omit<Hardware, 'reset'>> &
  Fields<Omit<KernelParts, 'reset' | 'forget' | 'enter'>> &
  Fields<DecisionParts>;

/** The parts of a machine, for tests that act as another part of the kernel would. */
export function machineParts(
  config: MachineConfig,
  director: Director = new TimedDirector(),
): FlatParts {
  const parts = new MachineParts(checkConfig(config), director);
  const { hardware, system, decisions } = parts;
  return Object.assign({}, hardware, system, decisions, parts) as FlatParts;
}

/** Brings every CPU that something happened to back to user mode, or to idle. */
export function settle({ marked, kernel }: Pick<FlatParts, 'marked' | 'kernel'>): void {
  for (let cpu = marked.take(); cpu >= 0; cpu = marked.take()) kernel.settleCpu(cpu);
}

/** Makes decisions of the director until there are none, or `until` holds. */
export function drive(parts: FlatParts, until: () => boolean = () => false): void {
  const { director } = parts.referee;
  director.start?.(parts.point);
  settle(parts);
  for (let made = 0; made < 1_000_000 && !until(); made++) {
    const decision = director.decide(parts.point);
    if (decision === NO_DECISION) return;
    parts.referee.record(decision);
    expect(parts.executor.carryOut(decision)).toBe(true);
    settle(parts);
  }
}
