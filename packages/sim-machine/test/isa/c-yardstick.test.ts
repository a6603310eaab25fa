import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { createInterpreter, type Interpreter } from '../../src/isa/interpreter.js';
import type { Program } from '../../src/isa/program.js';
import { REG_EXIT, REG_IP, REGISTER_STRIDE } from '../../src/isa/register-file.js';
import { verifySections } from '../../src/isa/section-verifier.js';
import { createPhysicalViews } from '../../src/memory/physical-views.js';
import { FakeMemoryPort } from './fake-memory-port.js';
import { buildAnything, buildSection, drafts, starts, type Start } from './random-routine.js';

const compiler = 'gcc';
const yardstick = fileURLToPath(new URL('../../../../bench/yardstick/', import.meta.url));
const source = join(yardstick, 'isa.c');
const hasCompiler = spawnSync(compiler, ['--version']).status === 0;

const MEMORY_BYTES = 0x10000;
const TEXT = 0x1000;
const DATA = [0x8040, 0x9040, 0xb040, 0xf040];
const memory = createPhysicalViews(MEMORY_BYTES);
const registers = new Int32Array(REGISTER_STRIDE);
const translations = new Int32Array(256);
const pages = new Map(Array.from({ length: 16 }, (_, page) => [page, page * 4096]));
const port = new FakeMemoryPort(memory, pages);
const interpret: Interpreter = createInterpreter({
  registers,
  memory,
  translations,
  port,
  textBase: TEXT,
  textPhysical: TEXT,
});

interface Case {
  readonly program: Program;
  readonly start: Start;
  readonly budget: number;
  readonly stopAnywhere: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  program: fc.oneof(
    drafts(30).map(buildAnything),
    fc.tuple(drafts(24), drafts(1)).map(([body, commit]) => buildSection(body, commit[0]!)),
  ),
  start: starts,
  budget: fc.nat(100),
  stopAnywhere: fc.boolean(),
});

/** Runs a case here, and says in one line what came of it, as the C program does. */
function runHere({ program, start, budget, stopAnywhere }: Case): string {
  memory.words.fill(0);
  translations.fill(0x800);
  registers.set(initialRegisters(start));
  registers[REG_IP] = TEXT;
  program.install(memory.words.subarray(TEXT >> 2), TEXT);
  for (const [index, address] of DATA.entries()) {
    memory.words.set(start.memory, address >> 2);
    if (start.translations[index] === 0) continue;
    const page = address & -4096;
    translations.set([page, start.translations[index] === 2 ? page : 0x800, 0], page >> 10);
  }
  const executed = interpret(0, 0, budget, stopAnywhere);
  const head = [executed, registers[REG_EXIT]!, registers[REG_IP], ...registers.subarray(0, 16)];
  const used = [...memory.words.entries()].filter(([, word]) => word !== 0);
  return [...head.map(hex), ...used.map(([i, word]) => `${hex(i * 4)}:${hex(word)}`)].join(' ');
}

/** A case as the C program reads it. */
function caseText({ program, start, budget, stopAnywhere }: Case): string {
  const text = program.relocated(TEXT);
  const blocks = [[TEXT, text.length, ...text], ...DATA.map((at) => [at, 64, ...start.memory])];
  const head = [budget, Number(stopAnywhere), ...initialRegisters(start), TEXT, blocks.length];
  return [...head, ...blocks.flat()].map(hex).join(' ');
}

function initialRegisters(start: Start): number[] {
  const values = [...start.registers];
  for (const [index, address] of DATA.entries()) values[10 + index] = address;
  return values;
}

function hex(word: number): string {
  return (word >>> 0).toString(16);
}

describe.skipIf(!hasCompiler)('the C yardstick (skipped where gcc is missing)', () => {
  it('leaves the registers and memory that the interpreter leaves, for random programs', () => {
    const seed = fc.readConfigureGlobal().seed ?? Date.now() & 0x7fffffff;
    const samples = fc.sample(cases, { numRuns: 1000, seed });
    const folder = mkdtempSync(join(tmpdir(), 'rseqlab-yardstick-'));
    try {
      const binary = join(folder, 'isa');
      const input = join(folder, 'cases');
      execFileSync(compiler, ['-std=c99', '-O2', '-DCHECKED', '-o', binary, source]);
      writeFileSync(input, samples.map(caseText).join('\n'));
      const output = execFileSync(binary, ['run', input], { maxBuffer: 1 << 28 }).toString();
      const there = output.trimEnd().split('\n');
      expect(there.length).toBe(samples.length);
      const exits = new Set<number>();
      for (const [index, sample] of samples.entries()) {
        const here = runHere(sample);
        if (here !== there[index]) expect(here, `seed ${seed}, case ${index}`).toBe(there[index]);
        exits.add(registers[REG_EXIT]!);
      }
      const { Budget, Return, Fault, Breakpoint } = ExitReason;
      for (const exit of [Budget, Return, Fault, Breakpoint]) expect(exits).toContain(exit);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the program that yardstick and machine are measured with', () => {
  const program = assemble(readFileSync(join(yardstick, 'increment.s'), 'utf8'), 'increment.s');

  it('adds r3 to the counter of the CPU r7 times, in 10 instructions each', () => {
    memory.words.fill(0);
    translations.fill(0x800);
    program.install(memory.words.subarray(TEXT >> 2), TEXT);
    registers.fill(0);
    registers.set([0x8000, 0x9000, 5, 0, 0, 0, 7], 1);
    registers[REG_IP] = TEXT;
    memory.words[0x8004 >> 2] = 3;
    expect(interpret(0, 0, 1000, true)).toBe(7 * 10 + 1);
    expect(registers[REG_EXIT]).toBe(ExitReason.Return);
    expect(memory.words[(0x9000 + 3 * 64) >> 2]).toBe(35);
    expect(memory.words[0x8008 >> 2]).toBe(TEXT + program.offsetOf('cs'));
  });

  it('has a sound section', () => {
    expect(() => verifySections(program)).not.toThrow();
  });
});
