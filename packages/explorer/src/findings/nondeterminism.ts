import {
  MachineError,
  RandomDirector,
  ScriptedDirector,
  formatDecision,
} from '@rseqlab/sim-machine';
import type { Decision, Director, Machine, MachineConfig } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import { ScenarioRunner } from '../scenario-runner.js';
import type { Scenario } from '../scenario.js';
import { signalName } from '../signal-name.js';
import { syscallText } from '../trace/syscall-text.js';
import { hexadecimal } from './shadow-findings.js';

/** Decisions of the runs that are compared; a scenario that differs does so early. */
const MOST_DECISIONS = 2_000;

const RUN_SEED = 1;

/**
 * Runs a scenario twice, with the same decisions, and compares all that happens.
 *
 * @returns a finding that names the first difference; undefined when there was none
 * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; ExplorerError
 *   `ERR_SCENARIO` when its own code throws
 */
export function nondeterminism(
  scenario: Scenario,
  machine: MachineConfig = {},
): Finding | undefined {
  const first = new RandomDirector({ seed: RUN_SEED });
  const runner = new ScenarioRunner(scenario, first, machine);
  try {
    return firstDifference(runner, first);
  } finally {
    runner.giveBack();
  }
}

function firstDifference(runner: ScenarioRunner, first: RandomDirector): Finding | undefined {
  const stream = new EventStream(runner.machine);
  const before = stream.of(() => runner.run(first, { decisions: MOST_DECISIONS }).findings);
  const { scheduling, granularity } = first;
  const again: Director = new ScriptedDirector(runner.machine.decisions, {
    scheduling,
    granularity,
  });
  const after = stream.of(() => runner.run(again, { decisions: MOST_DECISIONS }).findings);
  const at = before.findIndex((event, index) => event !== after[index]);
  if (at < 0 && after.length === before.length) return undefined;
  const place = at < 0 ? before.length : at;
  return differs(`${before[place] ?? 'the end'}, then ${after[place] ?? 'the end'}`, place);
}

/** The finding that a decision was not possible which had been so before; undefined for another error. */
export function differingDecision(error: unknown): Finding | undefined {
  if (!(error instanceof MachineError) || error.code !== 'ERR_DECISION') return undefined;
  return {
    kind: 'nondeterminism',
    message: `expected the scenario to do the same in every run, got one that differs: ${error.message}`,
  };
}

function differs(what: string, place: number): Finding {
  return {
    kind: 'nondeterminism',
    message: `expected the scenario to do the same in every run, got at event ${place} ${what}`,
  };
}

/** All that happens on a machine in a run, in order, as text. */
class EventStream {
  #events: string[] = [];

  constructor(machine: Machine) {
    const { events } = machine;
    const note = (text: string): void => void this.#events.push(text);
    events.on('spawn', ({ thread }) => note(`the start of T${thread}`));
    events.on('exit', ({ thread, status }) => note(`the end of T${thread} with ${status}`));
    events.on('decision', ({ decision }) => note(formatDecision(decision as Decision)));
    events.on('access', ({ thread, kind, physical, size, value }) =>
      note(
        `${kind} by T${thread} of ${size} bytes at frame address ${hexadecimal(physical)}: ${value}`,
      ),
    );
    events.on('syscall', ({ thread, number, args }) =>
      note(`T${thread} in ${syscallText(number, args)}`),
    );
    events.on('syscallExit', ({ thread, result }) => note(`T${thread} out with ${result}`));
    events.on('switch', ({ cpu, next }) => note(`T${next} on CPU ${cpu}`));
    events.on('signal', ({ thread, signal, action }) =>
      note(`${signalName(signal)} of T${thread} ${action}`),
    );
    events.on('abort', ({ thread, to }) => note(`abort of T${thread} to ${hexadecimal(to)}`));
  }

  /** What happens in a run, and what it finds; a run may end at a decision that is not possible. */
  of(run: () => readonly Finding[]): readonly string[] {
    this.#events = [];
    try {
      for (const { kind, message } of run()) this.#events.push(`${kind}: ${message}`);
    } catch (error) {
      const finding = differingDecision(error);
      if (finding === undefined) throw error;
      this.#events.push('a decision that is not possible');
    }
    return this.#events;
  }
}
