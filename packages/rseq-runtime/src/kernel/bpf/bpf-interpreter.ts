import { CostKind, Errno } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';
import { BPF_MEMWORDS, BpfCode, bpfBytes, bpfClass } from './bpf-abi.js';

/** Instructions that choosing what an instruction does takes, as for an operation of cpu_opv. */
const DISPATCH_INSTRUCTIONS = 4;

/**
 * Runs classic programs that were verified.
 *
 * A division by an X of 0 ends the program with 0; shifts by X use its lowest 5 bits. An access that
 * the thread could not make ends the program with -EFAULT, and what it has stored stays.
 *
 * @source net/core/filter.c, Documentation/networking/filter.rst
 */
export class BpfInterpreter {
  readonly #work: KernelWorkPort;
  readonly #scratch = new Int32Array(BPF_MEMWORDS);
  #a = 0;
  #x = 0;

  constructor(work: KernelWorkPort) {
    this.#work = work;
  }

  /** Runs a program: what it returns, or -EFAULT. */
  run(words: Int32Array): number {
    this.#a = 0;
    this.#x = 0;
    for (let index = 0; ; index++) {
      const word = words[index * 2]!;
      const k = words[index * 2 + 1]!;
      const code = word & 0xffff;
      this.#work.charge(CostKind.Instruction, DISPATCH_INSTRUCTIONS);
      switch (bpfClass(code)) {
        case BpfCode.LD:
          this.#a = this.#load(code, k);
          break;
        case BpfCode.LDX:
          this.#x = (code & BpfCode.MEM) === BpfCode.MEM ? this.#scratch[k]! : k;
          break;
        case BpfCode.ST:
          this.#store(code, k);
          break;
        case BpfCode.STX:
          this.#scratch[k] = this.#x;
          break;
        case BpfCode.ALU:
          if (!this.#compute(code, k)) return 0;
          break;
        case BpfCode.JMP:
          index += this.#skips(code, k, (word >>> 16) & 0xff, word >>> 24);
          break;
        case BpfCode.RET:
          return (code & BpfCode.A) === 0 ? k : this.#a;
        default:
          if ((code & BpfCode.TXA) === 0) this.#x = this.#a;
          else this.#a = this.#x;
          continue;
      }
      if (this.#work.failed) return -Errno.EFAULT;
    }
  }

  #load(code: number, k: number): number {
    if ((code & BpfCode.MEM) === BpfCode.MEM) return this.#scratch[k]!;
    const mode = code & BpfCode.MEM;
    if (mode === BpfCode.IMM) return k;
    const address = mode === BpfCode.ABS ? k : (this.#x + k) | 0;
    return this.#work.load(address, bpfBytes(code)) | 0;
  }

  #store(code: number, k: number): void {
    const mode = code & BpfCode.MEM;
    if (mode === BpfCode.IMM) this.#scratch[k] = this.#a;
    else {
      const address = mode === BpfCode.ABS ? k : (this.#x + k) | 0;
      this.#work.store(address, bpfBytes(code), this.#a, 0);
    }
  }

  /** False for a division by 0. */
  #compute(code: number, k: number): boolean {
    const operand = (code & BpfCode.X) === 0 ? k : this.#x;
    const a = this.#a;
    switch (code & 0xf0) {
      case BpfCode.ADD:
        this.#a = (a + operand) | 0;
        return true;
      case BpfCode.SUB:
        this.#a = (a - operand) | 0;
        return true;
      case BpfCode.MUL:
        this.#a = Math.imul(a, operand);
        return true;
      case BpfCode.OR:
        this.#a = a | operand;
        return true;
      case BpfCode.AND:
        this.#a = a & operand;
        return true;
      case BpfCode.XOR:
        this.#a = a ^ operand;
        return true;
      case BpfCode.LSH:
        this.#a = a << operand;
        return true;
      case BpfCode.RSH:
        this.#a = (a >>> operand) | 0;
        return true;
      case BpfCode.NEG:
        this.#a = -a | 0;
        return true;
      default:
        if (operand === 0) return false;
        this.#a =
          ((code & 0xf0) === BpfCode.DIV
            ? (a >>> 0) / (operand >>> 0)
            : (a >>> 0) % (operand >>> 0)) | 0;
        return true;
    }
  }

  /** How many instructions a jump leaves out. */
  #skips(code: number, k: number, ifTrue: number, ifFalse: number): number {
    const operand = (code & BpfCode.X) === 0 ? k : this.#x;
    switch (code & 0xf0) {
      case BpfCode.JA:
        return k;
      case BpfCode.JEQ:
        return this.#a === operand ? ifTrue : ifFalse;
      case BpfCode.JGT:
        return this.#a >>> 0 > operand >>> 0 ? ifTrue : ifFalse;
      case BpfCode.JGE:
        return this.#a >>> 0 >= operand >>> 0 ? ifTrue : ifFalse;
      default:
        return (this.#a & operand) !== 0 ? ifTrue : ifFalse;
    }
  }
}
