import type { Agreement } from '../agreement/agreement.ts';
import { type Agreements, inForceOf } from '../agreement/current.ts';
import type { Actor } from '../core/actors.ts';
import type { Change } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { MAX_WRITES, type Store } from '../store/store.ts';
import type { Loaded, RunTurn } from '../store/turn.ts';
import { asAgreed } from './absence.ts';
import { readRotaFile } from './csv.ts';
import type { Changed, Facts } from './entry.ts';
import { addImported, type Counts } from './import.ts';
import { ROTA_HEAD, type Rota, type RotaDoc, rotaKey } from './rota.ts';
import { changeOf, newRota, nextChange, watched } from './upkeep.ts';

export interface RotaDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Has Baton a way to the person's own chat that does not fail? */
  readonly reached: (pathwayId: string, person: string) => Promise<boolean>;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  /** Called after the rota changed: what is running is planned anew. Called again after a crash. */
  readonly moved: (pathwayId: string) => Promise<void>;
}

/** A rota as it stands, and who of it counts: only those whom Baton has reached. */
export interface OnCall extends Rota {
  readonly reached: (person: string) => boolean;
}

/** The rota after a press, and whether the press changed it. */
export interface Entered {
  readonly changed: boolean;
  readonly rota: OnCall;
  readonly terms: Agreement;
  readonly now: Instant;
}

/** The most shifts that one pathway's rota holds; about 1 MB of the 2 MB that a document may have. */
export const MAX_SHIFTS = 5_000;

/** Changes who is on duty, and says who is. */
export function createRota(deps: RotaDeps) {
  const { store, run, agreements, kick } = deps;

  const termsOf = async (pathwayId: string): Promise<Agreement> =>
    (await inForceOf(agreements)(pathwayId)).terms;

  async function reachedOf(pathwayId: string, rota: Rota): Promise<OnCall['reached']> {
    const covers = rota.away.flatMap(({ cover }) => cover ?? []);
    const people = new Set([...rota.shifts.map(({ person }) => person), ...covers]);
    const found = await Promise.all(
      [...people].map(async (person) => ((await deps.reached(pathwayId, person)) ? [person] : [])),
    );
    const reached = new Set(found.flat());
    return (person) => reached.has(person);
  }

  /** The shifts and absences, as far as today's agreement has the people in these roles. */
  async function read(pathwayId: string): Promise<Rota> {
    const [stored, terms] = await Promise.all([
      store.get<RotaDoc>(rotaKey(pathwayId), ROTA_HEAD),
      termsOf(pathwayId),
    ]);
    return asAgreed(stored?.doc ?? newRota(), terms);
  }

  /** The rota, with whom of its people Baton reaches at this moment. */
  async function onCall(pathwayId: string): Promise<OnCall> {
    const rota = await read(pathwayId);
    return { ...rota, reached: await reachedOf(pathwayId, rota) };
  }

  async function changeFor(
    loaded: Loaded<RotaDoc>,
    changed: Changed,
    terms: Agreement,
    now: Instant,
  ): Promise<Change> {
    if (changed.shifts.length > MAX_SHIFTS) {
      throw new Refused(
        'rota-full',
        `The rota holds at most ${MAX_SHIFTS} shifts. Enter or import fewer weeks at a time.`,
      );
    }
    const reached = await reachedOf(loaded.key.pathwayId, changed);
    return changeOf({ rota: loaded.head ?? newRota(), terms, reached, now }, changed);
  }

  return {
    read,
    onCall,
    termsOf,

    /** One press by a person: load, ask the rule, commit. A rule without a change: it stands like this already. */
    async enter(
      pathwayId: string,
      actor: Actor,
      decide: (facts: Facts) => Changed | undefined,
    ): Promise<Entered> {
      const terms = await termsOf(pathwayId);
      const entered = await run<RotaDoc, Entered>(rotaKey(pathwayId), ROTA_HEAD, async (loaded, now) => {
        const rota = loaded.head ?? newRota();
        const changed = decide({ rota, terms, actor, now });
        const stands = asAgreed(changed ?? rota, terms);
        const reached = await reachedOf(pathwayId, stands);
        const answer = { changed: changed !== undefined, rota: { ...stands, reached }, terms, now };
        return changed ? { change: await changeFor(loaded, changed, terms, now), answer } : { answer };
      });
      kick(pathwayId);
      return entered;
    },

    /**
     * Imports a file of shifts (CSV: person, provider, role, from, to), all of it or nothing.
     * Errors: `Invalid` with each wrong line and what to do; `Refused` when the rota would be too long.
     */
    async importFile(pathwayId: string, actor: Actor, file: string, text: string): Promise<Counts> {
      const terms = await termsOf(pathwayId);
      const counts = await run<RotaDoc, Counts>(rotaKey(pathwayId), ROTA_HEAD, async (loaded, now) => {
        const rota = loaded.head ?? newRota();
        const { entries, problems } = readRotaFile(file, text, { terms, away: rota.away, now });
        if (problems.length > 0) throw notImported(problems);
        const { changed, counts } = addImported({ rota, terms, actor, now }, entries);
        if (!changed) return { answer: counts };
        // One batch has a line for each person, beside the rota itself, its event and its timers.
        if (changed.told.length > MAX_WRITES - 10) {
          const most = MAX_WRITES - 10;
          throw notImported([{ field: file, message: `it has more than ${most} people: split it in two` }]);
        }
        return { change: await changeFor(loaded, changed, terms, now), answer: counts };
      });
      kick(pathwayId);
      return counts;
    },

    /**
     * The timer of a change, by a person or by the clock: what is running is planned anew, and again when the next
     * duty begins or ends. A change meanwhile keeps the timer.
     */
    async changed(pathwayId: string): Promise<void> {
      mustBeSystem('rota.changed');
      const before = await store.get<RotaDoc>(rotaKey(pathwayId), ROTA_HEAD);
      const looked = await run<RotaDoc, Instant>(rotaKey(pathwayId), ROTA_HEAD, (_, now) => ({
        answer: now,
      }));
      await deps.moved(pathwayId);
      await run<RotaDoc, void>(rotaKey(pathwayId), ROTA_HEAD, ({ head }) =>
        head && head.revision === before?.doc.revision
          ? { change: { documents: [head], timers: [nextChange(head, looked)] }, answer: undefined }
          : { answer: undefined },
      );
    },

    /** The timer that looks ahead: tells coming gaps, each once, and forgets what is long over. */
    async watch(pathwayId: string): Promise<void> {
      mustBeSystem('rota.watch');
      const terms = await termsOf(pathwayId);
      await run<RotaDoc, void>(rotaKey(pathwayId), ROTA_HEAD, async ({ head }, now) => {
        if (!head) return { answer: undefined };
        const reached = await reachedOf(pathwayId, head);
        return { change: watched({ rota: head, terms, reached, now }), answer: undefined };
      });
      kick(pathwayId);
    },
  };
}

export type RotaCommands = ReturnType<typeof createRota>;

const notImported = (problems: readonly Problem[]): Invalid =>
  new Invalid('Nothing was imported. Put these lines right and import the file again:', problems);

function mustBeSystem(act: 'rota.changed' | 'rota.watch'): void {
  const ruling = rule(act, { kind: 'system', job: 'timer' }, {}, () => false);
  if (!ruling.allowed) throw new Error(`${act} is a timer's`);
}
