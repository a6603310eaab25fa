import { DecisionKind, SignalNumber, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { DebugSession } from './debug-session.js';
import { cpuOf, integerOf, noMore, refused, threadOf, threadOrSelected } from './words.js';

/** A kind of event that can be made to happen by a command. */
export interface EventKind {
  readonly kind: DecisionKind;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage?: string;
  readonly summary: string;
  /** The decision that words ask for. */
  decision(session: DebugSession, words: readonly string[]): Decision;
  /** The command that makes a decision of the kind. */
  text(x: number, y: number): string;
}

const MOST_OPERANDS = 0xffff;

/** An event that is about a CPU, that of the selected thread unless one is named. */
function ofCpu(kind: DecisionKind, name: string, summary: string): EventKind {
  return {
    kind,
    name,
    usage: '[CPU]',
    summary,
    decision(session, [word, ...rest]) {
      noMore(rest);
      const own = session.run.machine.threads.cpu[session.selected]!;
      return encodeDecision(kind, word === undefined ? own : cpuOf(session, word), 0);
    },
    text: (cpu) => `${name} ${cpu}`,
  };
}

/** An event that is about a thread, the selected one unless one is named. */
function ofThread(kind: DecisionKind, name: string, summary: string): EventKind {
  return {
    kind,
    name,
    usage: '[T]',
    summary,
    decision(session, words) {
      const { thread, rest } = threadOrSelected(session, words);
      noMore(rest);
      return encodeDecision(kind, 0, thread);
    },
    text: (_, thread) => `${name} T${thread}`,
  };
}

const preempt: EventKind = {
  kind: DecisionKind.Preempt,
  name: 'preempt',
  usage: '[T]',
  summary:
    'give a CPU to T, which is queued there; without T to who waits for the CPU of the selected thread',
  decision(session, [word, ...rest]) {
    if (word === 'now') return preempt.decision(session, rest);
    noMore(rest);
    const { threads, machine } = session.run;
    const cpu = machine.threads.cpu[session.selected]!;
    const isQueued = (state: string, on: number): boolean => state === 'ready' && on === cpu;
    const next =
      word === undefined
        ? threads.find(({ state, cpu: on }) => isQueued(state, on))?.thread
        : threadOf(session, word);
    if (next === undefined && cpu < 0)
      throw refused(
        'a selected thread that has a CPU (thread T1 selects another)',
        `T${session.selected}`,
      );
    if (next === undefined)
      throw refused(`a thread that waits for CPU ${cpu} (migrate T1 to ${cpu} brings one)`, 'none');
    return encodeDecision(DecisionKind.Preempt, machine.threads.cpu[next]!, next);
  },
  text: (_, thread) => `preempt T${thread}`,
};

const migrate: EventKind = {
  kind: DecisionKind.Migrate,
  name: 'migrate',
  usage: '[T] [to] CPU',
  summary: 'move a thread to another CPU',
  decision(session, words) {
    const given = words.filter((word) => word !== 'to');
    const [cpu, ...rest] = given.slice(-1);
    noMore(rest);
    if (given.length > 2) noMore(given.slice(2));
    const thread = given.length > 1 ? threadOf(session, given[0]) : session.selected;
    return encodeDecision(DecisionKind.Migrate, cpuOf(session, cpu), thread);
  },
  text: (cpu, thread) => `migrate T${thread} to ${cpu}`,
};

const signal: EventKind = {
  kind: DecisionKind.Signal,
  name: 'signal',
  usage: 'SIGNAL [T]',
  summary: 'send a signal to a thread, by number or name (10, SIGUSR1)',
  decision(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    const [word, ...more] = rest;
    noMore(more);
    const named = Object.entries(SignalNumber).find(
      ([name]) => name === word?.toUpperCase() || name === `SIG${word?.toUpperCase()}`,
    );
    const number = named?.[1] ?? integerOf('a signal', word, 1, 64);
    return encodeDecision(DecisionKind.Signal, number, thread);
  },
  text: (number, thread) => `signal ${number} T${thread}`,
};

const timer: EventKind = {
  kind: DecisionKind.Timer,
  name: 'timer',
  usage: 'N',
  summary: 'let a timer expire (events lists those that are armed)',
  decision(_session, [word, ...rest]) {
    noMore(rest);
    const number = integerOf('a timer', word, 0, 0xfff_ffff);
    return encodeDecision(DecisionKind.Timer, number >>> 16, number & MOST_OPERANDS);
  },
  text: (x, y) => `timer ${(x << 16) | y}`,
};

const kill: EventKind = {
  kind: DecisionKind.Kill,
  name: 'kill',
  usage: 'PROCESS',
  summary: 'kill a process where it stands, by name',
  decision({ run }, words) {
    const { machine, threads } = run;
    const wanted = words.join(' ');
    const living = threads.filter(({ state }) => state !== 'ended');
    const processes = living.map(({ thread }) => machine.process(machine.threads.process[thread]!));
    const process = processes.find(({ name }) => name === wanted);
    if (process === undefined) {
      const names = [...new Set(processes.map(({ name }) => name))].join(', ');
      throw refused(`a process that lives (${names})`, wanted === '' ? undefined : wanted);
    }
    return encodeDecision(DecisionKind.Kill, 0, process.id);
  },
  text: (_, process) => `kill (process ${process})`,
};

/** Everything that can be made to happen besides steps. */
export const EVENT_KINDS: readonly EventKind[] = [
  preempt,
  migrate,
  signal,
  ofCpu(DecisionKind.Tick, 'tick', 'the timer interrupt of a CPU'),
  ofThread(DecisionKind.PageOut, 'page-out', 'take away the page that a thread accesses next'),
  ofThread(DecisionKind.PageIn, 'page-in', 'bring the page that a thread waits for'),
  ofCpu(DecisionKind.Offline, 'offline', 'take a CPU offline'),
  ofCpu(DecisionKind.Online, 'online', 'bring a CPU online'),
  ofCpu(DecisionKind.Drain, 'drain', "let a CPU's oldest buffered store reach memory"),
  timer,
  ofThread(DecisionKind.SpuriousWake, 'wake', 'wake a thread from its futex for no reason'),
  kill,
];
