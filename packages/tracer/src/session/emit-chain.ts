import type { ChainCall, Machine, RoutineChain, Thread } from '@rseqlab/sim-machine';
import type { ReadSideRoutines } from '@rseqlab/urcu';
import { FRAME_BYTES } from '../ring/frame.js';
import { LAST_RESERVE_CODE, ReserveResult } from '../ring/reserve-program.js';
import type { RingBuffers } from '../ring/ring-buffers.js';

/** Calls of the chain, in their order. */
export const EmitCall = { lock: 0, look: 1, reserve: 2, store: 3, commit: 4, unlock: 5 } as const;

/** Numbers of the values that the calls compute with. */
const Input = { domain: 0, anchor: 1, state: 2, probe: 3, rings: 4, frame: 5, pid: 6, words: 7 };

/** Numbers of what the calls keep. */
export const EmitKept = { token: 0, slot: 1, cpu: 2, subbuf: 3 } as const;

/**
 * All that the recording of an event calls, as one chain: the read lock, the look at the tracepoint's state, reserve,
 * store, commit, and the unlock.
 */
export class EmitChain {
  /** Words of the payloads that it records. */
  readonly words: number;
  readonly chain: RoutineChain;
  readonly #readSide: ReadSideRoutines;
  readonly #buffers: RingBuffers;

  /** @param words 1 to `MAX_STORED_WORDS` */
  constructor(machine: Machine, readSide: ReadSideRoutines, buffers: RingBuffers, words: number) {
    const calls = callsOf(readSide, buffers, machine.chains.load, words);
    this.words = words;
    this.chain = machine.chains.of(calls, Input.words + words);
    this.#readSide = readSide;
    this.#buffers = buffers;
  }

  /**
   * Records an event by one probe, if nothing can come in between.
   *
   * @param state address of the tracepoint's state
   * @param probe its bit there
   * @param frame first word of the record
   * @param payload as many words as the chain is for
   * @returns calls that are done, see `Thread.follow`
   */
  follow(
    t: Thread,
    state: number,
    probe: number,
    frame: number,
    payload: readonly number[],
  ): number {
    const { inputs } = this.chain;
    inputs[Input.domain] = this.#readSide.domain;
    inputs[Input.anchor] = this.#readSide.anchor;
    inputs[Input.state] = state;
    inputs[Input.probe] = probe;
    inputs[Input.rings] = this.#buffers.address;
    inputs[Input.frame] = frame;
    inputs[Input.pid] = t.process.pid;
    for (let n = 0; n < this.words; n++) inputs[Input.words + n] = payload[n]!;
    return t.follow(this.chain);
  }
}

function callsOf(
  { lock, unlock }: ReadSideRoutines,
  { routines }: RingBuffers,
  load: ChainCall['routine'],
  words: number,
): ChainCall[] {
  const [domain, anchor] = [{ input: Input.domain }, { input: Input.anchor }];
  const [probe, frame] = [{ input: Input.probe }, { input: Input.frame }];
  const token = { kept: EmitKept.token };
  const slot = { kept: EmitKept.slot };
  const payload = Array.from({ length: words }, (_, n) => ({ input: Input.words + n }));
  return [
    { routine: lock, arguments: [domain, anchor], keeps: [0], goesOn: { least: 0 } },
    {
      routine: load,
      arguments: [{ input: Input.state }],
      goesOn: { bits: probe, are: probe },
    },
    {
      routine: routines.reserve,
      arguments: [{ input: Input.rings }, frame, { input: Input.pid }],
      keeps: [0, ReserveResult.cpu, ReserveResult.subbuf],
      goesOn: { least: LAST_RESERVE_CODE + 1 },
    },
    {
      routine: routines.stores[words - 1]!,
      arguments: [{ ...slot, plus: FRAME_BYTES }, ...payload],
    },
    {
      routine: routines.commit,
      arguments: [slot, frame, { kept: EmitKept.subbuf }, { kept: EmitKept.cpu }],
    },
    { routine: unlock, arguments: [domain, token, anchor], goesOn: { bits: -1, are: 0 } },
  ];
}
