import type { ExecutionEnvironment } from '../../src/isa/execution-environment.js';
import { TRANSLATION_ENTRIES, TRANSLATION_INVALID } from '../../src/isa/execution-environment.js';
import { createInterpreter, type Interpreter } from '../../src/isa/interpreter.js';
import type { Program } from '../../src/isa/program.js';
import { REG_EXIT, REG_IP, REGISTER_STRIDE } from '../../src/isa/register-file.js';
import { createPhysicalViews } from '../../src/memory/physical-views.js';
import { FakeMemoryPort } from './fake-memory-port.js';

/** Where text is, in virtual and in physical memory. */
export const TEXT_BASE = 0x400000;
const TEXT_PHYSICAL = 0x8000;
const TEXT_BYTES = 0x4000;

/**
 * Data pages, virtual to physical: neighbours that are apart in physical memory, two that share a
 * translation entry, and the last page of the address space.
 */
export const DATA_PAGES: ReadonlyMap<number, number> = new Map([
  [0x20, 0x3000],
  [0x21, 0x1000],
  [0x60, 0x2000],
  [0xfffff, 0x4000],
]);

/** One machine with a fake memory port and room for two threads. */
export class TestMachine {
  /** Register file offset of the thread that runs; not 0, so that mix-ups show. */
  readonly base: number = REGISTER_STRIDE;
  /** Offset of the translations of its address space. */
  readonly tlb: number = TRANSLATION_ENTRIES * 4;
  readonly environment: ExecutionEnvironment & { readonly port: FakeMemoryPort };
  readonly interpret: Interpreter;

  constructor(uniqueTag?: string) {
    const memory = createPhysicalViews(0x10000);
    this.environment = {
      registers: new Int32Array(2 * REGISTER_STRIDE),
      memory,
      translations: new Int32Array(2 * TRANSLATION_ENTRIES * 4).fill(TRANSLATION_INVALID),
      port: new FakeMemoryPort(memory, DATA_PAGES),
      textBase: TEXT_BASE,
      textPhysical: TEXT_PHYSICAL,
      textBytes: TEXT_BYTES,
    };
    this.interpret = createInterpreter(this.environment, uniqueTag);
  }

  get port(): FakeMemoryPort {
    return this.environment.port;
  }

  get registers(): Int32Array {
    return this.environment.registers.subarray(this.base, this.base + REGISTER_STRIDE);
  }

  get ip(): number {
    return this.registers[REG_IP]!;
  }

  set ip(address: number) {
    this.registers[REG_IP] = address;
  }

  get exit(): number {
    return this.registers[REG_EXIT]!;
  }

  /** Puts a program at the start of text, and the thread at one of its labels. */
  install(program: Program, label?: string): void {
    const { words } = this.environment.memory;
    program.install(words.subarray(TEXT_PHYSICAL >> 2), TEXT_BASE);
    this.ip = TEXT_BASE + (label === undefined ? 0 : program.offsetOf(label));
  }

  /** Fills in the translation of a data page. */
  translate(page: number, writable: boolean): void {
    const entry = this.tlb + (page % TRANSLATION_ENTRIES) * 4;
    const { translations } = this.environment;
    translations[entry] = page << 12;
    translations[entry + 1] = writable ? page << 12 : TRANSLATION_INVALID;
    translations[entry + 2] = DATA_PAGES.get(page)! - (page << 12);
  }

  /** Runs one burst. @returns instructions executed */
  run(budget: number, stopAnywhere = true): number {
    return this.interpret(this.base, this.tlb, budget, stopAnywhere);
  }

  /** The word at a virtual address of a data page. */
  peek(address: number): number {
    const physical = DATA_PAGES.get(address >>> 12)! + (address & 0xfff);
    return this.environment.memory.words[physical >> 2]!;
  }

  /** Sets the word at a virtual address of a data page. */
  poke(address: number, value: number): void {
    const physical = DATA_PAGES.get(address >>> 12)! + (address & 0xfff);
    this.environment.memory.words[physical >> 2] = value;
  }

  /** Everything that an executor may change, for comparison. */
  state(): object {
    return {
      registers: [...this.environment.registers],
      memory: this.#usedWords(),
      calls: [...this.port.calls],
      fault: this.port.fault,
    };
  }

  /** Every word of physical memory that is not 0, by its physical address. */
  #usedWords(): Record<number, number> {
    const used: Record<number, number> = {};
    const { words } = this.environment.memory;
    for (let index = 0; index < words.length; index++)
      if (words[index] !== 0) used[index * 4] = words[index]!;
    return used;
  }
}
