import { z } from 'zod/v4';
import { type Agreement, positionCan } from '../agreement/agreement.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { readTime } from '../core/local-time.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { beAway, beBack } from './absence.ts';
import { onCallCard, type Shown } from './cards.ts';
import { afterAway, afterBack, afterGiving, afterOff, afterOn } from './cards-after.ts';
import { giveCard, type Mine, offCard, swapCard, swappable } from './cards-duties.ts';
import { awayForm, type Inputs, NOBODY, onCard, shiftForm } from './cards-forms.ts';
import type { Verb } from './cards-verbs.ts';
import type { RotaCommands } from './commands.ts';
import { rotaPresenter } from './presenter.ts';
import type { Shift } from './rota.ts';
import { dutyOf, give, putOn, takeOff } from './rules.ts';

const Key = z.string().min(1).max(40);
const Moment = z.iso.datetime();
const ShiftRef = z.string().min(1).max(200);
const Nothing = z.object({}).loose();
const Page = z.object({ page: z.coerce.number().int().min(1).max(100).optional() }).loose();
const Now = z.object({ provider: Key, role: Key, until: Moment.optional() }).loose();
const Which = z.object({ shift: ShiftRef }).loose();
const GiveTo = z.object({ shift: ShiftRef, to: Key }).loose();
const AwayRef = z.object({ person: Key, from: Moment }).loose();
const typed = z.string().max(200).optional();
const Times = { fromDate: typed, fromTime: typed, toDate: typed, toTime: typed };
const ShiftInputs = z.object({ who: typed, only: typed, ...Times }).loose();
const AwayInputs = z.object({ who: typed, cover: typed, ...Times }).loose();

const card = (view: CardView): Reply => ({ kind: 'card', view });

/** Everything that calls the rota, as plain data: `/oncall`, its buttons, its timers, and how its notices read. */
export function rotaRoutes(rota: RotaCommands, now: () => string) {
  async function shownTo({ pathwayId }: Asking): Promise<Shown> {
    const [terms, found] = await Promise.all([rota.termsOf(pathwayId), rota.onCall(pathwayId)]);
    return { rota: found, terms, now: now() };
  }

  async function onCall(asking: Asking, page?: number): Promise<Reply> {
    const { actor, place } = asking;
    const own =
      place.provider === undefined ? actor.positions.map(({ provider }) => provider) : [place.provider];
    return card(onCallCard(await shownTo(asking), own, page));
  }

  const route = <T extends z.ZodType>(
    verb: Verb,
    input: T,
    run: (asking: Asking, pressed: z.infer<T>) => Promise<Reply>,
  ): VerbRoute => ({ verb, input, run: (asking, pressed) => run(asking, pressed as z.infer<T>) });

  /** The shift's colleagues to choose from, for whoever may give it away. */
  function chooseTaker(shown: Shown, shift: Shift): Reply {
    const giver = dutyOf(shown, shift.id)?.person ?? shift.person;
    return card(giveCard(shown, shift, giver));
  }

  const verbs: VerbRoute[] = [
    route('rota.view', Page, (asking, { page }) => onCall(asking, page)),

    route('rota.on', Nothing, async (asking) => {
      const shown = await shownTo(asking);
      return card(onCard(shown, mineOf(asking, shown.terms)));
    }),
    route('rota.on.send', Now, async (asking, { provider, role, until }) => {
      const { person } = asking.actor;
      const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) =>
        putOn(facts, { person, provider, role, from: facts.now, ...(until !== undefined && { to: until }) }),
      );
      return card(afterOn(entered, { person, provider, role, from: entered.now, to: until }, person));
    }),

    route('rota.shift', Nothing, async (asking) => {
      const shown = await shownTo(asking);
      return card(shiftForm(shown, mineOf(asking, shown.terms)));
    }),
    route('rota.shift.send', ShiftInputs, async (asking, pressed) => {
      const shown = await shownTo(asking);
      const again = (problems: readonly Problem[]): Reply =>
        card(shiftForm(shown, mineOf(asking, shown.terms), { typed: pressed, problems }));
      const [person = '', provider = '', role = ''] = (pressed.only ?? pressed.who ?? '').split('|');
      const { from, to, problems } = timesOf(pressed, shown);
      if (role === '') problems.unshift({ field: 'who', message: 'Choose who is on duty.' });
      if (problems.length > 0) return again(problems);
      return orAgain(again, async () => {
        const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) =>
          putOn(facts, { person, provider, role, from: from ?? facts.now, ...(to !== undefined && { to }) }),
        );
        const entry = { person, provider, role, from: from ?? entered.now, to };
        return card(afterOn(entered, entry, asking.actor.person));
      });
    }),

    route('rota.off', Nothing, async (asking) => {
      const shown = await shownTo(asking);
      return card(offCard(shown, mineOf(asking, shown.terms)));
    }),
    route('rota.off.send', Which, async (asking, { shift: id }) => {
      let ended: { person: string; shift: Shift } | undefined;
      const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) => {
        ended = dutyOf(facts, id);
        return takeOff(facts, id);
      });
      return card(afterOff(entered, ended, asking.actor.person));
    }),

    route('rota.swap', Nothing, async (asking) => {
      const shown = await shownTo(asking);
      const mine = mineOf(asking, shown.terms);
      const all = swappable(shown.rota, shown.now, mine);
      const [only] = all;
      return only && all.length === 1 ? chooseTaker(shown, only) : card(swapCard(shown, mine));
    }),
    route('rota.swap.choose', Which, async (asking, { shift: id }) => {
      const shown = await shownTo(asking);
      const shift = swappable(shown.rota, shown.now, mineOf(asking, shown.terms)).find(
        (one) => one.id === id,
      );
      if (shift) return chooseTaker(shown, shift);
      throw new Refused(
        'shift-over',
        'This shift is over or was given away. Type /oncall to see who is on duty.',
      );
    }),
    route('rota.swap.send', GiveTo, async (asking, { shift: id, to }) => {
      const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) => give(facts, id, to));
      return card(afterGiving(entered, to));
    }),

    route('rota.away', Nothing, async (asking) => {
      const shown = await shownTo(asking);
      return card(awayForm(shown, mineOf(asking, shown.terms)));
    }),
    route('rota.away.send', AwayInputs, async (asking, pressed) => {
      const shown = await shownTo(asking);
      const again = (problems: readonly Problem[]): Reply =>
        card(awayForm(shown, mineOf(asking, shown.terms), { typed: pressed, problems }));
      const { from, to, problems } = timesOf(pressed, shown);
      if (to === undefined && problems.length === 0) {
        problems.push({ field: 'to', message: 'Choose the day and time until when.' });
      }
      if (!pressed.cover)
        problems.push({ field: 'cover', message: 'Choose who covers, or that nobody does.' });
      if (to === undefined || problems.length > 0) return again(problems);
      const person = pressed.who || asking.actor.person;
      const cover = pressed.cover === NOBODY ? undefined : pressed.cover;
      return orAgain(again, async () => {
        const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) =>
          beAway(facts, { person, from: from ?? facts.now, to, ...(cover !== undefined && { cover }) }),
        );
        const away = { person, from: from ?? entered.now, to, ...(cover !== undefined && { cover }) };
        return card(afterAway(entered, away, asking.actor.person));
      });
    }),
    route('rota.away.undo', AwayRef, async (asking, which) => {
      const entered = await rota.enter(asking.pathwayId, asking.actor, (facts) => beBack(facts, which));
      return card(afterBack(entered, which.person, asking.actor.person));
    }),
  ];

  const typedCommands: TypedRoute[] = [
    {
      command: '/oncall',
      usage: '',
      help: 'Who is on duty now and next; say that you are, swap, or be away',
      run: (asking) => onCall(asking),
    },
  ];
  const timers: Timers = {
    'rota.changed': ({ pathwayId }) => rota.changed(pathwayId),
    'rota.watch': ({ pathwayId }) => rota.watch(pathwayId),
  };
  const presenters: Presenters = { rota: rotaPresenter(rota) };
  return { verbs, typed: typedCommands, timers, presenters };
}

/** Whom the person may enter: themselves, and as a coordinator the colleagues of their providers. */
function mineOf({ actor }: Asking, terms: Agreement): Mine {
  const coordinates = actor.positions
    .filter((position) => positionCan(terms, position, 'coordinate'))
    .map(({ provider }) => provider);
  return { person: actor.person, coordinates: [...new Set(coordinates)] };
}

/** The two times of a form, in the pathway's zone; what is empty is left out, half a time is a problem. */
function timesOf(inputs: Inputs, { terms }: Shown): { from?: string; to?: string; problems: Problem[] } {
  const problems: Problem[] = [];
  const read = (field: 'from' | 'to', label: string): string | undefined => {
    const date = inputs[`${field}Date`]?.trim() ?? '';
    const time = inputs[`${field}Time`]?.trim() ?? '';
    if (date === '' && time === '') return undefined;
    if (date === '' || time === '') {
      problems.push({ field, message: `${label}: choose the day and the time.` });
      return undefined;
    }
    const { at, wrong } = readTime(`${date} ${time}`, terms.zone);
    if (wrong !== undefined) problems.push({ field, message: `${label}: ${wrong}.` });
    return at;
  };
  const from = read('from', 'From');
  const to = read('to', 'To');
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), problems };
}

/** Shows the form again with what the rules say is wrong. */
async function orAgain(
  again: (problems: readonly Problem[]) => Reply,
  run: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Invalid) return again(error.problems);
    if (error instanceof Refused) return again([{ field: '', message: error.message }]);
    throw error;
  }
}
