import {
  REGISTER_STRIDE,
  RegisterFile,
  ThreadState,
  WaitKind,
  decodeInstruction,
} from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { hexadecimal, threadText } from './shadow-findings.js';
import type { WindowRead } from '../search/spin/read-windows.js';
import type { ThreadWait } from './thread-wait.js';
import type { WaitHistory } from './wait-history.js';

/** Owners of futexes below this are address spaces, whose words are known by their address. */
const FIRST_OBJECT_OWNER = 0x10000;

/** A wait as it is found, before it is put in words. */
type Wait = Omit<ThreadWait, 'thread' | 'name' | 'text'>;

/** Threads that spin, with what each reads in one round. */
export type SpinningThreads = ReadonlyMap<number, readonly Pick<WindowRead, 'address' | 'value'>[]>;

/** What every thread that is left waits for; of a machine where none can go on. */
export function threadWaits(
  machine: Machine,
  history: WaitHistory,
  spinning: SpinningThreads = new Map(),
): readonly ThreadWait[] {
  const waits: ThreadWait[] = [];
  const { threads } = machine;
  for (let thread = 0; thread < threads.highWater; thread++) {
    const state = threads.state[thread];
    if (state === ThreadState.Free || state === ThreadState.Zombie) continue;
    const wait =
      state === ThreadState.Runnable
        ? runnableOf(machine, thread, history, spinning.get(thread) ?? [])
        : sleepOf(machine, thread, history);
    const { name } = machine.thread(thread);
    waits.push({ thread, name, ...wait, text: waitText(machine, wait) });
  }
  return waits;
}

/** A thread that spins waits for what somebody holds, or else for the word that it read last. */
function runnableOf(
  machine: Machine,
  thread: number,
  history: WaitHistory,
  round: readonly Pick<WindowRead, 'address' | 'value'>[],
): Wait {
  const isHeld = ({ address }: { address: number }): boolean =>
    history.holder(address) !== undefined;
  const read = round.find(isHeld) ?? round.at(-1);
  if (read === undefined) return awaitOf(machine, thread, history);
  const word = wordAt(machine, thread, read.address & ~3, history);
  return { resource: 'await', expected: read.value, ...word };
}

function awaitOf(machine: Machine, thread: number, history: WaitHistory): Wait {
  const { registers } = machine.threads;
  const base = thread * REGISTER_STRIDE;
  const ip = registers[base + RegisterFile.Ip]!;
  const installed = machine.programAt(ip);
  const word = installed?.program.words[(ip - installed.address) >> 2] ?? 0;
  const instruction = decodeInstruction(word, 0);
  if (instruction?.definition.effect.kind !== 'await') return { resource: 'turn' };
  const address = (registers[base + instruction.b]! + instruction.immediate) >>> 0;
  const expected = registers[base + instruction.c]!;
  return { resource: 'await', expected, ...wordAt(machine, thread, address, history) };
}

function sleepOf(machine: Machine, thread: number, history: WaitHistory): Wait {
  const { waitKind, waitKey } = machine.threads;
  switch (waitKind[thread]) {
    case WaitKind.Futex:
      return futexOf(machine, thread, history);
    case WaitKind.Child:
      return childOf(machine, thread, waitKey[thread]!);
    case WaitKind.Signal:
      return { resource: 'signal' };
    case WaitKind.Stop:
      return { resource: 'tracer' };
    case WaitKind.Page:
      return { resource: 'page' };
    default:
      return { resource: 'time' };
  }
}

function futexOf(machine: Machine, thread: number, history: WaitHistory): Wait {
  const isPrivate = (machine.column('futex.owner')?.[thread] ?? 0) < FIRST_OBJECT_OWNER;
  const key = isPrivate ? machine.column('futex.offset')?.[thread] : undefined;
  const address = (key ?? machine.threads.waitKey[thread]!) >>> 0;
  const joined = joinedAt(machine, address);
  if (joined !== undefined) return { resource: 'join', address, holder: joined };
  const sleep = history.sleep(thread);
  return {
    resource: 'futex',
    ...(sleep?.address === address && { expected: sleep.expected }),
    ...wordAt(machine, thread, address, history),
  };
}

/** The thread that clears the word when it ends. */
function joinedAt(machine: Machine, address: number): number | undefined {
  const cleared = machine.column('thread.clearChildTid');
  const { threads } = machine;
  for (let thread = 0; cleared !== undefined && thread < threads.highWater; thread++)
    if (cleared[thread] !== 0 && cleared[thread]! >>> 0 === address) return thread;
  return undefined;
}

function childOf(machine: Machine, thread: number, pid: number): Wait {
  const { threads } = machine;
  const parent = threads.process[thread]!;
  for (let other = 0; other < threads.highWater; other++) {
    const state = threads.state[other];
    if (state === ThreadState.Free || state === ThreadState.Zombie) continue;
    const process = machine.process(threads.process[other]!);
    if (process.parent === parent && (pid <= 0 || process.pid === pid))
      return { resource: 'child', holder: other };
  }
  return { resource: 'child' };
}

function wordAt(
  machine: Machine,
  thread: number,
  address: number,
  history: WaitHistory,
): Pick<Wait, 'address' | 'value' | 'holder' | 'isHolderGone'> {
  const process = machine.process(machine.threads.process[thread]!);
  const value = process.read32(address);
  const holder = history.holder(address);
  if (holder === undefined) return { address, value };
  const state = machine.threads.state[holder];
  const isGone = state === ThreadState.Free || state === ThreadState.Zombie;
  return { address, value, holder, ...(isGone && { isHolderGone: true }) };
}

function waitText(machine: Machine, wait: Wait): string {
  const { resource, address, value, holder, isHolderGone } = wait;
  const who = holder === undefined ? '' : threadText(machine, holder);
  const word = address === undefined ? '' : `${hexadecimal(address)} (now ${value ?? 0})`;
  const held =
    holder === undefined
      ? ''
      : `, which ${who} took${isHolderGone === true ? ' and never gave back before it ended' : ''}`;
  switch (resource) {
    case 'futex':
      return `sleeps on futex ${word}${held}`;
    case 'await':
      return `waits for the word at ${word} to change${held}`;
    case 'join':
      return `waits for ${who} to end`;
    case 'child':
      return holder === undefined ? 'waits for a child' : `waits for the process of ${who} to end`;
    case 'signal':
      return 'waits for a signal';
    case 'tracer':
      return 'is stopped, and waits for its tracer';
    case 'page':
      return 'waits for a page';
    case 'time':
      return 'sleeps for a time';
    case 'turn':
      return 'waits for its turn on a CPU';
  }
}
