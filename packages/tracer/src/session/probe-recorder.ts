import { NOT_FOLLOWED } from '@rseqlab/sim-machine';
import type { Operation, Thread, WatchedWord } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import type { RcuFlavour, RcuToken } from '@rseqlab/urcu';
import { fetchFields, writePayload } from '../events/event-definition.js';
import type { EventDefinition } from '../events/event-definition.js';
import { narrowPayload } from '../events/narrow-payload.js';
import type { NarrowPayload } from '../events/narrow-payload.js';
import { PayloadWriter } from '../events/payload-writer.js';
import { ended, restOf, restOfBegun } from '../ring/rest-of.js';
import type { RecordOutcome, RingBuffers } from '../ring/ring-buffers.js';
import { MAX_STORED_WORDS } from '../ring/store-program.js';
import type { Channel } from './channel.js';
import { EmitCall, EmitChain, EmitKept } from './emit-chain.js';
import type { Probe } from './probe.js';

/** Values of fields by name. */
type GivenValues = Readonly<Record<string, unknown>>;

/** What an event is recorded with. */
export interface ProbeRecorderParts {
  readonly event: EventDefinition;
  /** The word with a bit for each probe that records. */
  readonly state: WatchedWord;
  readonly rcu: RcuFlavour;
  readonly probes: readonly Probe[];
  /** Address of the count of events that a probe lost. */
  readonly lostBy: (probe: Probe) => number;
  /** Buffers of a channel as the process sees them. */
  readonly buffersOf: (channel: Channel) => RingBuffers;
}

/** An event that a generator carries into the rings: what was found out before anything was locked. */
interface Emitted {
  readonly values: GivenValues;
  /** Bits of the probes that want it. */
  readonly passing: number;
  readonly payload: readonly number[];
}

/** An event that a chain has begun to record. */
interface ChainedEvent extends Emitted {
  /** Number of the one probe that wants it. */
  readonly n: number;
  /** First word of its record. */
  readonly frame: number;
}

/** Which probes have filters. */
interface FilterBits {
  /** Probes that there were. */
  readonly probes: number;
  readonly all: number;
  readonly needingCpu: number;
}

const writer = new PayloadWriter();
/** Words of the event at hand; whoever needs them for longer copies them. */
const payload: number[] = [];

/** How many events it takes until it pays to have code for their payload. */
const WORTH_CODE = 100;

/** An event that is no longer wanted, or was recorded. */
const DONE: Operation<void> = ended(undefined);

/**
 * Records an event by the probes of a tracepoint.
 *
 * Mostly nothing comes in between: then all is done when it is asked for, and no generator is made. At the first
 * step that does not end at once a generator goes on from there.
 */
export class ProbeRecorder {
  readonly #parts: ProbeRecorderParts;
  /** Whether something of it lies in memory. */
  readonly #isFetched: boolean;
  #filterBits: FilterBits = { probes: 0, all: 0, needingCpu: 0 };
  /** How many events there are to be until code for their payload is made. */
  #untilCode = WORTH_CODE;
  #narrowPayload: NarrowPayload | undefined;
  /** Of each probe. */
  readonly #buffers: RingBuffers[] = [];
  /** Of each probe, for payloads as long as its last one. */
  readonly #chains: EmitChain[] = [];

  constructor(parts: ProbeRecorderParts) {
    this.#parts = parts;
    this.#isFetched = Object.values(parts.event.fields).some(({ fetch }) => fetch !== undefined);
  }

  /**
   * Records in every channel that wants it, once in each.
   *
   * @param state bits of the probes that record
   * @throws TracerError `ERR_VALUE` for a value that is not one of its field
   */
  record(t: Thread, given: GivenValues, state: number): Operation<void> {
    if (this.#isFetched || this.#needsCpu(state)) return restOf(this.#lookFirst(t, given, state));
    return this.#enter(t, given, this.#passing(t, given, state, -1));
  }

  /** What takes steps before it is known who wants the event. */
  *#lookFirst(t: Thread, given: GivenValues, state: number): Operation<void> {
    const values = this.#isFetched ? yield* fetchFields(t, this.#parts.event, given) : given;
    const cpu = this.#needsCpu(state) ? yield* currentCpu(t) : -1;
    yield* this.#enter(t, values, this.#passing(t, values, state, cpu));
  }

  #enter(t: Thread, values: GivenValues, passing: number): Operation<void> {
    if (passing === 0) return DONE;
    this.#layOut(values);
    return this.#recordAtOnce(t, values, passing) ?? this.#recordByCalls(t, values, passing);
  }

  /** Records by one chain, where one probe wants the event and nothing can come in between. */
  #recordAtOnce(t: Thread, values: GivenValues, passing: number): Operation<void> | undefined {
    const n = 31 - Math.clz32(passing);
    let chain = this.#chains[n];
    if (chain?.words !== payload.length) {
      chain = this.#chainOf(n, payload.length);
      if (chain === undefined) return undefined;
      this.#chains[n] = chain;
    }
    if (chain.probe !== passing) return undefined;
    const done = chain.follow(t, payload);
    if (done > EmitCall.unlock) return done === NOT_FOLLOWED ? undefined : DONE;
    const { frame } = chain;
    const emitted = { n, frame, values, passing, payload: payload.slice() };
    return restOf(this.#goOn(t, done, chain.kept.slice(), emitted));
  }

  /** The chain that records an event with so many words of payload by a probe, where there can be one. */
  #chainOf(n: number, words: number): EmitChain | undefined {
    const { rcu, probes, buffersOf } = this.#parts;
    const { address: state } = this.#parts.state;
    const { channel, eventId } = probes[n]!;
    if (rcu.readSide === undefined || !channel.contexts.areNone) return undefined;
    if (words === 0 || words > MAX_STORED_WORDS) return undefined;
    const buffers = (this.#buffers[n] ??= buffersOf(channel));
    const frame = buffers.frameOf(eventId, words);
    if (frame === 0) return undefined;
    return new EmitChain(rcu.readSide, buffers, { state, probe: 1 << n, frame, words });
  }

  /**
   * Goes on where a chain has stopped.
   *
   * @param stopped as {@link EmitChain.follow} returns it
   * @param kept what calls before have kept
   */
  *#goOn(t: Thread, stopped: number, kept: Int32Array, emitted: ChainedEvent): Operation<void> {
    const { readSide } = this.#parts.rcu;
    const call = stopped < 0 ? ~stopped : stopped;
    const token = kept[EmitKept.token]! as RcuToken;
    if (call !== EmitCall.lock && call !== EmitCall.unlock) readSide!.entered(t, token);
    if (stopped < 0) yield;
    if (call === EmitCall.unlock) return yield* readSide!.unlocked(t);
    if (call === EmitCall.lock) return yield* this.#inside(t, readSide!.locked(t), emitted);
    if (call === EmitCall.look)
      return yield* this.#recordInAll(t, token, emitted, emitted.passing & t.result);
    const { n, frame, payload: words } = emitted;
    if (call === EmitCall.reserve)
      return yield* this.#recording(t, token, n, this.#buffers[n]!.afterReserve(t, frame, words));
    if (call === EmitCall.store) {
      const [slot, cpu, subbuf] = kept.subarray(EmitKept.slot) as unknown as [
        number,
        number,
        number,
      ];
      yield* this.#buffers[n]!.afterStore(t, frame, { slot, cpu, subbuf });
    }
    yield* this.#parts.rcu.readUnlock(t, token);
  }

  #recordByCalls(t: Thread, values: GivenValues, passing: number): Operation<void> {
    const lock = this.#parts.rcu.readLock(t);
    const { done, value: token } = lock.next();
    if (done !== true)
      return restOf(this.#entering(t, lock, { values, passing, payload: payload.slice() }));
    const state = t.loadNow(this.#parts.state);
    const enabled = passing & (state ?? 0);
    const n = 31 - Math.clz32(enabled);
    // Not yet known, or no probe, or several.
    if (state === undefined || enabled !== 1 << n) {
      const emitted = { values, passing, payload: payload.slice() };
      if (state === undefined) return restOf(this.#inside(t, token, emitted));
      return restOf(this.#recordInAll(t, token, emitted, enabled));
    }
    const record = this.#recordBy(t, n, values, payload);
    const { done: isRecorded, value: outcome } = record.next();
    if (isRecorded !== true) return restOf(this.#recording(t, token, n, restOfBegun(record)));
    if ('loss' in outcome) return restOf(this.#lost(t, token, n));
    const unlock = this.#parts.rcu.readUnlock(t, token);
    return unlock.next().done === true ? DONE : restOf(restOfBegun(unlock));
  }

  /** Puts the words of the event's payload where {@link payload} is. */
  #layOut(values: GivenValues): void {
    const { event } = this.#parts;
    if (this.#narrowPayload?.(values, payload) === true) return;
    if (this.#untilCode > 0 && --this.#untilCode === 0)
      this.#narrowPayload = narrowPayload(event.fields);
    writer.begin();
    writePayload(writer, event, values);
    writer.wordsInto(payload);
  }

  *#entering(t: Thread, lock: Operation<RcuToken>, emitted: Emitted): Operation<void> {
    const token = yield* restOfBegun(lock);
    yield* this.#inside(t, token, emitted);
  }

  *#inside(t: Thread, token: RcuToken, emitted: Emitted): Operation<void> {
    const state = yield* t.load(this.#parts.state.address);
    yield* this.#recordInAll(t, token, emitted, emitted.passing & state);
  }

  *#recording(
    t: Thread,
    token: RcuToken,
    n: number,
    record: Operation<RecordOutcome>,
  ): Operation<void> {
    const outcome = yield* record;
    if ('loss' in outcome) yield* this.#countLost(t, n);
    yield* this.#parts.rcu.readUnlock(t, token);
  }

  *#lost(t: Thread, token: RcuToken, n: number): Operation<void> {
    yield* this.#countLost(t, n);
    yield* this.#parts.rcu.readUnlock(t, token);
  }

  *#recordInAll(t: Thread, token: RcuToken, emitted: Emitted, enabled: number): Operation<void> {
    const { values, payload: words } = emitted;
    for (let n = 0; n < this.#parts.probes.length; n++) {
      if ((enabled & (1 << n)) === 0) continue;
      if ((enabled & this.#parts.probes[n]!.sameChannel) !== 0) continue;
      const outcome = yield* this.#recordBy(t, n, values, words);
      if ('loss' in outcome) yield* this.#countLost(t, n);
    }
    yield* this.#parts.rcu.readUnlock(t, token);
  }

  #recordBy(
    t: Thread,
    n: number,
    values: GivenValues,
    own: readonly number[],
  ): Operation<RecordOutcome> {
    const { channel, eventId } = this.#parts.probes[n]!;
    const words = channel.contexts.areNone ? own : this.#withContexts(t, channel, values);
    const buffers = (this.#buffers[n] ??= this.#parts.buffersOf(channel));
    return buffers.record(t, eventId, words);
  }

  #countLost(t: Thread, n: number): Operation<number> {
    return t.fetchAdd(this.#parts.lostBy(this.#parts.probes[n]!), 1);
  }

  /** Whether a filter has to know the CPU. */
  #needsCpu(enabled: number): boolean {
    return (enabled & this.#filters().needingCpu) !== 0;
  }

  /** Which of the enabled probes want the event: their bits. */
  #passing(t: Thread, values: GivenValues, enabled: number, cpu: number): number {
    const filtered = enabled & this.#filters().all;
    if (filtered === 0) return enabled;
    let passing = enabled;
    for (const { bit, channel, filter } of this.#parts.probes)
      if ((filtered & bit) !== 0 && !filter!.passes(values, t, channel.buffers.machine, cpu))
        passing &= ~bit;
    return passing;
  }

  #filters(): FilterBits {
    const { probes } = this.#parts;
    if (this.#filterBits.probes !== probes.length) this.#filterBits = filterBitsOf(probes);
    return this.#filterBits;
  }

  #withContexts(t: Thread, channel: Channel, values: GivenValues): number[] {
    writer.begin();
    channel.contexts.write(writer, t, channel.buffers.machine);
    writePayload(writer, this.#parts.event, values);
    return writer.words();
  }
}

function filterBitsOf(probes: readonly Probe[]): FilterBits {
  let all = 0;
  let needingCpu = 0;
  for (const { bit, filter } of probes) {
    if (filter !== undefined) all |= bit;
    if (filter?.needsCpu === true) needingCpu |= bit;
  }
  return { probes: probes.length, all, needingCpu };
}
