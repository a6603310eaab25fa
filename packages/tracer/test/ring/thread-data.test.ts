import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import { CallRcu, CountedFlavour, DeferRcu, QsbrFlavour } from '@rseqlab/urcu';
import { expect, it } from 'vitest';
import { RingBuffers } from '../../src/ring/ring-buffers.js';

it('what a library keeps in a thread is not what another keeps there', () => {
  const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const geometry = { subbufBytes: 256, subbufCount: 2, mode: 'discard', isShared: false } as const;
  RingBuffers.create(machine, process, geometry);
  const qsbr = QsbrFlavour.create(machine, process);
  for (const name of ['memb', 'mb', 'bp'] as const) CountedFlavour.create(machine, process, name);
  CallRcu.create(machine, process, qsbr);
  DeferRcu.create(process, qsbr);
  for (const [offset, owner] of [
    [128, 'memb'],
    [136, 'mb'],
    [144, 'bp'],
    [152, 'qsbr'],
    [160, 'call_rcu'],
    [164, 'defer_rcu'],
    [176, 'the tracer'],
  ] as const)
    expect(() => {
      process.threadData.claim(offset, 4, 'another library');
    }).toThrow(`for another library, got that of ${owner}`);
});
