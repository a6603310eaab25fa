import type { Operation, Routine, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from './domain/rcu-token.js';

/** The read side of a flavour as routines, for libraries that call them in chains of their own. */
export interface ReadSideRoutines {
  /** r1: domain, r2: anchor. r0 is the token, or below 0 for what `locked` refuses. */
  readonly lock: Routine;
  /** r1: domain, r2: token, r3: anchor. r0 is 0, or `unlocked` has something left to do. */
  readonly unlock: Routine;
  readonly domain: number;
  /** Address of the anchor of the process; 0 where there is none. */
  readonly anchor: number;
  /** The token, once `lock` has returned and is called by no chain any more. @throws UrcuError as `readLock` does */
  locked(t: Thread): RcuToken;
  /** A chain has entered a section, and leaves it to `readUnlock` to leave. */
  entered(t: Thread, token: RcuToken): void;
  /** What is left to do once `unlock` has returned. @throws UrcuError as `readUnlock` does */
  unlocked(t: Thread): Operation<void>;
}

/**
 * What all flavours of RCU have in common, so that data structures and programs can be given any.
 *
 * A token is evidence of a read section: functions that need one take it as an argument.
 */
export interface RcuFlavour {
  /** Name for reports. */
  readonly name: string;
  /** Makes the calling thread known to grace periods, where the flavour asks for that; once a thread. */
  registerThread(t: Thread): Operation<void>;
  /** Takes {@link registerThread} back; outside of read sections, before the thread exits. */
  unregisterThread(t: Thread): Operation<void>;
  /** The routines of the read side, where two routines are all of it. */
  readonly readSide?: ReadSideRoutines;
  /** Enters a read section. Never waits. Nests. */
  readLock(t: Thread): Operation<RcuToken>;
  /** Leaves the read section of a token. Never waits. */
  readUnlock(t: Thread, token: RcuToken): Operation<void>;
  /** Says that the calling thread is in no read section, where the flavour asks for that (qsbr). */
  quiescentState(t: Thread): Operation<void>;
  /** From here on grace periods do not wait for the calling thread (qsbr), which must not read. */
  threadOffline(t: Thread): Operation<void>;
  /** Takes {@link threadOffline} back. */
  threadOnline(t: Thread): Operation<void>;
  /** Waits until all read sections that began before have ended; outside of read sections. */
  synchronize(t: Thread): Operation<void>;
}
