import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Columns, createKeys, type Linked, link, linking, type Task } from './linkage/linkage.ts';

const WORTH_THREADS = 20_000;
const MOST_THREADS = 2;

export interface ThreadOptions {
  /** As many as there are processors, at most two. */
  readonly threads?: number;
  /** The fewest rows that are spread: below, a thread takes longer to start than the work does. */
  readonly least?: number;
  /** Called with the share that is done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** The steps of a linkage. */
const STEPS = 6;

/**
 * Links a register with itself, spread over threads where that is worth it: what it finds is the same with any
 * number. Errors: those of a thread.
 */
export async function linkOnThreads(
  columns: Columns,
  ids: readonly string[],
  {
    threads = Math.min(MOST_THREADS, availableParallelism()),
    least = WORTH_THREADS,
    progress,
  }: ThreadOptions = {},
): Promise<Linked> {
  if (threads < 2 || columns.size < least) return link(columns, ids);
  const keys = createKeys(columns);
  const workerData = { columns: plain(columns), keys };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./link-worker.ts', import.meta.url), { workerData }),
  );
  try {
    const steps = linking(columns, ids, keys, threads);
    let step = steps.next();
    for (let done = 0; !step.done; done++) {
      progress?.(done / STEPS);
      step = steps.next(await Promise.all(step.value.map((task, hand) => ask(workers[hand], task))));
    }
    return step.value;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The tables without what makes them grow, which cannot travel. */
function plain(columns: Columns): Columns {
  const words = ({ size, units, starts, hashes, kins, counts, others }: Columns['names']) => ({
    size,
    units,
    starts,
    hashes,
    kins,
    counts,
    others,
  });
  const { size, given, surname, dob, postcode, nhs, provider, days } = columns;
  return {
    ...{ size, given, surname, dob, postcode, nhs, provider, days },
    names: words(columns.names),
    postcodes: words(columns.postcodes),
    dates: words(columns.dates),
  };
}

async function ask(worker: Worker | undefined, task: Task): Promise<unknown> {
  if (!worker) throw new Error('there is a thread for each hand');
  worker.postMessage(task);
  const [answer] = (await once(worker, 'message')) as [unknown];
  return answer;
}
