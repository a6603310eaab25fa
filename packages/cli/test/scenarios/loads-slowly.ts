// Every second of the host's threads takes its time to load this scenario.
import { threadId } from 'node:worker_threads';

if (threadId % 2 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);

export { default } from './names-its-thread.js';
