import { Machine } from '@rseqlab/sim-machine';
import type { Director, MachineConfig } from '@rseqlab/sim-machine';

/** A machine that nobody has at present, and how it was built. */
interface FreeMachine {
  readonly machine: Machine;
  readonly config: MachineConfig;
  readonly kind: string;
}

/**
 * The machines of one scenario: whoever runs it takes one and gives it back, and the next one goes on with it.
 *
 * Only the first machine of a host thread runs code that was made for it alone, and so the fastest: all that is done
 * with a scenario, one thing after the other, should be done on that one. Who needs a machine while another one is in
 * use gets a second one. Whatever one did on a machine, a run on it is the same as on a new one.
 */
export class MachinePool {
  readonly #free: FreeMachine[] = [];
  readonly #taken = new WeakMap<Machine, FreeMachine>();
  readonly #onTake: ((machine: Machine) => void) | undefined;

  /** @param onTake - called with every machine that is taken, to listen to it until it is given back */
  constructor(onTake?: (machine: Machine) => void) {
    this.#onTake = onTake;
  }

  /**
   * A machine that nobody else has: a free one, if there is one of that configuration, else a new one.
   *
   * @param director - of the first run; machines of directors of another kind are other machines
   * @throws MachineError `ERR_CONFIG` when the configuration cannot be built
   */
  take(config: MachineConfig, director: Director): Machine {
    const kind = `${director.scheduling} ${director.granularity}`;
    const at = this.#free.findIndex((one) => one.kind === kind && serves(one.config, config));
    const [found = { machine: new Machine(config, director), config, kind }] =
      at < 0 ? [] : this.#free.splice(at, 1);
    this.#taken.set(found.machine, found);
    this.#onTake?.(found.machine);
    return found.machine;
  }

  /** Takes a machine back; whoever had it leaves it alone from now on. */
  giveBack(machine: Machine): void {
    const given = this.#taken.get(machine);
    if (given === undefined) return;
    this.#taken.delete(machine);
    dismissListeners(machine);
    this.#free.unshift(given);
  }
}

/** Nobody who had the machine hears of it any more, and the next one pays for nothing of theirs. */
function dismissListeners(machine: Machine): void {
  machine.events.clear();
  machine.attach({});
  machine.ahead.holdBack(undefined);
  machine.watchOperations(undefined);
}

/** Whether a machine built for one configuration will do for another: it may keep fingerprints that nobody asks for. */
function serves(
  { fingerprint: keeps = false, ...built }: MachineConfig,
  { fingerprint: asked = false, ...wanted }: MachineConfig,
): boolean {
  return (keeps || !asked) && isSame(built, wanted) && isSame(wanted, built);
}

function isSame(one: MachineConfig, other: MachineConfig): boolean {
  return Object.entries(one).every(
    ([option, value]) => value === other[option as keyof MachineConfig],
  );
}
