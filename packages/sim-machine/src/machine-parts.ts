import { StateArena } from './base/state-arena.js';
import { DecisionParts } from './composition/decision-parts.js';
import { Hardware } from './composition/hardware.js';
import { KernelParts } from './composition/kernel-parts.js';
import { MachineFingerprint } from './composition/machine-fingerprint.js';
import { StateView } from './composition/state-view.js';
import { createModulePort } from './composition/module-port.js';
import type { Routine } from './cpu/routine.js';
import type { Director } from './director/director.js';
import { Referee } from './director/referee.js';
import { REGISTER_STRIDE } from './isa/register-file.js';
import { HookPoints } from './kernel/hooks.js';
import type { CheckedConfig } from './machine-config.js';
import { MachineEvents } from './observe/machine-events.js';

/**
 * The parts of a machine, put together; `composition/` knows them all, and nothing else does.
 *
 * Data flows one way: director -> decision -> executor -> user mode -> kernel -> scheduler; each
 * part is given the narrow ports it needs.
 */
export class MachineParts {
  readonly config: CheckedConfig;
  readonly arena: StateArena = new StateArena();
  readonly events: MachineEvents = new MachineEvents();
  readonly hooks: HookPoints = new HookPoints();
  readonly referee: Referee;
  readonly hardware: Hardware;
  readonly system: KernelParts;
  readonly decisions: DecisionParts;
  readonly fingerprint: MachineFingerprint;
  readonly state: StateView;

  constructor(config: CheckedConfig, director: Director) {
    this.config = config;
    const { arena, events, hooks } = this;
    this.referee = new Referee(director);
    const { referee } = this;
    const hardware: Hardware = (this.hardware = new Hardware(config, {
      arena,
      events,
      spaceOf: (thread) =>
        this.system.processes.at(thread < 0 ? 0 : hardware.threads.process[thread]!).space.id,
      step: () => referee.count,
      choose: (kind, count) => referee.choose(kind, count),
      advanceClock: () => this.system.stepClock.advance(),
    }));
    const system = (this.system = new KernelParts({
      config,
      arena,
      events,
      hooks,
      referee,
      hardware,
    }));
    this.decisions = new DecisionParts(hardware, system);
    this.decisions.rules.allow(config.events);
    this.fingerprint = new MachineFingerprint({
      arena,
      threads: hardware.threads,
      cpus: hardware.cpus,
      model: hardware.memory.model,
      dependencies: hardware.dependencies,
      programs: hardware.programs,
      memory: hardware.memory.physical.fingerprint,
    });
    this.state = new StateView({ arena, hardware, system, decisions: this.decisions, hooks });
    const port = createModulePort(arena, events, hardware, system);
    for (const module of config.kernel) hooks.attach(module.attach(port));
    this.watchOperations(undefined);
    this.reset(director);
  }

  /** Calls `listener` whenever a program starts a routine; undefined ends it. */
  watchOperations(listener: ((thread: number, routine: Routine) => void) | undefined): void {
    const { dependencies, access } = this.hardware;
    const tell =
      listener &&
      ((base: number, routine: Routine): void => {
        listener(base / REGISTER_STRIDE, routine);
      });
    this.system.userMode.onEnter =
      dependencies === undefined
        ? tell
        : (base, routine): void => {
            dependencies.enter(base, routine === access.loadDependent);
            tell?.(base, routine);
          };
  }

  /** Everything as after construction, under a director of the same kind. */
  reset(director: Director): void {
    this.referee.reset(director);
    this.system.forget();
    this.arena.reset();
    this.hardware.reset();
    this.system.reset();
    this.hooks.reset();
  }
}
