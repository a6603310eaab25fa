import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';

const WORKER = fileURLToPath(new URL('./unit-worker-main.js', import.meta.url));

/** Threads of one size of crew. */
interface ThreadPool {
  readonly threads: Piscina;
  readonly workers: number;
}

/**
 * Threads that do units, kept from one crew to the next: V8 has made code of what they execute.
 *
 * Each crew has its threads for itself until it gives them back.
 */
export class ThreadPools {
  readonly #all = new Set<ThreadPool>();
  readonly #free: ThreadPool[] = [];

  /** So many threads that nobody else has. */
  take(workers: number): Piscina {
    const at = this.#free.findIndex((pool) => pool.workers === workers);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    return (found ?? this.#start(workers)).threads;
  }

  /** Takes threads back that have nothing to do. */
  giveBack(threads: Piscina): void {
    for (const pool of this.#all) if (pool.threads === threads) this.#free.push(pool);
  }

  /** Ends threads, whatever they do. */
  async end(threads: Piscina): Promise<void> {
    for (const pool of this.#all) if (pool.threads === threads) this.#all.delete(pool);
    await threads.destroy();
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ threads }) => this.end(threads)));
  }

  #start(workers: number): ThreadPool {
    const threads = new Piscina({
      filename: WORKER,
      name: 'answerTask',
      minThreads: workers,
      maxThreads: workers,
      recordTiming: false,
    });
    const pool = { threads, workers };
    this.#all.add(pool);
    return pool;
  }
}
