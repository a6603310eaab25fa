import { expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import { directTraces, openTrace } from '../../src/consumer/trace-output.js';
import { MemorySink } from '../../src/consumer/trace-sink.js';

const machine = (): Machine => new Machine({ cpus: 1 }, new TimedDirector());

it('a trace goes where those of its machine were directed to, and into memory elsewhere', () => {
  const [directed, other] = [machine(), machine()];
  const opened = new Map<string, MemorySink>();
  directTraces(directed, (name) => {
    const sink = new MemorySink();
    opened.set(name, sink);
    return sink;
  });
  expect(openTrace(directed, 'shop')).toBe(opened.get('shop'));
  const sink = openTrace(other, 'shop');
  expect(sink).toBeInstanceOf(MemorySink);
  expect(sink).not.toBe(opened.get('shop'));
});
