import { RegisterFile } from '../../cpu/register-file.js';
import { ExitReason } from '../../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { MachineEvents, SignalEventAction } from '../../observe/machine-events.js';
import { ExitWork } from '../exit-work.js';
import type { HookPoints } from '../hooks.js';
import { killedStatus } from '../process/wait-status.js';
import type { Thread } from '../thread.js';
import type { ThreadTable } from '../thread-table.js';
import { defaultAction, DefaultAction } from './default-action.js';
import type { InterruptedSyscalls } from './interrupted-syscalls.js';
import type { JobControl } from './job-control.js';
import { SIG_DFL, SIG_IGN, SignalActionFlag } from './signal-action.js';
import type { SignalAction } from './signal-action.js';
import type { SignalEffects, SignalTracing } from './signal-effects.js';
import { framePlace, RED_ZONE_BYTES, SIGNAL_CONTEXT_OFFSET } from './signal-frame.js';
import type { SignalFrames } from './signal-frame.js';
import { handlerAt } from './signal-handler.js';
import { SignalCode } from './signal-info.js';
import type { SignalRecord } from './signal-info.js';
import { SignalNumber } from './signal-number.js';
import type { SignalSender } from './signal-sender.js';
import { highBit, lowBit } from './signal-set.js';
import type { SignalStacks } from './signal-stack.js';
import type { SignalState } from './signal-state.js';

/** Charges simulated time for building a signal frame. */
export interface SignalCost {
  /** A signal frame was built on a CPU. */
  signal(cpu: number): void;
}

/** Parts that delivery works on. */
export interface SignalDeliveryPorts {
  readonly state: SignalState;
  readonly threads: ThreadTable;
  readonly objects: readonly Thread[];
  readonly sender: SignalSender;
  readonly syscalls: InterruptedSyscalls;
  readonly jobs: JobControl;
  readonly frames: SignalFrames;
  readonly stacks: SignalStacks;
  readonly tracing: SignalTracing;
  readonly effects: SignalEffects;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly cost: SignalCost;
  /** Address of a `ret` instruction, which hands over to the program on top of the thread's stack. */
  readonly trampoline: number;
}

/** Tells the program below a handler's from the handler's in the thread's history. */
const HANDLER_ENDED = 0x72657475;

/**
 * Signals on the way to user mode, and the way back from their handlers.
 *
 * A handler is a program on top of the interrupted one: the thread is sent to a `ret` instruction,
 * and what returns from there is the handler's generator.
 *
 * @source get_signal() in kernel/signal.c, handle_signal() in arch/x86/kernel/signal.c
 */
export class SignalDelivery {
  readonly #ports: SignalDeliveryPorts;
  readonly #record: SignalRecord = { signal: 0, code: 0, origin: 0, value: 0 };
  readonly #action: SignalAction = { handler: 0, flags: 0, maskLow: 0, maskHigh: 0 };

  constructor(ports: SignalDeliveryPorts) {
    this.#ports = ports;
  }

  /** Does what signals and tracer want of the thread; called in its context. */
  deliver(thread: number): void {
    const { syscalls, jobs, tracing, state } = this.#ports;
    if (!syscalls.finishLooking(thread)) return;
    const record = this.#record;
    for (;;) {
      if (tracing.isTraced(thread) && tracing.stopOnRequest(thread)) return;
      if (jobs.mustStop(thread)) {
        jobs.stop(thread);
        return;
      }
      if (!this.#take(thread)) break;
      if (record.signal === 0) return;
      if (this.#act(thread)) {
        if (state.hasDeliverable(thread)) this.#ports.threads.exitWork[thread]! |= ExitWork.Signal;
        return;
      }
    }
    syscalls.settle(thread, false, false);
    this.#restoreMask(thread);
  }

  /**
   * Ends a handler: the thread goes on with the context in the frame at its stack pointer, in the
   * program below the handler's.
   *
   * A frame that cannot be read is SIGSEGV. @source sigreturn(2)
   */
  sigreturn(thread: number): void {
    const { frames, objects, threads, sender } = this.#ports;
    const base = thread * REGISTER_STRIDE;
    threads.registers[base + RegisterFile.Exit] = ExitReason.Budget;
    if (objects[thread]!.frameCount > 1 && frames.restore(thread)) {
      objects[thread]!.popFrame();
      objects[thread]!.receive(HANDLER_ENDED);
      sender.setMask(thread, frames.maskLow, frames.maskHigh);
      return;
    }
    threads.registers[base + RegisterFile.Ip] = this.#ports.trampoline;
    this.#forceSegv(thread);
  }

  /**
   * Takes the next signal to act on. False when there is none; a record of signal 0 says that the
   * thread stopped to show its tracer one.
   */
  #take(thread: number): boolean {
    const { state, tracing, threads } = this.#ports;
    const record = this.#record;
    const process = threads.process[thread]!;
    const low = state.masks.low[thread]!;
    const high = state.masks.high[thread]!;
    const isTraced = tracing.isTraced(thread);
    if (isTraced && tracing.takeInjected(thread, record)) {
      if (!state.masks.blocks(thread, record.signal)) return true;
      state.ofThreads.add(thread, record);
    }
    const isTaken =
      state.ofThreads.takeSynchronous(thread, low, record) ||
      state.ofThreads.take(thread, low, high, record) ||
      state.ofProcesses.take(process, low, high, record);
    if (isTaken && isTraced && record.signal !== SignalNumber.SIGKILL) {
      tracing.stopForSignal(thread, record);
      record.signal = 0;
    }
    return isTaken;
  }

  /** Acts on a signal. True when a handler was set up or the thread is gone. */
  #act(thread: number): boolean {
    const { state, threads, jobs, effects } = this.#ports;
    const { signal } = this.#record;
    const process = threads.process[thread]!;
    const handler = state.actions.handler(process, signal);
    if (handler === SIG_IGN) return this.#announce(thread, signal, 'ignored');
    if (handler !== SIG_DFL) {
      this.#handle(thread, process);
      return true;
    }
    switch (defaultAction(signal)) {
      case DefaultAction.Ignore:
        return this.#announce(thread, signal, 'ignored');
      case DefaultAction.Stop:
        jobs.stopAll(process, signal, thread);
        return this.#announce(thread, signal, 'default');
      case DefaultAction.Terminate:
        this.#announce(thread, signal, 'default');
        effects.terminate(process, killedStatus(signal));
        return true;
    }
  }

  /** Sets a handler up: fixes the system call, builds the frame, enters the handler's program. */
  #handle(thread: number, process: number): void {
    const { state, syscalls, hooks, frames, threads, cost } = this.#ports;
    const record = this.#record;
    const { signal } = record;
    const action = this.#action;
    const { masks } = state;
    const { registers } = threads;
    const base = thread * REGISTER_STRIDE;
    state.actions.get(process, signal, action);
    if ((action.flags & SignalActionFlag.SA_RESETHAND) !== 0)
      state.actions.resetHandler(process, signal);
    syscalls.settle(thread, true, (action.flags & SignalActionFlag.SA_RESTART) !== 0);
    hooks.beforeSignalFrame(thread, signal);
    const isAtReturn = registers[base + RegisterFile.Exit] === ExitReason.Return;
    const ip = isAtReturn ? this.#ports.trampoline : registers[base + RegisterFile.Ip]!;
    const frame = this.#place(thread, (action.flags & SignalActionFlag.SA_ONSTACK) !== 0);
    const low = masks.keptLow(thread);
    const high = masks.keptHigh(thread);
    if (frame < 0 || !frames.build(thread, frame, record, low, high, ip)) {
      if (signal === SignalNumber.SIGSEGV) state.actions.resetHandler(process, signal);
      this.#forceSegv(thread);
      return;
    }
    masks.endTemporary(thread);
    const own = (action.flags & SignalActionFlag.SA_NODEFER) === 0;
    this.#ports.sender.setMask(
      thread,
      masks.low[thread]! | action.maskLow | (own ? lowBit(signal) : 0),
      masks.high[thread]! | action.maskHigh | (own ? highBit(signal) : 0),
    );
    this.#enter(thread, frame, action.handler);
    cost.signal(threads.cpu[thread]!);
    this.#announce(thread, signal, 'handled', action);
  }

  /** Lets the handler's program run on top of the interrupted one. */
  #enter(thread: number, frame: number, handler: number): void {
    const { objects, threads, trampoline } = this.#ports;
    const { signal, code, origin, value } = this.#record;
    const { registers } = threads;
    const base = thread * REGISTER_STRIDE;
    const context = frame + SIGNAL_CONTEXT_OFFSET;
    const object = objects[thread]!;
    const program = handlerAt(object.process, handler);
    registers[base + RegisterFile.Result] = 0;
    registers[base + 1] = signal;
    registers[base + 2] = frame;
    registers[base + 3] = context;
    registers[base + RegisterFile.StackPointer] = frame;
    registers[base + RegisterFile.Ip] = trampoline;
    registers[base + RegisterFile.Exit] = ExitReason.Budget;
    for (const word of [signal, code, origin, value, frame]) object.receive(word);
    const info = { signal, code, origin, value, address: frame, context };
    object.pushFrame(program!(object, signal, info));
  }

  /** Address of the frame, or a negative number when the stack has no room for it. */
  #place(thread: number, onStack: boolean): number {
    const { stacks, threads } = this.#ports;
    const pointer = threads.registers[thread * REGISTER_STRIDE + RegisterFile.StackPointer]!;
    const alternate = onStack ? stacks.topFor(thread) : 0;
    if (alternate !== 0) return framePlace(alternate);
    const frame = framePlace(pointer - RED_ZONE_BYTES);
    return stacks.overflows(thread, frame) ? -1 : frame;
  }

  #restoreMask(thread: number): void {
    const { masks } = this.#ports.state;
    if (masks.isTemporary[thread] === 0) return;
    const low = masks.keptLow(thread);
    const high = masks.keptHigh(thread);
    masks.endTemporary(thread);
    this.#ports.sender.setMask(thread, low, high);
  }

  #forceSegv(thread: number): void {
    this.#ports.sender.force(thread, {
      signal: SignalNumber.SIGSEGV,
      code: SignalCode.SI_KERNEL,
      origin: 0,
      value: 0,
    });
  }

  /** @param taken the action, where it is no longer that of the process */
  #announce(
    thread: number,
    signal: number,
    action: SignalEventAction,
    taken?: Readonly<SignalAction>,
  ): false {
    const { events, state, threads } = this.#ports;
    if (!events.wanted.signal) return false;
    const { code } = this.#record;
    const process = threads.process[thread]!;
    const handler = taken?.handler ?? state.actions.handler(process, signal);
    const flags = taken?.flags ?? state.actions.flags(process, signal);
    events.emit('signal', {
      thread,
      signal,
      action,
      code,
      isDelivery: true,
      toProcess: false,
      handler,
      flags,
    });
    return false;
  }
}
