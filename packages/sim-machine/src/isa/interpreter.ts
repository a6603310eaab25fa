import type { MemoryOrder } from '../memory/memory-port.js';
import { createAccessUnit, type AccessUnit } from './access-unit.js';
import type { ExecutionEnvironment } from './execution-environment.js';
import type { ExitReason } from './exit-reason.js';
import { evaluate } from './generated-code.js';
import type { OpcodeOf } from './opcodes.js';
import type { REG_EXIT, REG_IP } from './register-file.js';
import type { TagMask } from './tag-mask.js';
import { VISIBLE_OPCODES_FROM_32 } from './visibility.js';

/**
 * Executes a thread's instructions until the budget is spent or the thread has to be looked at.
 *
 * Before each instruction: when `budget` instructions are done, it stops if the instruction is
 * visible or `stopAnywhere` is set (and in any case 100,000 instructions later). ip, registers and
 * the {@link ExitReason} are left in the register file.
 *
 * @param base word offset of the thread's registers, a multiple of REGISTER_STRIDE
 * @param tlb word offset of its address space's translations
 * @param budget in instructions, an int32
 * @returns instructions executed
 */
export type Interpreter = (
  base: number,
  tlb: number,
  budget: number,
  stopAnywhere: boolean,
) => number;

/**
 * Makes the interpreter of one machine: the reference that compiled code is held to.
 *
 * Fields of a word that its format does not use are ignored. The first interpreter made in a host
 * process is compiled with its machine's arrays as constants; those made later share their code and
 * take about 1.8 times as long an instruction, unless they are given a tag.
 *
 * @param uniqueTag where given, the interpreter gets code of its own: worth it for a machine that
 *   runs long, not for one that runs briefly, since new code starts cold. Without effect where the
 *   host forbids code from strings.
 */
export function createInterpreter(
  environment: ExecutionEnvironment,
  uniqueTag?: string,
): Interpreter {
  const access = createAccessUnit(environment);
  const own = uniqueTag === undefined ? undefined : loopFromText(environment, access, uniqueTag);
  return own ?? createLoop(environment, access, VISIBLE_OPCODES_FROM_32);
}

/** A loop with code of its own; undefined where its text does not stand on its own after all. */
function loopFromText(
  environment: ExecutionEnvironment,
  access: AccessUnit,
  uniqueTag: string,
): Interpreter | undefined {
  try {
    return evaluate(
      `return (${createLoop.toString()})(environment, access, visibleFrom32)`,
      { environment, access, visibleFrom32: VISIBLE_OPCODES_FROM_32 },
      uniqueTag,
    ) as Interpreter | undefined;
  } catch {
    // A build step has put names into the text that exist in its module only.
    return undefined;
  }
}

/**
 * Makes the interpreter's loop.
 *
 * It refers to its parameters and to nothing else, so that its text stands on its own. Case labels
 * and codes are literals and sums are int32, so that V8 makes one jump table and no overflow checks.
 *
 * `pc` counts in words of physical memory. `end` is where the budget would run out if control went
 * straight on; whatever moves `pc` by other than one word moves `end` along, so that instructions
 * need no counter of their own.
 */
function createLoop(
  {
    registers,
    translations,
    port,
    textBase,
    textPhysical,
    memory,
    textBytes,
  }: ExecutionEnvironment,
  access: AccessUnit,
  visibleFrom32: number,
): Interpreter {
  const { words } = memory;
  const toPhysical = (textPhysical - textBase) | 0;
  const textEnd = textBytes ?? words.length * 4 - textPhysical;

  return function interpret(registerBase, translationBase, budgetInstructions, stopAnywhere) {
    const wordTag = -0x0ffd satisfies typeof TagMask.Word;
    const base = registerBase | 0;
    const tlb = translationBase | 0;
    const budget = budgetInstructions > 0x3fffffff ? 0x3fffffff : budgetInstructions | 0;
    const overrun = stopAnywhere ? 0 : 100_000;
    const ip = registers[base | (16 satisfies typeof REG_IP)]!;
    let pc = ((ip + toPhysical) | 0) >> 2;
    let end = (pc + budget) | 0;
    let exit: ExitReason = 0 satisfies typeof ExitReason.Budget;

    if ((ip & 3) !== 0 || (ip - textBase) >>> 0 >= textEnd) {
      registers[base | (17 satisfies typeof REG_EXIT)] = 4 satisfies typeof ExitReason.Illegal;
      return 0;
    }

    run: for (;;) {
      const word = words[pc]!;
      if (pc >= end) {
        const isVisible = (word & 32) !== 0 && ((visibleFrom32 >>> (word & 31)) & 1) === 1;
        if (isVisible || ((pc - end) | 0) >= overrun) break;
      }
      const a = (base + ((word >>> 6) & 15)) | 0;
      const b = (base + ((word >>> 10) & 15)) | 0;
      const immediate = word >> 14;

      switch (word & 63) {
        case 1 satisfies OpcodeOf<'ret'>:
          exit = 1 satisfies typeof ExitReason.Return;
          end = (end - 1) | 0;
          break run;
        case 2 satisfies OpcodeOf<'nop'>:
        case 57 satisfies OpcodeOf<'pause'>:
          break;
        case 3 satisfies OpcodeOf<'li'>:
          registers[a] = immediate;
          break;
        case 4 satisfies OpcodeOf<'li32'>:
          pc = (pc + 1) | 0;
          end = (end + 1) | 0;
          registers[a] = words[pc]!;
          break;
        case 5 satisfies OpcodeOf<'mov'>:
          registers[a] = registers[b]!;
          break;

        case 6 satisfies OpcodeOf<'add'>:
          registers[a] = (registers[b]! + registers[(base + (immediate & 15)) | 0]!) | 0;
          break;
        case 7 satisfies OpcodeOf<'sub'>:
          registers[a] = (registers[b]! - registers[(base + (immediate & 15)) | 0]!) | 0;
          break;
        case 8 satisfies OpcodeOf<'and'>:
          registers[a] = registers[b]! & registers[(base + (immediate & 15)) | 0]!;
          break;
        case 9 satisfies OpcodeOf<'or'>:
          registers[a] = registers[b]! | registers[(base + (immediate & 15)) | 0]!;
          break;
        case 10 satisfies OpcodeOf<'xor'>:
          registers[a] = registers[b]! ^ registers[(base + (immediate & 15)) | 0]!;
          break;
        case 11 satisfies OpcodeOf<'shl'>:
          registers[a] = registers[b]! << registers[(base + (immediate & 15)) | 0]!;
          break;
        case 12 satisfies OpcodeOf<'shr'>:
          registers[a] = registers[b]! >>> registers[(base + (immediate & 15)) | 0]!;
          break;
        case 13 satisfies OpcodeOf<'sar'>:
          registers[a] = registers[b]! >> registers[(base + (immediate & 15)) | 0]!;
          break;
        case 14 satisfies OpcodeOf<'mul'>:
          registers[a] = Math.imul(registers[b]!, registers[(base + (immediate & 15)) | 0]!);
          break;
        case 15 satisfies OpcodeOf<'slt'>:
          registers[a] = registers[b]! < registers[(base + (immediate & 15)) | 0]! ? 1 : 0;
          break;
        case 16 satisfies OpcodeOf<'sltu'>:
          registers[a] =
            registers[b]! >>> 0 < registers[(base + (immediate & 15)) | 0]! >>> 0 ? 1 : 0;
          break;

        case 17 satisfies OpcodeOf<'addi'>:
          registers[a] = (registers[b]! + immediate) | 0;
          break;
        case 18 satisfies OpcodeOf<'andi'>:
          registers[a] = registers[b]! & immediate;
          break;
        case 20 satisfies OpcodeOf<'ori'>:
          registers[a] = registers[b]! | immediate;
          break;
        case 21 satisfies OpcodeOf<'xori'>:
          registers[a] = registers[b]! ^ immediate;
          break;
        case 22 satisfies OpcodeOf<'shli'>:
          registers[a] = registers[b]! << immediate;
          break;
        case 23 satisfies OpcodeOf<'shri'>:
          registers[a] = registers[b]! >>> immediate;
          break;
        case 24 satisfies OpcodeOf<'sari'>:
          registers[a] = registers[b]! >> immediate;
          break;
        case 25 satisfies OpcodeOf<'muli'>:
          registers[a] = Math.imul(registers[b]!, immediate);
          break;
        case 26 satisfies OpcodeOf<'slti'>:
          registers[a] = registers[b]! < immediate ? 1 : 0;
          break;
        case 27 satisfies OpcodeOf<'sltiu'>:
          registers[a] = registers[b]! >>> 0 < immediate >>> 0 ? 1 : 0;
          break;

        case 28 satisfies OpcodeOf<'beq'>:
          if (registers[a] === registers[b]) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 29 satisfies OpcodeOf<'bne'>:
          if (registers[a] !== registers[b]) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 30 satisfies OpcodeOf<'blt'>:
          if (registers[a]! < registers[b]!) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 31 satisfies OpcodeOf<'bge'>:
          if (registers[a]! >= registers[b]!) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 32 satisfies OpcodeOf<'bltu'>:
          if (registers[a]! >>> 0 < registers[b]! >>> 0) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 33 satisfies OpcodeOf<'bgeu'>:
          if (registers[a]! >>> 0 >= registers[b]! >>> 0) {
            pc = (pc + immediate - 1) | 0;
            end = (end + immediate - 1) | 0;
          }
          break;
        case 34 satisfies OpcodeOf<'jmp'>:
          pc = (pc + immediate - 1) | 0;
          end = (end + immediate - 1) | 0;
          break;

        case 39 satisfies OpcodeOf<'ld32'>: {
          const address = (registers[b]! + immediate) | 0;
          const entry = (tlb + ((address >>> 10) & 0xfc)) | 0;
          if ((address & wordTag) === translations[entry]!) {
            registers[a] = words[((address + translations[entry + 2]!) | 0) >> 2]!;
            break;
          }
          // Whoever listens to accesses may ask where the thread is.
          registers[base | (16 satisfies typeof REG_IP)] = ((pc << 2) - toPhysical) | 0;
          const value = port.load(address, 4, 0 satisfies typeof MemoryOrder.Plain);
          if (port.fault !== 0) {
            exit = 3 satisfies typeof ExitReason.Fault;
            break run;
          }
          registers[a] = value;
          break;
        }
        case 43 satisfies OpcodeOf<'st32'>: {
          const address = (registers[b]! + immediate) | 0;
          const entry = (tlb + ((address >>> 10) & 0xfc)) | 0;
          if ((address & wordTag) === translations[entry + 1]!) {
            words[((address + translations[entry + 2]!) | 0) >> 2] = registers[a]!;
            break;
          }
          registers[base | (16 satisfies typeof REG_IP)] = ((pc << 2) - toPhysical) | 0;
          port.store(address, 4, registers[a]!, 0, 0 satisfies typeof MemoryOrder.Plain);
          if (port.fault !== 0) {
            exit = 3 satisfies typeof ExitReason.Fault;
            break run;
          }
          break;
        }

        default:
          registers[base | (16 satisfies typeof REG_IP)] = ((pc << 2) - toPhysical) | 0;
          // An int32 to V8 too, which otherwise takes all codes for numbers of any kind.
          exit = (access(word, base, tlb) | 0) as ExitReason;
          if (exit === (0 satisfies typeof ExitReason.Budget)) break;
          if (exit === (2 satisfies typeof ExitReason.Syscall)) {
            pc = (pc + 1) | 0;
          }
          break run;
      }
      pc = (pc + 1) | 0;
    }

    registers[base | (16 satisfies typeof REG_IP)] = ((pc << 2) - toPhysical) | 0;
    registers[base | (17 satisfies typeof REG_EXIT)] = exit;
    return (budget - end + pc) | 0;
  };
}
