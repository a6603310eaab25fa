import type { StateParts } from '../state-parts.js';
import { PartKind } from './part-kind.js';
import type { PartRegistry } from './part-registry.js';
import { SharedNumbers } from './shared-numbers.js';
import type { PartTeller } from './shared-numbers.js';

/** Tells all that the kernel keeps: the common numbers of what it keeps of no thread or CPU, of each thread, of each CPU. */
export function kernelTeller(registry: PartRegistry, parts: StateParts): PartTeller {
  const { kernel, layout } = parts;
  const common = new SharedNumbers({
    tell: (own) => registry.intern([PartKind.Common, ...kernel.words('common', own)]),
    learn: (id) => kernel.adoptCommon(registry.words(id).slice(1)),
  });
  const own = new SharedNumbers(ownTeller(registry, parts));
  const cpus = new SharedNumbers(cpuTeller(registry, parts));
  const kindAt = (index: number): SharedNumbers =>
    index === 0 ? common : index <= layout.threads ? own : cpus;
  return {
    tell(number) {
      const words: number[] = [PartKind.Kernel];
      for (const [index, part] of kernel.all[number]!.parts.entries())
        words.push(kindAt(index).common(part));
      return registry.intern(words);
    },
    learn: (id) =>
      kernel.numberOf(
        registry
          .words(id)
          .slice(1)
          .map((word, index) => kindAt(index).own(word)),
      ),
  };
}

/** Tells what the kernel keeps of a thread; behind it whether the thread is in the kernel, and an image. */
function ownTeller(registry: PartRegistry, { kernel }: StateParts): PartTeller {
  return {
    tell(number) {
      const { isInKernel, image } = kernel.own[number]!;
      const words = [PartKind.Own, ...kernel.words('own', number)];
      return registry.intern(words, [isInKernel ? 1 : 0, ...image]);
    },
    learn(id) {
      const extra = registry.extra(id);
      const facts = { isInKernel: extra[0] === 1, image: extra.slice(1) };
      return kernel.adoptOwn(registry.words(id).slice(1), facts);
    },
  };
}

/** Tells what the kernel keeps of a CPU; behind it the thread that it executes, and an image. */
function cpuTeller(registry: PartRegistry, { kernel }: StateParts): PartTeller {
  return {
    tell(number) {
      const { current, image } = kernel.cpus[number]!;
      return registry.intern([PartKind.Cpu, ...kernel.words('cpu', number)], [current, ...image]);
    },
    learn(id) {
      const extra = registry.extra(id);
      const facts = { current: extra[0]!, image: extra.slice(1) };
      return kernel.adoptCpu(registry.words(id).slice(1), facts);
    },
  };
}
