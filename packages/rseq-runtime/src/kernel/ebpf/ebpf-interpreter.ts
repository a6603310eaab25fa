import { CostKind } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';
import {
  EBPF_STACK_BYTES,
  EbpfCode,
  FRAME_POINTER,
  LD_IMM64,
  destinationOf,
  ebpfBytes,
  ebpfClass,
  offsetOf,
  opcodeOf,
  sourceOf,
} from './ebpf-abi.js';
import { compute, holds } from './ebpf-arithmetic.js';
import { EbpfFrame } from './ebpf-frame.js';
import { callHelper } from './ebpf-helpers.js';
import { WordPair } from '../word-pair.js';

/** Instructions that choosing what an instruction does takes, as for an operation of cpu_opv. */
const DISPATCH_INSTRUCTIONS = 4;

/** Runs eBPF programs that were verified; see `EbpfHelper` for what they reach. */
export class EbpfInterpreter {
  readonly #work: KernelWorkPort;
  readonly #cpu: () => number;
  readonly #frame = new EbpfFrame();
  readonly #value = new WordPair();

  /** @param cpu number of the CPU that the program runs on */
  constructor(work: KernelWorkPort, cpu: () => number) {
    this.#work = work;
    this.#cpu = cpu;
  }

  /** Runs a program: the lower word of its r0. */
  run(words: Int32Array): number {
    const frame = this.#frame;
    frame.set(FRAME_POINTER, EBPF_STACK_BYTES, 0);
    for (let index = 0; ; index++) {
      const word = words[index * 2]!;
      const imm = words[index * 2 + 1]!;
      const opcode = opcodeOf(word);
      this.#work.charge(CostKind.Instruction, DISPATCH_INSTRUCTIONS);
      switch (ebpfClass(opcode)) {
        case EbpfCode.LD:
          frame.set(destinationOf(word), imm, words[index * 2 + 3]!);
          index += opcode === LD_IMM64 ? 1 : 0;
          break;
        case EbpfCode.LDX:
          this.#load(word);
          break;
        case EbpfCode.ST:
          this.#store(word, imm, imm >> 31);
          break;
        case EbpfCode.STX:
          this.#store(word, frame.low[sourceOf(word)]!, frame.high[sourceOf(word)]!);
          break;
        case EbpfCode.ALU:
        case EbpfCode.ALU64:
          compute(frame, word, imm, this.#value);
          break;
        default:
          if (opcode === (EbpfCode.JMP | EbpfCode.EXIT)) return frame.low[0]!;
          if (opcode === (EbpfCode.JMP | EbpfCode.CALL))
            callHelper(frame, imm, this.#work, this.#cpu());
          else if (holds(frame, word, imm)) index += offsetOf(word);
      }
    }
  }

  #load(word: number): void {
    const { stack, low } = this.#frame;
    const at = low[sourceOf(word)]! + offsetOf(word);
    const destination = destinationOf(word);
    this.#work.charge(CostKind.LoadHit, 1);
    switch (ebpfBytes(opcodeOf(word))) {
      case 8:
        this.#frame.set(destination, stack.getInt32(at, true), stack.getInt32(at + 4, true));
        return;
      case 4:
        this.#frame.set(destination, stack.getInt32(at, true), 0);
        return;
      case 2:
        this.#frame.set(destination, stack.getUint16(at, true), 0);
        return;
      default:
        this.#frame.set(destination, stack.getUint8(at), 0);
    }
  }

  #store(word: number, low: number, high: number): void {
    const { stack } = this.#frame;
    const at = this.#frame.low[destinationOf(word)]! + offsetOf(word);
    this.#work.charge(CostKind.StoreHit, 1);
    switch (ebpfBytes(opcodeOf(word))) {
      case 8:
        stack.setInt32(at, low, true);
        stack.setInt32(at + 4, high, true);
        return;
      case 4:
        stack.setInt32(at, low, true);
        return;
      case 2:
        stack.setInt16(at, low, true);
        return;
      default:
        stack.setInt8(at, low);
    }
  }
}
