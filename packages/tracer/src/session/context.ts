import type { Machine, Thread } from '@rseqlab/sim-machine';
import { textArray } from '../events/composed-fields.js';
import type { EventFields } from '../events/event-definition.js';
import { i32 } from '../events/field.js';
import type { Field } from '../events/field.js';
import type { PayloadWriter } from '../events/payload-writer.js';

const vpid = i32();
const vtid = i32();
/** @source lttng-ust, LTTNG_UST_ABI_PROCNAME_LEN */
const procname = textArray(17);

/**
 * What a channel records of the thread behind every event: process id, thread id, name of the thread. The CPU is in
 * every packet.
 *
 * @source lttng-add-context(1)
 */
export type ContextName = 'vpid' | 'vtid' | 'procname';

/** Writes one context of a thread. */
type ContextWriter = (writer: PayloadWriter, t: Thread, machine: Machine) => void;

interface Context {
  readonly field: Field<number> | Field<string>;
  readonly write: ContextWriter;
}

const CONTEXTS: Readonly<Record<ContextName, Context>> = {
  vpid: {
    field: vpid,
    write: (writer, t) => {
      vpid.write(writer, t.process.pid);
    },
  },
  vtid: {
    field: vtid,
    write: (writer, t, machine) => {
      vtid.write(writer, machine.threads.tid[t.id]!);
    },
  },
  procname: {
    field: procname,
    write: (writer, t) => {
      procname.write(writer, t.name);
    },
  },
};

/** The contexts of a channel, in the order in which they were asked for. @internal */
export class ChannelContexts {
  readonly fields: EventFields;
  readonly #writers: readonly ContextWriter[];

  constructor(names: readonly ContextName[]) {
    this.fields = Object.fromEntries(names.map((name) => [name, CONTEXTS[name].field]));
    this.#writers = names.map((name) => CONTEXTS[name].write);
  }

  /** Whether there are none. */
  get areNone(): boolean {
    return this.#writers.length === 0;
  }

  /** Appends the contexts of a thread. */
  write(writer: PayloadWriter, t: Thread, machine: Machine): void {
    for (const write of this.#writers) write(writer, t, machine);
  }
}

/** Names of all contexts. @internal */
export const CONTEXT_NAMES: readonly string[] = Object.keys(CONTEXTS);
