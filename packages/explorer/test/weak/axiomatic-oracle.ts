import { outcomeText, PLACES, REGISTERS } from './weak-program.js';
import type { Instruction, WeakProgram } from './weak-program.js';

/** A read, a write, or a fence; thread -1 wrote what was there at first. */
interface Event {
  readonly id: number;
  readonly thread: number;
  readonly kind: 'R' | 'W' | 'fence' | 'fencer' | 'fencew';
  readonly place: number;
  readonly value: number;
  readonly into: number;
  readonly strong: boolean;
  /** Reads that the address, or the data, comes from. */
  readonly address: number;
  readonly data: number;
  /** The read of the same exchange. */
  readonly pair: number;
}

type Relation = boolean[][];

/**
 * All outcomes of a program by the axioms of ARMv8, with one more: a write comes after the reads before
 * it in its thread (no load buffering).
 *
 * Knows nothing of buffers, views and time: it enumerates which write every read reads from and in
 * which order the writes of every place are, and keeps what the axioms allow.
 *
 * @source Arm Architecture Reference Manual, B2.3 (ordered-before); Pulte et al., POPL 2018, figure 4
 */
export function weakOutcomes(program: WeakProgram): Set<string> {
  const outcomes = new Set<string>();
  forEachExecution(program, (outcome) => outcomes.add(outcome));
  return outcomes;
}

/** How many executions they allow: which write every read reads, and the order of all writes. */
export function weakExecutions(program: WeakProgram): number {
  let count = 0;
  forEachExecution(program, () => (count += 1));
  return count;
}

/** An execution: which write each read reads, and the writes of each place in their order. */
export interface Execution {
  /** By number of read, thread by thread. */
  readonly sources: readonly Pick<Event, 'id' | 'value'>[];
  readonly orders: readonly (readonly Pick<Event, 'id' | 'value'>[])[];
}

/** The executions that the axioms allow and that go on like one of the program without its last reads, if one is given. */
export function executionsFrom(program: WeakProgram, before?: Execution): Execution[] {
  const executions: Execution[] = [];
  forEachExecution(
    program,
    (_outcome, sources, orders) => executions.push({ sources, orders }),
    before,
  );
  return executions;
}

function forEachExecution(
  program: WeakProgram,
  told: (outcome: string, ...execution: [readonly Event[], readonly (readonly Event[])[]]) => void,
  before?: Execution,
): void {
  const events = eventsOf(program);
  const reads = events.filter(({ kind }) => kind === 'R');
  const writesOf = Array.from({ length: PLACES }, (_, place) =>
    events.filter((event) => event.kind === 'W' && event.place === place),
  );
  const fixed = preserved(events);
  const sourcesOf = ({ place }: Event, index: number): readonly Event[] => {
    const source = before?.sources[index];
    return source === undefined ? writesOf[place]! : [events[source.id]!];
  };
  const ordersOf = ([first, ...rest]: readonly Event[], place: number): readonly Event[][] => {
    if (before !== undefined) return [before.orders[place]!.map(({ id }) => events[id]!)];
    return permutations(rest).map((order) => [first!, ...order]);
  };
  forEachChoice(reads.map(sourcesOf), (sources) => {
    forEachChoice(writesOf.map(ordersOf), (orders) => {
      if (!isAllowed(events, reads, sources, orders, fixed)) return;
      const registers = program.map(() => new Array<number>(REGISTERS).fill(0));
      // Later reads into the same register come last.
      reads.forEach(({ thread, into }, i) => (registers[thread]![into] = sources[i]!.value));
      const places = orders.map((order) => order.at(-1)!.value);
      told(outcomeText(registers, places), sources, orders);
    });
  });
}

function eventsOf(program: WeakProgram): Event[] {
  const events: Event[] = [];
  const none = { place: -1, value: 0, into: -1, strong: false, address: -1, data: -1, pair: -1 };
  const add = (event: Partial<Event> & Pick<Event, 'thread' | 'kind'>): number =>
    events.push({ ...none, ...event, id: events.length }) - 1;
  for (let place = 0; place < PLACES; place++) add({ thread: -1, kind: 'W', place });
  program.forEach((instructions, thread) => {
    // By register: the read that its value comes from.
    const from = new Array<number>(REGISTERS).fill(-1);
    const source = (register: number | undefined): number =>
      register === undefined ? -1 : from[register]!;
    const one = (instruction: Instruction): void => {
      switch (instruction.kind) {
        case 'store': {
          const { place, value, release = false, address, data } = instruction;
          const depends = { address: source(address), data: source(data) };
          add({ thread, kind: 'W', place, value, strong: release, ...depends });
          return;
        }
        case 'load': {
          const { place, into, acquire = false, address } = instruction;
          from[into] = add({
            thread,
            kind: 'R',
            place,
            into,
            strong: acquire,
            address: source(address),
          });
          return;
        }
        case 'exchange': {
          const { place, value, into } = instruction;
          add({ thread, kind: 'fence' });
          const pair = add({ thread, kind: 'R', place, into });
          add({ thread, kind: 'W', place, value, pair });
          add({ thread, kind: 'fence' });
          from[into] = -1;
          return;
        }
        default:
          add({ thread, kind: instruction.kind });
      }
    };
    instructions.forEach(one);
  });
  return events;
}

/** What is ordered whatever was read: barriers, acquire, release, dependencies, read before write. */
function preserved(events: readonly Event[]): Relation {
  const ordered = relation(events.length);
  const isBetween = (kind: Event['kind'], a: Event, b: Event): boolean =>
    events.slice(a.id, b.id).some((event) => event.kind === kind);
  for (const a of events)
    for (const b of events) {
      if (a.thread < 0 || a.thread !== b.thread || a.id >= b.id) continue;
      ordered[a.id]![b.id] =
        isBetween('fence', a, b) ||
        (a.kind === 'R' && isBetween('fencer', a, b)) ||
        (a.kind === 'W' && b.kind === 'W' && isBetween('fencew', a, b)) ||
        (a.kind === 'R' && a.strong) ||
        (b.kind === 'W' && b.strong) ||
        (a.kind === 'R' && b.kind === 'W') ||
        b.address === a.id ||
        b.data === a.id;
    }
  return ordered;
}

function isAllowed(
  events: readonly Event[],
  reads: readonly Event[],
  sources: readonly Event[],
  orders: readonly (readonly Event[])[],
  fixed: Relation,
): boolean {
  const perPlace = relation(events.length);
  const before = fixed.map((row) => [...row]);
  for (const a of events)
    for (const b of events)
      if (a.thread === b.thread && a.id < b.id && a.place >= 0 && a.place === b.place)
        perPlace[a.id]![b.id] = true;
  const communicate = (a: Event, b: Event): void => {
    perPlace[a.id]![b.id] = true;
    if (a.thread !== b.thread) before[a.id]![b.id] = true;
  };
  for (const order of orders)
    for (let i = 0; i < order.length; i++)
      for (let j = i + 1; j < order.length; j++) communicate(order[i]!, order[j]!);
  for (let i = 0; i < reads.length; i++) {
    const read = reads[i]!;
    const source = sources[i]!;
    communicate(source, read);
    const order = orders[read.place]!;
    const next = order.indexOf(source) + 1;
    for (const write of order.slice(next)) if (write.pair !== read.id) communicate(read, write);
    const own = order.find(({ pair }) => pair === read.id);
    // Nobody writes between the two halves of an exchange.
    if (own !== undefined && order[next] !== own) return false;
    // A value that was forwarded within the thread carries on the dependencies of the store.
    if (source.thread === read.thread)
      for (const from of [source.address, source.data])
        if (from >= 0) before[from]![read.id] = true;
  }
  return isAcyclic(perPlace) && isAcyclic(before);
}

function relation(size: number): Relation {
  return Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
}

function isAcyclic(edges: Relation): boolean {
  const state = new Uint8Array(edges.length);
  const visit = (at: number): boolean => {
    if (state[at] !== 0) return state[at] === 2;
    state[at] = 1;
    const isFine = edges[at]!.every((edge, to) => !edge || visit(to));
    state[at] = 2;
    return isFine;
  };
  return edges.every((_, at) => visit(at));
}

function forEachChoice<Item>(
  options: readonly (readonly Item[])[],
  told: (choice: readonly Item[]) => void,
  choice: readonly Item[] = [],
): void {
  const next = options[choice.length];
  if (next === undefined) told(choice);
  else for (const item of next) forEachChoice(options, told, [...choice, item]);
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]),
  );
}
