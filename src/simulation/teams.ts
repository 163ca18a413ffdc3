import type { Message, Messenger, Outcome, Reach } from '../core/messenger.ts';
import type { CardView } from '../core/routes.ts';
import { never } from './faulty-store.ts';
import type { Dice } from './seeded.ts';
import { inLife, type Life, type VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

/** A message as a conversation shows it. */
export interface Shown {
  readonly activityId: string;
  readonly conversationId: string;
  readonly thread: string | undefined;
  /** What it said over time, the newest last. */
  readonly versions: Message[];
}

/** One call of a worker to Teams, as whoever watches sees it. */
export interface Call {
  readonly by: 'post' | 'edit';
  readonly life: Life;
  readonly reach: Reach;
  readonly message: Message;
  readonly thread: string | undefined;
  readonly activityId: string;
  /** It may arrive: neither throttled nor failed. */
  effective: boolean;
  /** What the worker was told; undefined while it waits, or if it never was. */
  answer: Outcome['kind'] | undefined;
}

export interface TeamsWatch {
  /** Before anything of it happens. */
  calling(call: Call): void;
  called(call: Call): void;
  landed(shown: Shown, message: Message, edited: boolean): void;
}

export interface CallDeps {
  readonly life: Life;
  readonly dice: Dice;
  readonly crash: (where: string) => void;
}

/** Teams with its conversations. */
export interface Teams {
  /** The way there for one life of a worker. */
  messengerFor(deps: CallDeps): Messenger;
  /** A message, while it is there. */
  message(activityId: string): Shown | undefined;
  /** Somebody deletes a message. */
  remove(activityId: string): void;
  /** Baton is taken out of a conversation, or put back. */
  install(conversationId: string, there: boolean): void;
}

export const cardOf = (message: Message | undefined): CardView | undefined =>
  message?.kind === 'card' ? message.view : undefined;

/** How long a call waits for its answer, in milliseconds. */
const ATTEMPT_MS = 5_000;

export function createTeams(
  time: VirtualTime,
  weather: Weather,
  watch: TeamsWatch,
  met: (fault: string) => void,
): Teams {
  const messages = new Map<string, Shown>();
  const removed = new Set<string>();
  let last = 0;

  function land(call: Call): void {
    const { by, message, activityId, thread, reach } = call;
    const stands = messages.get(activityId);
    if (by === 'edit') {
      if (!stands) return;
      stands.versions.push(message);
      watch.landed(stands, message, true);
      return;
    }
    const shown: Shown = {
      activityId,
      conversationId: reach.conversationId,
      thread,
      versions: [message],
    };
    messages.set(activityId, shown);
    watch.landed(shown, message, false);
  }

  function outcomeOf(call: Call, dice: Dice): { kind: Outcome['kind'] | 'crash'; lands?: number } {
    const rates = weather.at(time.ms);
    const { by, reach, thread, activityId } = call;
    if (removed.has(reach.conversationId)) return { kind: 'failed' };
    if (by === 'edit' && !messages.has(activityId)) return { kind: 'failed' };
    if (thread !== undefined && !messages.has(thread)) return { kind: 'failed' };
    const soon = dice.between(20, 400);
    if (dice.happens(rates.crash * 3))
      return dice.happens(0.5) ? { kind: 'crash' } : { kind: 'crash', lands: soon };
    if (dice.happens(rates.throttled)) return { kind: 'throttled' };
    if (dice.happens(rates.vanished)) return { kind: 'unknown' };
    if (dice.happens(rates.unanswered)) return { kind: 'unknown', lands: soon };
    if (dice.happens(rates.late)) {
      // An edit that comes after a later one would stand for ever; Teams gives edits up sooner.
      return {
        kind: 'unknown',
        lands: by === 'edit' ? dice.between(6_000, 20_000) : dice.between(6_000, 600_000),
      };
    }
    if (dice.happens(rates.refused)) return { kind: 'failed' };
    return { kind: 'sent', lands: soon };
  }

  async function send(
    { life, dice, crash }: CallDeps,
    by: 'post' | 'edit',
    reach: Reach,
    message: Message,
    thread: string | undefined,
    edited: string | undefined,
  ): Promise<Outcome> {
    if (!life.alive) return never();
    const call: Call = {
      by,
      life,
      reach,
      message,
      thread,
      activityId: edited ?? `a${++last}`,
      effective: false,
      answer: undefined,
    };
    watch.calling(call);
    const { kind, lands } = outcomeOf(call, dice);
    call.effective = kind === 'sent' || kind === 'unknown' || kind === 'crash';
    met(
      `teams.${kind === 'unknown' ? (lands === undefined ? 'vanished' : lands > ATTEMPT_MS ? 'late' : 'unanswered') : kind}.${by}`,
    );
    if (kind !== 'sent' && kind !== 'failed') weather.trouble();
    watch.called(call);
    if (lands !== undefined) time.at(time.ms + lands, () => land(call));
    if (kind === 'crash') {
      time.at(time.ms + dice.between(0, 500), () => life.alive && crash(`teams.${by}`));
      return never();
    }
    const wait =
      kind === 'unknown'
        ? ATTEMPT_MS
        : kind === 'sent'
          ? (lands ?? 0) + dice.between(1, 200)
          : dice.between(5, 100);
    await new Promise<void>((resolve) => inLife(time, life, time.ms + wait, resolve));
    call.answer = kind;
    switch (kind) {
      case 'sent':
        return { kind, conversationId: reach.conversationId, activityId: call.activityId };
      case 'throttled':
        return { kind, retryAfterMs: dice.between(500, 20_000) };
      case 'unknown':
        return { kind };
      case 'failed': {
        const there = !removed.has(reach.conversationId);
        const missing =
          (by === 'edit' && !messages.has(call.activityId)) ||
          (thread !== undefined && !messages.has(thread));
        return { kind, reason: there && !missing ? 'refused' : 'gone' };
      }
    }
  }

  return {
    messengerFor: (deps) => ({
      post: (reach, message, thread) => send(deps, 'post', reach, message, thread, undefined),
      edit: (reach, activityId, message) => send(deps, 'edit', reach, message, undefined, activityId),
    }),
    message: (activityId) => messages.get(activityId),
    remove: (activityId) => void messages.delete(activityId),
    install(conversationId, there) {
      if (there) removed.delete(conversationId);
      else removed.add(conversationId);
    },
  };
}
