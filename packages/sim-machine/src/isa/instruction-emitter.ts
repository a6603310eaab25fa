import { ComputingEmitter } from './computing-emitter.js';
import type { Register } from './register.js';

/** The builder's methods for every instruction, one a mnemonic, operands in the order of assembly. */
export abstract class InstructionEmitter extends ComputingEmitter {
  /** Does nothing, visibly: a decision may fall before it. */
  pause(): this {
    return this.instruction('pause', {});
  }

  /** Stops for a debugger. */
  brk(): this {
    return this.instruction('brk', {});
  }

  /** Enters the kernel: number in r0, arguments in r1 to r6, result in r0. */
  syscall(): this {
    return this.instruction('syscall', {});
  }

  /** Reads the CPU's clock, low 32 bits. */
  rdclk(into: Register): this {
    return this.instruction('rdclk', { a: into });
  }

  /** Reads the number of the CPU that executes. */
  rdpid(into: Register): this {
    return this.instruction('rdpid', { a: into });
  }

  /** Loads a byte, zero-extended. */
  ld8u(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld8u', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads 16 bits, zero-extended. */
  ld16u(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld16u', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads a byte, sign-extended. */
  ld8s(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld8s', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads 16 bits, sign-extended. */
  ld16s(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld16s', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads a word. */
  ld32(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld32', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads 64 bits into the even register `into` (low word) and the next one (high). */
  ld64(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('ld64', { a: into, b: base, immediate: offsetBytes });
  }

  /** Loads a word with acquire order. */
  lda32(into: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('lda32', { a: into, b: base, immediate: offsetBytes });
  }

  /** Stores the low byte. */
  st8(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('st8', { a: value, b: base, immediate: offsetBytes });
  }

  /** Stores the low 16 bits. */
  st16(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('st16', { a: value, b: base, immediate: offsetBytes });
  }

  /** Stores a word. */
  st32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('st32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Stores 64 bits from the even register `value` (low word) and the next one (high). */
  st64(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('st64', { a: value, b: base, immediate: offsetBytes });
  }

  /** Stores a word with release order. */
  stl32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('stl32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Stores `desired` where the word equals `expected`; `expected` becomes the old word. Atomic. */
  cas32(expected: Register, base: Register, desired: Register, offsetBytes = 0): this {
    return this.instruction('cas32', { a: expected, b: base, c: desired, immediate: offsetBytes });
  }

  /** Waits until the word differs from `unlike`, then loads it. Acquire. */
  await32(value: Register, base: Register, unlike: Register, offsetBytes = 0): this {
    return this.instruction('await32', { a: value, b: base, c: unlike, immediate: offsetBytes });
  }

  /** Swaps the word with `value`. Atomic. */
  xchg32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('xchg32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Adds `value` to the word; `value` becomes the old word. Atomic. */
  xadd32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('xadd32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Ands `value` into the word; `value` becomes the old word. Atomic. */
  xand32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('xand32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Ors `value` into the word; `value` becomes the old word. Atomic. */
  xorr32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('xorr32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Exclusive-ors `value` into the word; `value` becomes the old word. Atomic. */
  xxor32(value: Register, base: Register, offsetBytes = 0): this {
    return this.instruction('xxor32', { a: value, b: base, immediate: offsetBytes });
  }

  /** Keeps all earlier accesses before all later ones. */
  fence(): this {
    return this.instruction('fence', {});
  }

  /** Keeps earlier loads before later loads. */
  fencer(): this {
    return this.instruction('fencer', {});
  }

  /** Keeps earlier stores before later stores. */
  fencew(): this {
    return this.instruction('fencew', {});
  }
}
