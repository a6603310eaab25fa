import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { bpfOnCpu } from '../kernel/bpf/bpf-module.js';
import { cpuOpv } from '../kernel/cpu-opv/cpu-opv-module.js';
import { ebpfOnCpu } from '../kernel/ebpf/ebpf-module.js';
import { placeCpuOpVector, sysCpuOpv } from './cpu-opv.js';
import {
  encodeAdd,
  encodeAdd64,
  encodeCompareAndStore,
  encodeCopyThenStore,
  encodePop,
  encodePush,
} from './fallback-encodings.js';
import type { FallbackEncodings, NotExpressible } from './fallback-encodings.js';
import { bpfOn, ebpfOn, placeProgram } from './program-call.js';

/** What one encoding of an operation takes. */
export interface EncodingCost {
  /** Bytes that the kernel copies in. */
  readonly bytes: number;
  /** Simulated cycles of a call on the caller's own CPU, with everything in its cache. */
  readonly cycles: number;
}

/** One operation in the three encodings. */
export interface FallbackRow {
  readonly operation: string;
  readonly vector: EncodingCost | NotExpressible;
  readonly bpf: EncodingCost | NotExpressible;
  readonly ebpf: EncodingCost | NotExpressible;
}

/** An operation on data whose first word is the head of a list of one node, 64 bytes further. */
type Encode = (data: number) => FallbackEncodings;

const OPERATIONS: readonly (readonly [operation: string, encode: Encode])[] = [
  ['add', (p) => encodeAdd(p, 1)],
  ['add, 64 bits', (p) => encodeAdd64(p, 1, 0)],
  ['compare and store', (p) => encodeCompareAndStore(p, p + 64, 0)],
  ['list push', (p) => encodePush(p, p + 128)],
  ['list pop, head known', (p) => encodePop(p, 0, p + 192, p + 64)],
  ['list pop', (p) => encodePop(p, 0, p + 192)],
  ['copy 64 bytes, store', (p) => encodeCopyThenStore(p + 256, p + 512, 64, p, 1, false)],
  ['copy 64 bytes, store release', (p) => encodeCopyThenStore(p + 256, p + 512, 64, p, 1, true)],
  ['copy 4096 bytes, store', (p) => encodeCopyThenStore(p + 4096, p + 8192, 4096, p, 1, false)],
];

/** Calls before the one that is measured: caches are filled then, and pages are there. */
const WARM_UP = 4;

/**
 * Compares cpu_opv, classic BPF and eBPF as fallbacks of per-CPU operations: what each can say, in
 * how many bytes, and what a call costs on a machine.
 *
 * @param cost the machine; a prediction of its cost model, see there
 */
export function compareFallbacks(cost: CostParameters): readonly FallbackRow[] {
  return OPERATIONS.map(([operation, encode]) => ({
    operation,
    vector: price(cost, encode, 'vector'),
    bpf: price(cost, encode, 'bpf'),
    ebpf: price(cost, encode, 'ebpf'),
  }));
}

function price(
  cost: CostParameters,
  encode: Encode,
  which: keyof FallbackEncodings,
): EncodingCost | NotExpressible {
  const kernel = [cpuOpv(), bpfOnCpu(), ebpfOnCpu()];
  const machine = new Machine({ cpus: 1, kernel, cost, memoryBytes: 2 ** 22 }, new TimedDirector());
  const process = machine.createProcess('fallback');
  const data = process.allocate(3 * 4096, 4096);
  const encoding = encode(data)[which];
  if ('reason' in encoding) return encoding;
  const { call, bytes } = callOf(process, encoding, which);
  let cycles = 0;
  process.spawn(function* caller(t) {
    for (let i = 0; i <= WARM_UP; i++) {
      yield* t.store(data, data + 64);
      const first = yield* t.readClock();
      const before = yield* t.readClock();
      yield* call(t);
      // Less what reading the clock takes.
      cycles = (yield* t.readClock()) - before - (before - first);
    }
  });
  machine.run();
  return { bytes, cycles };
}

interface PlacedCall {
  readonly bytes: number;
  call(t: Thread): Operation<number>;
}

function callOf(
  process: Process,
  encoding: Exclude<FallbackEncodings[keyof FallbackEncodings], NotExpressible>,
  which: keyof FallbackEncodings,
): PlacedCall {
  if (!(encoding instanceof Int32Array)) {
    const ops = placeCpuOpVector(process, encoding);
    return { bytes: encoding.byteLength, call: (t) => sysCpuOpv(t, ops, encoding.count, 0) };
  }
  const program = placeProgram(process, encoding);
  const count = encoding.length / 2;
  const run = which === 'bpf' ? bpfOn : ebpfOn;
  return { bytes: encoding.byteLength, call: (t) => run(t, program, count, 0) };
}
