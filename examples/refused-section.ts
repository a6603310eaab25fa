// A section that enters the kernel, and computes behind its store: the verifier says no.
import { scenario } from '@rseqlab/explorer';
import { emitSection, installSections, rseq } from '@rseqlab/rseq-runtime';
import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';

const { r0, r1, r2 } = Registers;

const program = new ProgramBuilder('log record').label('append');
emitSection(program, {
  name: 'cs',
  body: (section) =>
    section
      .note('count = buffer->count + 1')
      .ld32(r2, r1)
      .addi(r2, r2, 1)
      .note('sched_yield()')
      .li(r0, 24)
      .syscall()
      .note('commit: buffer->count = count')
      .st32(r2, r1)
      .note('what is left')
      .addi(r2, r2, -8),
  aborted: 'append',
});

export default scenario({
  name: 'refused section',
  machine: { kernel: [rseq()] },
  setup({ machine }) {
    installSections(machine, program.ret().build());
  },
});
