import type { ThreadParts } from '../thread-parts.js';
import { PartKind } from './part-kind.js';
import type { PartRegistry } from './part-registry.js';
import { SharedNumbers } from './shared-numbers.js';
import type { PartTeller } from './shared-numbers.js';

/** Words before a thread's own: the kind, the thread, and what its program received. */
const FIRST = 3;

/** Words before the registers of what is kept besides: kind, what is waited for, lanes of what was received. */
const REGISTERS = 5;

/** Tells what a thread has for itself; what its program received is told by a number. */
export function threadTeller(registry: PartRegistry, threads: ThreadParts): PartTeller {
  const received: SharedNumbers = new SharedNumbers(
    historyTeller(registry, threads, () => received),
  );
  return {
    tell(own) {
      const { kind, awaits, value, image, history } = threads.facts[own]!;
      const [thread, , ...words] = threads.words(own);
      return registry.intern(
        [PartKind.Thread, thread!, received.common(history), ...words],
        [kind, awaits, value, ...image.history, ...image.registers],
      );
    },
    learn(common) {
      const all = registry.words(common);
      const extra = registry.extra(common);
      const history = received.own(all[2]!);
      const words = Int32Array.from([all[1]!, history, ...all.subarray(FIRST)]);
      return threads.adopt(words, {
        kind: extra[0]!,
        awaits: extra[1]!,
        value: extra[2]!,
        image: { history: [extra[3]!, extra[4]!], registers: extra.slice(REGISTERS) },
        history,
      });
    },
  };
}

/** Tells what a program received: what it had received before, and what that ends with. */
function historyTeller(
  registry: PartRegistry,
  threads: ThreadParts,
  received: () => SharedNumbers,
): PartTeller {
  return {
    tell(own) {
      if (own === 0) return registry.intern([PartKind.History]);
      const { parent, lanes } = threads.received(own);
      return registry.intern([PartKind.History, received().common(parent), ...lanes]);
    },
    learn(common) {
      const [, parent, low, high] = registry.words(common);
      if (parent === undefined) return 0;
      return threads.receive(received().own(parent), low!, high!);
    },
  };
}
