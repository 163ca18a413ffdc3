import type { Waits } from '../core/waiting.ts';
import { headlineOf, refOf } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { type Escalation, live } from './escalation.ts';
import type { PresenterDeps } from './presenter.ts';

/** Prompts on /mine; the rest are on /escalations mine. */
const MOST = 5;
/** So many that ask somebody are looked at; of more, those that come next. */
const MOST_COUNTED = 100;

/** The prompts that ask the reader and that nobody has acknowledged, for /mine in person: as they come in person. */
export const promptsWait =
  ({ store, agreements, escalations, now }: PresenterDeps & { readonly now: () => string }): Waits =>
  async ({ pathwayId, actor, place }) => {
    const today = (await agreements.inForce(pathwayId))?.terms;
    if (!today || place.scope !== 'personal') return undefined;
    const list = `escalations.mine@${actor.person}`;
    const found = await store.page<Escalation>(pathwayId, list, { limit: MOST_COUNTED });
    const asking = found.flatMap(({ doc }) => {
      const raising = live(doc).find(
        ({ state, asked }) => state === 'waiting' && asked.includes(actor.person),
      );
      return raising ? [{ escalation: doc, raising }] : [];
    });
    const rows = await Promise.all(
      asking.slice(0, MOST).map(async ({ escalation, raising }) => {
        const { caseId, subject, agreementVersion } = escalation;
        const face = await escalations.subjectOf(subject)?.face({ pathwayId, caseId }, subject, actor.person);
        if (!face) return [];
        const agreed = (await agreements.termsAt(pathwayId, agreementVersion)) ?? today;
        return [
          {
            who: face.who,
            about: `${caseId}|${subject}`,
            lines: [face.between],
            standing: headlineOf(escalation, raising, agreed, today, now()),
            late: raising.due < now(),
            button: {
              title: 'Answer',
              verb: 'escalation.view' satisfies Verb,
              data: refOf(escalation, raising.n, today),
            },
          },
        ];
      }),
    );
    return { title: 'You are asked about', count: asking.length, rows: rows.flat() };
  };
