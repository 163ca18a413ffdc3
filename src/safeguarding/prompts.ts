import type { Agreement } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { localDateOf } from '../core/wording.ts';
import { CASE_HEAD, type CaseDoc, ownCase, unknownCase } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { type Concerns, notAgreed } from './commands.ts';
import { contactsOf } from './contacts.ts';
import {
  answerPrompt,
  openPrompt,
  PROMPT_HEAD,
  type PromptAnswer,
  type PromptDoc,
  promptKey,
  type WhichPrompt,
} from './prompt.ts';

export interface PromptDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly concerns: Pick<Concerns, 'inForce'>;
  readonly now: () => Instant;
}

/** A day's card as it stands, with the cases that it asks about. */
export interface PresentPrompt {
  readonly doc: PromptDoc;
  readonly cases: readonly CaseDoc[];
  readonly today: Agreement;
  readonly now: Instant;
}

/** What may be done with a person's questions of a day, by that person alone. */
export function createPrompts({ store, run, concerns, now }: PromptDeps) {
  async function termsOf(pathwayId: string): Promise<Agreement> {
    const { terms } = await concerns.inForce(pathwayId);
    if (!terms.safeguarding) throw notAgreed();
    return terms;
  }

  async function caseOf(pathwayId: string, caseId: string): Promise<CaseDoc | undefined> {
    return (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;
  }

  async function present(pathwayId: string, doc: PromptDoc, today: Agreement): Promise<PresentPrompt> {
    const read = await Promise.all(doc.contacts.map((caseId) => caseOf(pathwayId, caseId)));
    return { doc, cases: read.filter((one) => one !== undefined), today, now: now() };
  }

  return {
    /** Today's card, with the contacts of today and the case that they named. Errors: `Refused` for an unknown case. */
    async open(pathwayId: string, actor: PersonActor, named?: string): Promise<PresentPrompt> {
      const today = await termsOf(pathwayId);
      if (named !== undefined) {
        const caseDoc = await caseOf(pathwayId, named);
        if (!caseDoc) throw unknownCase();
        ownCase(caseDoc);
      }
      const contacts = await contactsOf(store, pathwayId, actor, now());
      const which: WhichPrompt = { pathwayId, day: localDateOf(now(), today.zone) };
      const doc = await run<PromptDoc, PromptDoc>(
        promptKey(pathwayId, actor.person, which.day),
        PROMPT_HEAD,
        ({ head }) => {
          const more = named === undefined ? contacts : [named, ...contacts];
          const { doc, change } = openPrompt(head, which, actor, more);
          return { answer: doc, ...(change && { change }) };
        },
      );
      return present(pathwayId, doc, today);
    },

    /** Adds what they answered on that day's card. Errors: `Refused` where they have none. */
    async answer(
      { pathwayId, day }: WhichPrompt,
      actor: PersonActor,
      given: Readonly<Record<string, PromptAnswer>>,
    ): Promise<PresentPrompt> {
      const today = await termsOf(pathwayId);
      const doc = await run<PromptDoc, PromptDoc>(
        promptKey(pathwayId, actor.person, day),
        PROMPT_HEAD,
        ({ head }, at) => {
          const { doc, change } = answerPrompt(head, actor, given, at);
          return { answer: doc, ...(change && { change }) };
        },
      );
      return present(pathwayId, doc, today);
    },
  };
}
export type Prompts = ReturnType<typeof createPrompts>;
