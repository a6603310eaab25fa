import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import { CallRcu, CountedFlavour, DeferRcu, QsbrFlavour } from '@rseqlab/urcu';
import { expect, it } from 'vitest';
import { RingBuffers } from '../../src/ring/ring-buffers.js';

it('what the tracer keeps in a thread is not what another library keeps there', () => {
  const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const geometry = { subbufBytes: 256, subbufCount: 2, mode: 'discard', isShared: false } as const;
  RingBuffers.create(machine, process, geometry);
  const qsbr = QsbrFlavour.create(machine, process);
  for (const name of ['memb', 'mb', 'bp'] as const) CountedFlavour.create(machine, process, name);
  CallRcu.create(machine, process, qsbr);
  DeferRcu.create(process, qsbr);
  expect(() => {
    process.threadData.claim(176, 4, 'another library');
  }).toThrow('got that of the tracer');
});
