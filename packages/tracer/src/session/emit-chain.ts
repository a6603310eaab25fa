import type { ChainCall, RoutineChain, Thread } from '@rseqlab/sim-machine';
import type { ReadSideRoutines } from '@rseqlab/urcu';
import { FRAME_BYTES } from '../ring/frame.js';
import { LAST_RESERVE_CODE, ReserveResult } from '../ring/reserve-program.js';
import type { RingBuffers } from '../ring/ring-buffers.js';

/** Calls of the chain, in their order. */
export const EmitCall = { lock: 0, look: 1, reserve: 2, store: 3, commit: 4, unlock: 5 } as const;

/** Numbers of the values that the calls compute with. */
const Input = {
  domain: 0,
  anchor: 1,
  state: 2,
  probe: 3,
  rings: 4,
  frame: 5,
  pid: 6,
  words: 7,
};

/** Numbers of what the calls keep. */
export const EmitKept = { token: 0, slot: 1, cpu: 2, subbuf: 3 } as const;

/** What is recorded by a chain. */
export interface ChainedRecord {
  /** Address of the tracepoint's state. */
  readonly state: number;
  /** Bit of the probe there. */
  readonly probe: number;
  /** First word of the record. */
  readonly frame: number;
  /** Words of the payload, 1 to `MAX_STORED_WORDS`. */
  readonly words: number;
}

/**
 * All that the recording of an event by one probe calls, as one chain: the read lock, the look at the tracepoint's state,
 * reserve, store, commit, and the unlock.
 */
export class EmitChain {
  /** See {@link ChainedRecord}. */
  readonly words: number;
  readonly probe: number;
  readonly frame: number;
  readonly #chain: RoutineChain;
  readonly #inputs: Int32Array;
  /** Inputs that are the same each time. */
  readonly #constants: readonly number[];

  constructor(readSide: ReadSideRoutines, buffers: RingBuffers, record: ChainedRecord) {
    const { state, probe, frame, words } = record;
    this.words = words;
    this.probe = probe;
    this.frame = frame;
    const { chains } = buffers.machine;
    this.#chain = chains.of(callsOf(readSide, buffers, chains.load, words), Input.words + words);
    this.#inputs = this.#chain.inputs;
    const { domain, anchor } = readSide;
    this.#constants = [domain, anchor, state, probe, buffers.address, frame];
  }

  /** What its calls have kept, where it was not followed to its end. */
  get kept(): Int32Array {
    return this.#chain.kept;
  }

  /**
   * Records an event, if nothing can come in between.
   *
   * @returns calls that are done, see `Thread.follow`
   */
  follow(t: Thread, payload: readonly number[]): number {
    const inputs = this.#inputs;
    const { words } = this;
    if (this.#chain.user !== this) {
      inputs.set(this.#constants);
      this.#chain.user = this;
    }
    inputs[Input.pid] = t.process.pid;
    for (let n = 0; n < words; n++) inputs[Input.words + n] = payload[n]!;
    return t.follow(this.#chain);
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
