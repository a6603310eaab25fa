import { rseq } from '@rseqlab/rseq-runtime';
import { SharedRcuDomain } from '@rseqlab/urcu';
import type { SharedRcuDomainOptions } from '@rseqlab/urcu';
import type { Operation, Process, SharedMemory, Thread } from '@rseqlab/sim-machine';
import { ProtectedPointer, elementsOf } from './protected-pointer.js';
import { changeRegistration } from './torture-flavours.js';
import { TortureReader } from './torture-reader.js';
import type { TortureParts, TortureProgram } from './torture-run.js';
import { TortureTally } from './torture-tally.js';
import { TortureUpdater } from './torture-updater.js';

/** Names of the processes that may be killed. */
const MEMBERS = ['member 0', 'member 1', 'member 2'];

/** Bytes of what is protected. */
const DATA_BYTES = 4096;

/** How long an updater sleeps before it looks for the dead, in ns. */
const CHECK_NS = 1_000;

/** How often a process joins and leaves. */
const STAYS = 2;

/**
 * Readers and updaters in processes of their own, each of which comes late, leaves, comes again, and may
 * be killed at any step; one of them never is, and replaces what the others read.
 */
export function severalProcesses(options: SharedRcuDomainOptions = {}): TortureProgram {
  return {
    machine: ({ events, readers }) => {
      const { signals: _, ...others } = events;
      const kills = MEMBERS.slice(0, readers);
      return { events: { ...others, kills }, kernel: [rseq()], maxProcesses: MEMBERS.length + 1 };
    },
    begin: (parts) => new SeveralProcesses(parts, { checkNs: CHECK_NS, ...options }).begin(),
  };
}

/** What a process has of what all of them share. */
interface Member {
  readonly process: Process;
  readonly rcu: SharedRcuDomain;
  /** Address of the data, the same in each. */
  readonly data: number;
}

/** The processes of one execution. */
class SeveralProcesses {
  readonly #parts: TortureParts;
  readonly #options: SharedRcuDomainOptions;
  readonly #region: SharedMemory;
  readonly #data: SharedMemory;
  /** Of grace periods that may be cut off by a death: these tell nothing of what passes beside. */
  readonly #mortal = new TortureTally();

  constructor(parts: TortureParts, options: SharedRcuDomainOptions) {
    const { machine } = parts;
    this.#parts = parts;
    this.#options = { processes: MEMBERS.length + 1, ...options };
    this.#region = machine.createSharedMemory(
      SharedRcuDomain.sizeBytes(machine, this.#options.processes),
    );
    this.#data = machine.createSharedMemory(DATA_BYTES);
  }

  begin(): () => void {
    const { shape, tally } = this.#parts;
    const main = this.#member('main');
    const { process, data } = main;
    let end = data + 4;
    const memory = { allocate: (bytes: number) => (end += bytes) - bytes };
    const [first, ...elements] = elementsOf(memory, shape.updates + 1) as [number, ...number[]];
    process.write32(data, first);
    const pointer = new ProtectedPointer(data, elements);
    process.spawn((t) => this.#update(t, main, pointer));
    for (const [n, name] of MEMBERS.slice(0, shape.readers).entries()) {
      const member = this.#member(name);
      if (member.data !== data)
        throw new Error(`expected shared data at ${data} in ${name}, got ${member.data}`);
      member.process.spawn((t) => this.#live(t, member, pointer, n));
    }
    return () => {
      tally.add(this.#mortal);
    };
  }

  #member(name: string): Member {
    const { machine } = this.#parts;
    const process = machine.createProcess(name);
    const rcu = SharedRcuDomain.attach(machine, process, this.#region, this.#options);
    return { process, rcu, data: process.mapShared(this.#data) };
  }

  *#update(t: Thread, { rcu }: Member, pointer: ProtectedPointer): Operation<void> {
    const { tally, draw, shape } = this.#parts;
    yield* rcu.join(t);
    const updater = new TortureUpdater({ rcu, deferred: undefined, tally, draw });
    yield* updater.update(t, pointer, shape.updates);
    yield* rcu.leave(t);
  }

  *#live(t: Thread, { rcu }: Member, pointer: ProtectedPointer, n: number): Operation<void> {
    const { tally, draw, shape } = this.#parts;
    const reader = new TortureReader({
      domains: [{ rcu, pointer }],
      polls: undefined,
      fuses: false,
      registersItself: false,
      tally,
      draw,
      registered: () => undefined,
      ...(n % 2 === 1 && { between: changeRegistration }),
    });
    const updater = new TortureUpdater({ rcu, deferred: undefined, tally: this.#mortal, draw });
    for (let stay = 0; stay < STAYS; stay++) {
      for (let wait = draw.below(40); wait > 0; wait--) yield* t.fence();
      yield* rcu.join(t);
      yield* reader.read(t, shape.sections >> 1);
      yield* updater.waitOften(t, 1);
      yield* rcu.leave(t);
    }
  }
}
