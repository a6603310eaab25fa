import { describe, expect, it } from 'vitest';
import { StaleProgram } from '../../src/composition/returnable-program.js';
import type { StateImage } from '../../src/composition/state-return.js';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import type { Operation } from '../../src/kernel/operation.js';
import type { Thread } from '../../src/kernel/thread.js';
import { Machine } from '../../src/machine.js';

const STEP = encodeDecision(DecisionKind.Step, 0, 1);

/** A machine with one thread that adds up what it loads, in front of its first access. */
function adding(loads: number): { machine: Machine; word: number; sums: number[] } {
  const director = new ScriptedDirector([], { granularity: 'access' });
  const machine = new Machine({ cpus: 1, maxThreads: 2, fingerprint: true }, director);
  const process = machine.createProcess('main');
  const word = process.allocate(4);
  const sums: number[] = [];
  process.spawn(function* add(t: Thread): Operation<void> {
    let sum = 0;
    for (let i = 0; i < loads; i++) sum += yield* t.load(word);
    sums.push(sum);
  });
  machine.state.back.begin();
  settle(machine);
  return { machine, word, sums };
}

function settle({ state }: Machine): void {
  while (state.phases.settle());
}

/** Sets the word, then lets the thread load it. */
function load(machine: Machine, word: number, value: number): void {
  machine.process(0).write32(word, value);
  expect(machine.state.phases.carryOut(STEP)).toBe(true);
  settle(machine);
}

function imageOf({ state }: Machine): StateImage {
  const words = new Int32Array(4096);
  return {
    columns: state.back.kernelImage(),
    common: words.slice(0, state.commonWords(words)),
    ofThreads: [state.back.ownImage('thread', 0)],
    ofCpus: [state.back.ownImage('cpu', 0)],
    threads: [state.back.threadImage(0)],
    entries: [words.slice(0, state.entryWords(0, words))],
  };
}

/** What tells apart where the thread is. */
function placeOf({ state }: Machine): number[] {
  const words = new Int32Array(64);
  return [...words.subarray(0, state.threadWords(0, words))];
}

describe('a machine that returns to a state', () => {
  it('goes on with the program that is there', () => {
    const { machine, word, sums } = adding(2);
    load(machine, word, 1);
    machine.state.back.restore(imageOf(machine));
    load(machine, word, 2);
    expect(sums).toEqual([3]);
  });

  it('does again what a program did before with what it received, though the program is elsewhere', () => {
    const { machine, word, sums } = adding(2);
    const start = imageOf(machine);
    load(machine, word, 1);
    const between = placeOf(machine);
    load(machine, word, 2);
    const end = placeOf(machine);
    machine.state.back.restore(start);
    load(machine, word, 1);
    expect(placeOf(machine)).toEqual(between);
    load(machine, word, 2);
    expect(placeOf(machine)).toEqual(end);
    expect(sums).toEqual([3]);
  });

  it('says so where a program that is elsewhere would receive something new', () => {
    const { machine, word } = adding(2);
    const start = imageOf(machine);
    load(machine, word, 1);
    machine.state.back.restore(start);
    expect(() => {
      load(machine, word, 7);
    }).toThrow(StaleProgram);
  });

  it('brings back a thread that has exited', () => {
    const { machine, word } = adding(1);
    const start = imageOf(machine);
    load(machine, word, 1);
    expect(machine.state.phases.carryOut(STEP)).toBe(true);
    expect(machine.liveThreads).toBe(0);
    machine.state.back.restore(start);
    expect(machine.liveThreads).toBe(1);
    load(machine, word, 1);
    expect(machine.state.exitsUnseen(0)).toBe(true);
  });
});
