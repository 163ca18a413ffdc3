import type { PagingKey } from '../config.ts';
import { ATTEMPT_MS } from '../paging/client.ts';
import { never } from './faulty-store.ts';
import type { Dice } from './seeded.ts';
import type { CallDeps } from './teams.ts';
import { inLife, type Life, type VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

/** Where a simulated provider's paging service is called. */
export const pagingUrl = (provider: string): string => `https://paging.${provider}.example/baton`;
/** What calls are signed with; a service that an edit gives the charity has no secret yet. */
export const PAGING_KEYS: readonly PagingKey[] = ['prime', 'rapid', 'hospice'].map((provider) => ({
  provider,
  secret: `the-secret-of-${provider}-and-baton-alone`,
}));

/** What is wrong with a paging service for a while. */
export const PAGER_FAULTS = ['gone', 'busy', 'failing', 'silent', 'refusing', 'untrusted'] as const;
export type PagerFault = (typeof PAGER_FAULTS)[number];

/**
 * What a service does with a call, as docs/paging.md has it: `taken`, `later` (surely not taken, and may be),
 * `unknown` (perhaps taken) or `refused`.
 */
export type PagerAnswer = 'taken' | 'later' | 'unknown' | 'refused';

/** One call of a worker to a paging service, as whoever watches sees it. */
export interface PagerCall {
  readonly life: Life;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** It may arrive: neither put off nor refused. */
  effective: boolean;
  /** What the worker was told; undefined while it waits, or if it never was. */
  answer: PagerAnswer | undefined;
  status: number | undefined;
  /** When it was told so, and how long it was asked to wait; milliseconds. */
  answeredAt: number;
  waitMs: number;
}

export interface PagersWatch {
  /** Before anything of it happens. */
  paging(call: PagerCall): void;
}

/** The paging services of all providers. */
export interface Pagers {
  /** The way there for one life of a worker. */
  fetchFor(deps: CallDeps): (url: string, request: RequestInit) => Promise<Response>;
  /** Something is wrong with a provider's service. */
  begin(provider: string, outage: Outage): void;
}

export interface Outage {
  readonly fault: PagerFault;
  /** Milliseconds since 1970. */
  readonly to: number;
  /** Called when it puts a page off. */
  readonly putOff?: () => void;
}

/** What becomes of one call; without a status nothing comes back. */
interface Fate {
  readonly answer: PagerAnswer | 'crash';
  readonly status?: number;
  readonly retryAfter?: string;
  readonly waitMs?: number;
  /** … or until then, in milliseconds since 1970. */
  readonly until?: number;
  /** The error of the connection. */
  readonly code?: string;
  /** After so many milliseconds the service has it; undefined: never. */
  readonly lands?: number;
  /** The answer comes after so many milliseconds; at the end of its time unless given. */
  readonly after?: number;
}

export function createPagers(
  time: VirtualTime,
  weather: Weather,
  watch: PagersWatch,
  met: (what: string) => void,
): Pagers {
  const outages = new Map<string, Outage>();
  const taken = new Set<string>();

  function later(dice: Dice): Fate {
    const after = dice.between(10, 300);
    const seconds = dice.pick([0, 1, 5, 20, 60, 600]);
    const waitMs = seconds * 1_000;
    const date = new Date(time.ms + waitMs).toUTCString();
    if (dice.happens(0.3)) return { answer: 'later', status: 429, waitMs: 0, after };
    const retryAfter = dice.happens(0.3) ? date : String(seconds);
    const wait = retryAfter === date ? { until: Date.parse(date) } : { waitMs };
    return { answer: 'later', status: dice.pick([429, 503]), retryAfter, ...wait, after };
  }

  const lost = (dice: Dice, lands?: number): Fate => {
    const perhaps = lands === undefined ? {} : { lands };
    const kind = dice.between(1, 3);
    if (kind === 1) return { answer: 'unknown', ...perhaps };
    const after = (lands ?? 0) + dice.between(10, 300);
    if (kind === 2) return { answer: 'unknown', code: 'UND_ERR_SOCKET', after, ...perhaps };
    return { answer: 'unknown', status: dice.pick([500, 502, 503, 504, 408]), after, ...perhaps };
  };

  function faulty(fault: PagerFault, dice: Dice): Fate {
    const soon = dice.between(20, 400);
    switch (fault) {
      case 'gone': {
        const code = dice.pick(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);
        return { answer: 'later', code, after: dice.between(5, 3_000) };
      }
      case 'busy':
        return later(dice);
      case 'failing':
        return lost(dice, dice.happens(0.4) ? soon : undefined);
      case 'silent':
        return { answer: 'unknown', ...(dice.happens(0.3) && { lands: soon }) };
      case 'refusing':
        return { answer: 'refused', status: dice.pick([302, 400, 401, 404, 410]), after: soon };
      case 'untrusted':
        return { answer: 'refused', code: 'CERT_HAS_EXPIRED', after: soon };
    }
  }

  function fateOf(url: string, body: string, dice: Dice): Fate {
    const provider = /^https:\/\/paging\.([a-z]+)\.example\//.exec(url)?.[1] ?? '';
    const soon = dice.between(20, 400);
    const rates = weather.at(time.ms);
    const outage = outages.get(provider);
    const out = outage !== undefined && outage.to > time.ms;
    // Whoever looks into it may start Baton again.
    if (dice.happens(rates.crash * 3 + (out ? 0.08 : 0)))
      return { answer: 'crash', ...(dice.happens(0.5) && { lands: soon }) };
    if (out && dice.happens(0.9)) {
      const fate = faulty(outage.fault, dice);
      if (fate.answer === 'later') outage.putOff?.();
      return fate;
    }
    if (dice.happens(rates.throttled)) return later(dice);
    if (dice.happens(rates.vanished)) return lost(dice);
    if (dice.happens(rates.unanswered)) return lost(dice, soon);
    if (dice.happens(rates.late)) return { answer: 'unknown', lands: dice.between(ATTEMPT_MS, 120_000) };
    if (dice.happens(rates.refused)) return faulty('refusing', dice);
    const { reference, again } = JSON.parse(body) as { reference?: string; again?: boolean };
    const had = taken.has(`${provider}|${reference}`) && again === true;
    const slow = dice.happens(0.05 + rates.slow);
    const after = slow ? dice.between(2_000, ATTEMPT_MS - 500) : soon + dice.between(1, 200);
    return {
      answer: 'taken',
      status: had && dice.happens(0.7) ? 409 : dice.pick([200, 202, 204]),
      lands: soon,
      after,
    };
  }

  function land(url: string, body: string): void {
    const { reference } = JSON.parse(body) as { reference?: string };
    const name = `${/^https:\/\/paging\.([a-z]+)\./.exec(url)?.[1]}|${reference}`;
    met(taken.has(name) ? 'pager had it already' : 'pager wakes');
    taken.add(name);
  }

  async function called(
    { life, dice, crash }: CallDeps,
    url: string,
    request: RequestInit,
  ): Promise<Response> {
    if (!life.alive) return never();
    const body = String(request.body);
    const call: PagerCall = {
      life,
      url,
      headers: request.headers as Record<string, string>,
      body,
      at: time.ms,
      effective: false,
      answer: undefined,
      status: undefined,
      answeredAt: 0,
      waitMs: 0,
    };
    watch.paging(call);
    const {
      answer,
      status,
      retryAfter,
      code,
      lands,
      after = ATTEMPT_MS,
      waitMs = 0,
      until = 0,
    } = fateOf(url, body, dice);
    met(`pager.${answer}`);
    call.effective = answer !== 'later' && answer !== 'refused';
    if (lands !== undefined) time.at(time.ms + lands, () => land(url, body));
    if (answer === 'crash') {
      time.at(time.ms + dice.between(0, 500), () => life.alive && crash('a call of a pager'));
      return never();
    }
    await new Promise<void>((resolve) => inLife(time, life, time.ms + after, resolve));
    // Whoever stood still meanwhile reads a date that is past.
    Object.assign(call, { answer, status, waitMs: Math.max(waitMs, until - time.ms), answeredAt: time.ms });
    if (status !== undefined) {
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      return new Response(null, { status, headers });
    }
    if (code === undefined) throw new DOMException('The operation timed out.', 'TimeoutError');
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  }

  return {
    fetchFor: (deps) => (url, request) => called(deps, url, request),
    begin: (provider, outage) => void outages.set(provider, outage),
  };
}
