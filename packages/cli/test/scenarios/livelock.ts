import { scenario } from '@rseqlab/explorer';
import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';

const { r1, r2, r3, r4 } = Registers;

/** Raises the own flag again and again until the other's is down, which it never is. */
const program = new ProgramBuilder('stubborn')
  .label('enter')
  .li32(r3, 1)
  .st32(r3, r1)
  .label('again')
  .ld32(r4, r2)
  .beq(r4, r3, 'again')
  .ret()
  .build();

export default scenario({
  name: 'flags that stay up',
  machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
  events: { preemption: false, migration: false },
  setup(lab) {
    const flags = lab.process.allocate(8);
    const enter = lab.machine.install(program).routine('enter');
    for (let cpu = 0; cpu < 2; cpu++)
      lab.spawn((t) => t.call(enter, flags + 4 * cpu, flags + 4 * (1 - cpu)), {
        cpu,
        name: `stubborn${cpu}`,
      });
  },
});
