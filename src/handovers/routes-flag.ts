import { z } from 'zod/v4';
import type { Agreement } from '../agreement/agreement.ts';
import { actorRef } from '../core/actors.ts';
import { noticeCard } from '../core/cards.ts';
import { type Change, type Key, mergeChanges } from '../core/change.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import type { Asking, CardView, Reply, VerbRoute } from '../core/routes.ts';
import type { Presenter, Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { CASE_HEAD, type CaseDoc, caseLabel } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import type { Verb } from './cards-verbs.ts';
import type { Handovers } from './commands.ts';
import {
  answerFlag,
  FLAG_ANSWERS,
  type FlagAnswer,
  type FlagDoc,
  flagged,
  flagId,
  remindOfFlag,
} from './flag.ts';
import { inputsFromContent } from './form.ts';

/** Opens the form of a concern with what is known already. */
export type OpenConcern = (
  asking: Asking,
  known: {
    readonly caseId: string;
    readonly provider: string;
    readonly inputs: Readonly<Record<string, string>>;
  },
) => Promise<Reply>;

export interface FlagDeps {
  readonly store: Pick<Store, 'get'>;
  readonly run: RunTurn;
  readonly handovers: Pick<Handovers, 'inForce' | 'present'>;
  readonly openConcern: OpenConcern;
  readonly kick: (pathwayId: string) => void;
}

const Pressed = z
  .object({
    caseId: z.string().max(20),
    handoverId: z.string().regex(/^h\d{1,4}$/),
    answer: z.enum(FLAG_ANSWERS),
  })
  .loose();
type Pressed = z.infer<typeof Pressed>;

const WORDS: Readonly<Record<FlagAnswer, string>> = { yes: 'Yes', no: 'No', 'not-sure': 'Not sure' };
const OVER = noticeCard({ title: 'Nothing for you to do', text: 'This has been answered.' });

/** The question to whoever accepted, in person: case number and initials, and three answers. */
export function flagCard(handoverId: string, caseDoc: CaseDoc, terms: Agreement): CardView {
  const label = caseLabel(caseDoc.caseId, caseDoc.person, terms);
  return {
    card: 'handovers/flag',
    data: {
      label,
      answers: FLAG_ANSWERS.map((answer) => ({
        title: WORDS[answer],
        ref: { pathway: terms.pathway, caseId: caseDoc.caseId, handoverId, answer },
      })),
    },
    summary: `${caseDoc.caseId}: does your safeguarding lead know?`,
  };
}

/** What of a referral fills in the form of a concern about the same person. */
const KNOWN = ['given', 'surname', 'dob', 'nhsNumber', 'safeContact', 'communication'] as const;

/** The question after Accept, as plain data: its three buttons, its reminder, and how it reads. */
export function flagRoutes({ store, run, handovers, openConcern, kick }: FlagDeps) {
  const read = async (key: Key, handoverId: string): Promise<FlagDoc | undefined> =>
    (await store.get<FlagDoc>(key, flagId(handoverId)))?.doc;

  async function answer(asking: Asking, { caseId, handoverId, answer }: Pressed): Promise<Reply> {
    const { pathwayId, actor } = asking;
    const key = { pathwayId, caseId };
    await run<CaseDoc, void>(key, CASE_HEAD, async ({ head, get }, now) => {
      const change = answerFlag(head && (await get<FlagDoc>(flagId(handoverId))), actor.person, now);
      if (!head || !change) return { answer: undefined };
      const events = [
        { type: 'handover.flag-answered', by: actorRef(actor), data: { handover: handoverId } },
      ];
      return { change: mergeChanges({ documents: [head], events }, change), answer: undefined };
    });
    kick(pathwayId);
    if (answer === 'yes') {
      return {
        kind: 'card',
        private: true,
        view: noticeCard({
          title: 'Thank you',
          text: 'If you see or hear anything more, type /concern. If somebody is in danger now, ring 999.',
        }),
      };
    }
    const found = await handovers.present({ ...key, handoverId });
    if (!found)
      throw new Refused('gone', 'This handover is not there any more. To raise a concern, type /concern.');
    const given = inputsFromContent(found.handover.content, found.today.zone);
    const inputs = Object.fromEntries(
      KNOWN.flatMap((field) => {
        const value = given[`person.${field}`];
        return value === undefined ? [] : [[field, value]];
      }),
    );
    return openConcern(asking, { caseId, provider: found.handover.to, inputs });
  }

  const verb: Verb = 'handover.flag';
  const verbs: VerbRoute[] = [
    { verb, input: Pressed, run: (asking, pressed) => answer(asking, pressed as Pressed) },
  ];

  const timers: Timers = {
    async 'handover.flag'({ pathwayId, caseId, subject }) {
      if (!rule('handover.flag', { kind: 'system', job: 'timer' }, {}, () => false).allowed) return;
      await run<CaseDoc, void>({ pathwayId, caseId }, CASE_HEAD, async ({ head, get }) => {
        const change: Change | undefined = remindOfFlag(await get<FlagDoc>(subject));
        if (!head || !change) return { answer: undefined };
        return { change: mergeChanges({ documents: [head] }, change), answer: undefined };
      });
      kick(pathwayId);
    },
  };

  const presenter: Presenter = {
    head: () => CASE_HEAD,
    async show(key, subject, route) {
      const flag = await read(key, flagged(subject));
      if (route.to !== 'person' || flag?.of !== route.person || flag.answeredAt !== undefined)
        return { view: OVER, revision: 2, editOnly: true };
      const [caseDoc, { terms }] = await Promise.all([
        store.get<CaseDoc>(key, CASE_HEAD),
        handovers.inForce(key.pathwayId),
      ]);
      return caseDoc && { view: flagCard(flag.handoverId, caseDoc.doc, terms), revision: 1 };
    },
    async tell(key, { subject, route }) {
      const flag = await read(key, flagged(subject));
      if (route.to !== 'person' || !flag || flag.answeredAt !== undefined) return undefined;
      return `Case ${key.caseId}: does your safeguarding lead know? The question above is not answered yet.`;
    },
    fallbacks: async () => [],
    settled: () => ({}),
  };
  const presenters: Presenters = { flag: presenter };
  return { verbs, timers, presenters };
}
