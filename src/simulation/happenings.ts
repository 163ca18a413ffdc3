import { AGREEMENT_HEAD, type Agreement, type AgreementDoc } from '../agreement/agreement.ts';
import { applyAgreement, bindChannel } from '../agreement/apply.ts';
import { agreementKey } from '../agreement/current.ts';
import { Conflict, Invalid, Refused, Unavailable } from '../core/errors.ts';
import { EDITS, withoutPaging } from './edits.ts';
import type { Happening } from './happening.ts';
import { type ImportDeps, importByOperator } from './imports.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Pagers } from './pagers.ts';
import { channelId, FIRST_TERMS, PATHWAY, personalChat } from './pathway.ts';
import { rosterOf } from './roster.ts';
import { told, WEEK } from './script.ts';
import { type Dice, diceOf } from './seeded.ts';
import type { Staff } from './staff.ts';
import { offerBySystem, type SystemDeps } from './systems.ts';
import type { Shown, Teams } from './teams.ts';
import type { Weather } from './weather.ts';
import { TENANT, type Worker } from './worker.ts';

export interface HappeningDeps extends SystemDeps, ImportDeps {
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly teams: Teams;
  readonly pagers: Pagers;
  readonly staff: Staff;
  /** Every card that was posted, oldest first. */
  readonly cards: readonly Shown[];
  readonly mistake: (error: unknown, where: string) => void;
}

/** What befalls the world. */
export interface Happenings {
  /** The partners' first agreement is applied, and most of their people open Baton. */
  begins(): void;
  happens(happening: Happening): void;
}

/** The agreement as it stands; the first one before there is any. */
export const termsIn = (memory: MemoryStore): Agreement =>
  (memory.inside(agreementKey(PATHWAY)).get(AGREEMENT_HEAD)?.doc as AgreementDoc | undefined)?.terms ??
  FIRST_TERMS;

/** Not everybody has opened Baton. */
const NEVER_OPENED = ['kim', 'tess', 'jo'];

export function createHappenings(deps: HappeningDeps): Happenings {
  const { seed, time, workers, memory, weather, teams, pagers, staff, cards, met, note, mistake } = deps;
  const start = time.ms;
  let channels = 0;
  const termsNow = (): Agreement => termsIn(memory);

  /** Somebody at the command line, or in a channel, changes the agreement at whichever worker is there. */
  function changes(what: Parameters<Worker['ask']>[0]): void {
    const up = workers.find(({ life }) => life.alive);
    up?.ask(what).catch((error: unknown) => {
      const told = [Unavailable, Conflict, Refused, Invalid].some((kind) => error instanceof kind);
      if (!told) mistake(error, 'an agreement');
      met('an agreement was not changed');
      note('agreement', error instanceof Error ? error.message : '');
    });
  }
  /** The agreement in force is changed so. */
  function edits(change: (terms: Agreement) => Agreement): void {
    changes(async ({ run, agreements }) => {
      const deps = { store: memory, run, agreements };
      await applyAgreement(deps, change(termsNow()), { system: 'operator' }, { yes: true });
    });
  }
  function outage(happening: Happening & { kind: 'pager' }, dice: Dice): void {
    const { provider, fault, ms, removed } = happening;
    let noticed = !removed;
    pagers.begin(provider, {
      fault,
      to: time.ms + ms,
      putOff() {
        if (noticed) return;
        noticed = true;
        time.at(time.ms + dice.between(500, 20_000), () => edits((terms) => withoutPaging(terms, provider)));
      },
    });
  }

  /** A provider's channel is bound anew, and Baton is installed there. */
  function binds(provider: string): void {
    const conversation = channelId(provider, ++channels);
    const person = personOf(provider);
    changes(async ({ run, agreements, shownAgain }) => {
      await bindChannel(
        { store: memory, run, agreements },
        PATHWAY,
        { provider, tenant: TENANT, conversation },
        { system: 'bind' },
      );
      if (person) staff.installs(person.key, conversation);
      await shownAgain(PATHWAY, provider);
    });
  }

  function happens(happening: Happening): void {
    note('world', told(happening));
    met(`world ${happening.kind}`);
    const dice = diceOf(seed, 'happening', happening.at);
    switch (happening.kind) {
      case 'offer':
        if (happening.by === 'person') staff.offer(happening);
        else offerBySystem(deps, happening).catch((error: unknown) => mistake(error, 'an offer'));
        break;
      case 'storm':
        weather.begin({ from: time.ms, to: time.ms + happening.ms, rates: happening.rates });
        break;
      case 'crash':
        workers[happening.worker]?.crash('an hour that was written', happening.ms);
        break;
      case 'pause':
        workers[happening.worker]?.pause('an hour that was written', happening.ms);
        break;
      case 'outage':
        for (const worker of workers) worker.crash('an outage', happening.ms + dice.between(0, 60_000));
        break;
      case 'pager':
        outage(happening, dice);
        break;
      case 'edit':
        edits((terms) => EDITS[happening.edit]?.(terms, dice) ?? FIRST_TERMS);
        break;
      case 'roster':
        changes(async ({ rota }) => {
          const file = rosterOf(termsNow(), start + happening.week * WEEK, dice);
          await rota.importFile(PATHWAY, { kind: 'system', job: 'operator' }, 'rota.csv', file);
        });
        break;
      case 'duty':
        staff.duty(happening.act, happening.person);
        break;
      case 'bind':
        binds(happening.provider);
        break;
      case 'uninstall': {
        const chat = personalChat(happening.person);
        teams.install(chat, false);
        time.at(time.ms + happening.ms, () => {
          teams.install(chat, true);
          staff.installs(happening.person, chat);
        });
        break;
      }
      case 'concern':
        staff.raises(happening);
        break;
      case 'delete':
        if (cards.length > 0) teams.remove(dice.pick(cards).activityId);
        break;
      case 'type':
        staff.types(happening.person, happening.command);
        break;
      case 'ask':
        staff.asks(happening.person, happening.command);
        break;
      case 'list':
        for (let operator = 1; operator <= (happening.twice ? 2 : 1); operator++) {
          importByOperator(deps, happening, operator).catch((error: unknown) => mistake(error, 'a list'));
        }
    }
  }

  return {
    begins() {
      changes(async ({ run, agreements }) => {
        await applyAgreement(
          { store: memory, run, agreements },
          FIRST_TERMS,
          { system: 'operator' },
          { yes: true },
        );
        for (const { key } of FIRST_TERMS.people) {
          if (!NEVER_OPENED.includes(key)) staff.installs(key, personalChat(key));
        }
        // One channel is not bound yet.
        for (const { provider, conversation } of FIRST_TERMS.channels) {
          const person = personOf(provider);
          if (person) staff.installs(person.key, conversation);
        }
      });
    },
    happens,
  };
}

const personOf = (provider: string) =>
  FIRST_TERMS.people.find(({ positions }) => positions[0]?.provider === provider);
