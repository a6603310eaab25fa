import type { MachineConfig } from '@rseqlab/sim-machine';
import { bpfOnCpu } from '../../../src/kernel/bpf/bpf-module.js';
import { cpuOpv } from '../../../src/kernel/cpu-opv/cpu-opv-module.js';
import { ebpfOnCpu } from '../../../src/kernel/ebpf/ebpf-module.js';
import { CpuOpVector } from '../../../src/user/cpu-op-vector.js';
import { placeCpuOpVector, sysCpuOpv } from '../../../src/user/cpu-opv.js';
import { bpfOn, ebpfOn, placeProgram } from '../../../src/user/program-call.js';
import { HandMachine } from '../../hand-machine.js';

const PAGE = 4096;

/** Arguments that a test does not leave at what is right. */
export interface ProgramCall {
  readonly count?: number;
  readonly cpu?: number;
  readonly flags?: number;
  /** Address of the program; default where the test's own was put. */
  readonly program?: number;
}

/** A machine with all three fallbacks and two pages of data; it makes one call. */
export class ProgramMachine extends HandMachine {
  readonly data: number;

  constructor(config: MachineConfig = {}) {
    super({}, { kernel: [cpuOpv(), bpfOnCpu(), ebpfOnCpu()], ...config });
    this.data = this.process.allocate(2 * PAGE, PAGE);
  }

  /** Word of the data. */
  word(index: number): number {
    return this.process.read32(this.data + index * 4);
  }

  /** Writes words of the data from its beginning on. */
  fill(...words: readonly number[]): void {
    words.forEach((value, index) => {
      this.process.write32(this.data + index * 4, value);
    });
  }

  /** Carries a vector or a program out and returns the result. */
  call(
    kind: 'vector' | 'bpf' | 'ebpf',
    code: CpuOpVector | Int32Array,
    call: ProgramCall = {},
  ): number {
    const { cpu = 0, flags = 0 } = call;
    const results: number[] = [];
    const isVector = code instanceof CpuOpVector;
    const address =
      call.program ??
      (isVector ? placeCpuOpVector(this.process, code) : placeProgram(this.process, code));
    const count = call.count ?? (isVector ? code.count : code.length / 2);
    const run = isVector ? sysCpuOpv : kind === 'bpf' ? bpfOn : ebpfOn;
    this.process.spawn(
      function* caller(t) {
        results.push(yield* run(t, address, count, cpu, flags));
      },
      { cpu: 0 },
    );
    const outcome = this.finish();
    if (outcome !== 'finished') throw new Error(`expected the run to finish, got ${outcome}`);
    return results[0]!;
  }
}
