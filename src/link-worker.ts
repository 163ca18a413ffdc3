import { parentPort, workerData } from 'node:worker_threads';
import { type Columns, createHand, type Task } from './linkage/linkage.ts';

/** One hand of a linkage, in a thread of its own: columns and keys are shared memory, tasks and answers messages. */
const { columns, keys } = workerData as { readonly columns: Columns; readonly keys: Uint32Array };
const hand = createHand(columns, keys);
parentPort?.on('message', (task: Task) => parentPort?.postMessage(hand(task)));
