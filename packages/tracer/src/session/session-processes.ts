import type { Machine, Process, SharedMemory } from '@rseqlab/sim-machine';
import { RcuDomain, SharedRcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour } from '@rseqlab/urcu';
import type { EventFields } from '../events/event-definition.js';
import type { Channel } from './channel.js';
import { PRIVATE_MEMBERSHIP, SessionMember, SharedMembership } from './session-member.js';
import type { Membership } from './session-member.js';
import { PrivateSessionMemory, SharedSessionMemory } from './session-memory.js';
import type { BufferScheme, SessionMemory } from './session-memory.js';
import type { Tracepoint } from './tracepoint.js';

/** The processes that a session traces: its own, and with shared buffers others. */
export class SessionProcesses {
  readonly scheme: BufferScheme;
  /** Where the words lie that all see. */
  readonly memory: SessionMemory;
  /** Of the session's process. */
  readonly rcu: RcuFlavour;
  readonly membership: Membership;
  /** Where in its process the session lies: no two of a machine lie at the same place. */
  readonly place: string;
  readonly #machine: Machine;
  readonly #domainOptions: { readonly processes?: number };
  readonly #domainMemory: SharedMemory | undefined;

  /** @param capacity processes at once; undefined for the default */
  constructor(
    machine: Machine,
    process: Process,
    scheme: BufferScheme,
    capacity: number | undefined,
  ) {
    this.#machine = machine;
    this.scheme = scheme;
    this.#domainOptions = capacity === undefined ? {} : { processes: capacity };
    if (scheme === 'private') {
      this.memory = new PrivateSessionMemory(process);
      const rcu = RcuDomain.create(machine, process);
      this.rcu = rcu;
      this.place = `${process.pid} ${rcu.address}`;
      this.membership = PRIVATE_MEMBERSHIP;
      return;
    }
    this.memory = new SharedSessionMemory(machine, process);
    this.#domainMemory = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, capacity));
    const rcu = this.#domainOf(process);
    this.rcu = rcu;
    this.place = `${process.pid} ${rcu.address}`;
    this.membership = new SharedMembership(process, rcu);
  }

  /** Has another process traced. @throws TracerError `ERR_PROCESS` when the buffers are private */
  attach(
    process: Process,
    channels: readonly Channel[],
    tracepoints: readonly Tracepoint<EventFields>[],
  ): SessionMember {
    // Maps the words, or says that there are none to share.
    this.memory.addressIn(process, 0);
    const rcu = this.#domainOf(process);
    const membership = new SharedMembership(process, rcu);
    const parts = { process, memory: this.memory, rcu, membership, tracepoints };
    const member = new SessionMember(parts);
    member.attachTo(channels);
    return member;
  }

  #domainOf(process: Process): SharedRcuDomain {
    return SharedRcuDomain.attach(this.#machine, process, this.#domainMemory!, this.#domainOptions);
  }
}
