// Offers handovers at a steady rate from a process of its own, whether or not earlier ones are answered: the time of
// each is from when it was to be sent until its answer is whole, so that a pause of the server counts for all it delays.
import { Agent, request } from 'node:http';
import { answering } from './part.ts';
import { makePlaces, offerOf } from './places.ts';

export interface Load {
  readonly url: string;
  readonly channels: number;
  readonly tenants: number;
  readonly rate: number;
  readonly seconds: number;
  /** Before the idempotency key of each. */
  readonly name: string;
}

export interface Answered {
  /** Milliseconds from when each was to be sent until it was answered, in order of their turn. */
  readonly times: number[];
  /** How many were answered how. */
  readonly statuses: Record<string, number>;
  /** Sent again, because a connection that was kept open had ended meanwhile. */
  readonly again: number;
  /** How much later than their time requests were sent at worst, in milliseconds: the generator's own delay. */
  readonly sentLateMs: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

async function run({ url, channels, tenants, rate, seconds, name }: Load): Promise<Answered> {
  const places = makePlaces(channels, tenants);
  const count = rate * seconds;
  const bodies = Array.from({ length: count }, (_, n) => offerOf(places, n).body);
  const times: number[] = new Array(count).fill(Number.POSITIVE_INFINITY);
  const statuses: Record<string, number> = {};
  let sentLateMs = 0;
  let again = 0;
  const start = performance.now() + 200;

  const one = (n: number): Promise<void> =>
    new Promise((resolve) => {
      const due = start + (n * 1_000) / rate;
      const answered = (status: string): void => {
        times[n] = performance.now() - due;
        statuses[status] = (statuses[status] ?? 0) + 1;
        resolve();
      };
      sentLateMs = Math.max(sentLateMs, performance.now() - due);
      const body = bodies[n] ?? '';
      const headers = {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'Idempotency-Key': `${name}-${n}`,
      };
      const post = (): void => {
        const sent = request(url, { method: 'POST', agent, headers }, (response) => {
          response.resume();
          response.on('end', () => answered(String(response.statusCode)));
          response.on('error', () => answered('broken off'));
        });
        sent.on('error', (error: NodeJS.ErrnoException) => {
          // Node's documentation of `reusedSocket`: the server may end a kept connection at that very moment.
          if (sent.reusedSocket && error.code === 'ECONNRESET') {
            again++;
            post();
          } else answered(error.code ?? 'no answer');
        });
        sent.end(body);
      };
      post();
    });

  const all: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    let next = 0;
    const tick = setInterval(() => {
      for (; next < count && performance.now() >= start + (next * 1_000) / rate; next++) all.push(one(next));
      if (next < count) return;
      clearInterval(tick);
      resolve();
    }, 1);
  });
  await Promise.all(all);
  return { times, statuses, again, sentLateMs };
}

answering({ run });
process.channel?.ref();
