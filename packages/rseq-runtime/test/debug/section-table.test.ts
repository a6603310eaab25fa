import { Machine, ProgramBuilder, Registers, ScriptedDirector } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { SectionTable } from '../../src/debug/section-table.js';
import { RSEQ_SIGNATURE } from '../../src/kernel/rseq-abi.js';
import { ADD } from './debugged-counter.js';

const { r1, r5 } = Registers;

const TWO = new ProgramBuilder('two')
  .label('entry')
  .section('outer', {
    signature: 7,
    body: (outer) =>
      outer.nop().section('inner', {
        signature: 8,
        body: (inner) => inner.ld32(r5, r1).st32(r5, r1),
        abort: 'entry',
      }),
    abort: 'entry',
  })
  .ret()
  .build();

const machine = new Machine({}, new ScriptedDirector([]));
const add = machine.install(ADD);
const two = machine.install(TWO);
const table = SectionTable.of(machine);

describe('the section table', () => {
  it('lists every section of the installed programs with start, length and abort address', () => {
    expect(table.sections.map(({ program, name }) => `${program}: ${name}`)).toEqual([
      'counter: cs',
      'two: outer',
      'two: inner',
    ]);
    expect(table.sections[0]).toMatchObject({
      startIp: add.addressOf('cs.start'),
      length: add.addressOf('cs.postCommit') - add.addressOf('cs.start'),
      abortIp: add.addressOf('cs.abort'),
      descriptor: add.addressOf('cs'),
      signature: RSEQ_SIGNATURE,
    });
  });

  it('finds the section of an address: the first instruction is inside, the end is not', () => {
    const at = (label: string): string | undefined => table.at(add.addressOf(label))?.name;
    expect(at('add')).toBeUndefined();
    expect(at('cs.start')).toBe('cs');
    expect(table.at(add.addressOf('cs.postCommit') - 4)?.name).toBe('cs');
    expect(at('cs.postCommit')).toBeUndefined();
    expect(at('cs.abort')).toBeUndefined();
  });

  it('finds the innermost of nested sections', () => {
    expect(table.at(two.addressOf('outer.start'))?.name).toBe('outer');
    expect(table.at(two.addressOf('inner.start'))?.name).toBe('inner');
  });

  it('finds a section by its descriptor', () => {
    expect(table.byDescriptor(two.addressOf('inner'))?.name).toBe('inner');
    expect(table.byDescriptor(4)).toBeUndefined();
  });

  it('knows where control leaves: the end, the abort handler, branches out of it', () => {
    const branching = machine.install(
      new ProgramBuilder('branching')
        .label('entry')
        .section('cs', {
          signature: 7,
          body: (section) => section.ld32(r5, r1).bne(r5, r1, 'elsewhere').st32(r5, r1),
          abort: 'entry',
        })
        .ret()
        .label('elsewhere')
        .ret()
        .build(),
    );
    const section = SectionTable.of(machine).at(branching.addressOf('cs.start'));
    expect(section?.exits).toEqual(
      ['cs.postCommit', 'elsewhere', 'cs.abort'].map((label) => branching.addressOf(label)),
    );
  });

  it('is empty without programs that have sections', () => {
    expect(SectionTable.of(new Machine({}, new ScriptedDirector([]))).sections).toEqual([]);
  });
});
