import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector, nanosleep } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { Session, defineEvent, u32 } from '@rseqlab/tracer';
import type { TraceSink } from '@rseqlab/tracer';

/** Large enough that nothing is lost, with sub-buffers of the size that LTTng's have by default. */
const CHANNEL = { subbufBytes: 2 ** 17, subbufCount: 4 } as const;

/** Events between two looks of the consumer, who is on the same CPU. */
const BURST = 8192;
const READ_TIMER_NS = 1_000_000;

/** Whether the event is recorded, consumed and written, or its tracepoint is disabled, or is not there. */
export type Tracing = 'recorded' | 'disabled' | 'none';

/** A trace in files of a folder of its own, one a stream. */
class FolderSink implements TraceSink {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'rseqlab-traced-'));
  readonly #files = new Map<string, number>();

  metadata(): void {}

  packet(stream: string, packet: Uint8Array): void {
    let file = this.#files.get(stream);
    if (file === undefined)
      this.#files.set(stream, (file = openSync(join(this.folder, stream), 'w')));
    for (let done = 0; done < packet.length;) done += writeSync(file, packet, done);
  }

  /** Closes and removes the files. @returns bytes that they had */
  remove(): number {
    let bytes = 0;
    for (const [stream, file] of this.#files) {
      closeSync(file);
      bytes += statSync(join(this.folder, stream)).size;
    }
    rmSync(this.folder, { recursive: true });
    return bytes;
  }
}

/** One thread, alone with its consumer on a machine of one CPU, that emits an event of one u32 again and again. */
export class TracedEvents {
  readonly #machine: Machine;
  readonly #director = new TimedDirector({ quantumCycles: 2 ** 24, tickCycles: 2 ** 40 });
  readonly #tracing: Tracing;

  constructor(tracing: Tracing, cost?: CostParameters) {
    this.#tracing = tracing;
    const config = { cpus: 1, kernel: [rseq()], memoryBytes: 2 ** 24, ...(cost && { cost }) };
    this.#machine = new Machine(config, this.#director);
  }

  /**
   * Sets `events` up; the function that comes back emits them.
   *
   * @returns steps, and simulated cycles of the thread's CPU; bytes that are on disk
   * @throws Error when less is on disk than the events take
   */
  prepare(events: number): () => { steps: number; cycles: number; bytes: number } {
    const machine = this.#machine;
    const tracing = this.#tracing;
    machine.reset(this.#director);
    const process = machine.createProcess('traced');
    const session = Session.create(machine, process);
    const point = session.tracepoint(defineEvent('bench:event', { fields: { value: u32() } }));
    const channel = session.channel('main', CHANNEL);
    if (tracing === 'recorded') session.enable(point, channel);
    const sink = new FolderSink();
    session.spawnConsumers(sink, READ_TIMER_NS);
    process.spawn(function* producer(t) {
      if (tracing === 'none') for (let i = 0; i < events; i++);
      else
        for (let from = 0; from < events; from += BURST) {
          const to = Math.min(events, from + BURST);
          for (let value = from; value < to; value++)
            if (point.isEnabled(t)) yield* point.emit(t, { value });
          if (tracing === 'recorded') yield* nanosleep(t, 2 * READ_TIMER_NS);
        }
      yield* session.stop(t);
    });
    return () => {
      const { steps, cycles, outcome } = machine.run();
      const bytes = sink.remove();
      if (outcome !== 'finished' || (tracing === 'recorded' && bytes < 8 * events))
        throw new Error(`expected ${events} events on disk, got ${bytes} bytes, ${outcome}`);
      return { steps, cycles, bytes };
    };
  }
}
