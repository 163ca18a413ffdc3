import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { type Agreement, partnerName, positionsThatCan } from '../agreement/agreement.ts';
import { DATASET } from '../agreement/dataset.ts';
import { doneCard } from '../core/cards.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import { chooseProviderCard, formStep } from './cards-forms.ts';
import type { Verb } from './cards-verbs.ts';
import type { Handovers, Present } from './commands.ts';
import { missingFields } from './completeness.ts';
import type { Drafts, OfferDraft } from './drafts.ts';
import { inputsAsToday } from './earlier-names.ts';
import {
  contentFromInputs,
  type Draft,
  FORM_STEPS,
  type FormStep,
  formProblems,
  inputsFromContent,
  missingProblems,
  stepOf,
} from './form.ts';
import { Content, waitsFor } from './handover.ts';
import { isOpen } from './lists.ts';

const Opening = z.object({ provider: z.string().max(40).optional() }).loose();
const Step = z.object({ draft: z.uuid(), step: z.enum(FORM_STEPS) }).catchall(z.unknown());
type Step = z.infer<typeof Step>;
const Again = z.object({ caseId: z.string().max(20), handoverId: z.string().regex(/^h\d{1,4}$/) }).loose();

/** The form names people, so it is never a card that a channel's members see. */
const form = (doc: OfferDraft, terms: Agreement, problems: readonly Problem[] = []): Reply => ({
  kind: 'card',
  private: true,
  view: formStep(doc.step, doc.draft, terms, problems),
});

/** The offer form: opened, moved through step by step, each kept as the person's draft, and sent once. */
export function formRoutes(handovers: Handovers, drafts: Drafts): VerbRoute[] {
  const typed = ({ draft: _, step: __, ...rest }: Step): Draft['inputs'] =>
    Object.fromEntries(
      Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );

  async function fill(asking: Asking, pressed: Step, step: FormStep, whole?: FormStep): Promise<OfferDraft> {
    const { pathwayId, actor } = asking;
    const doc = await drafts.fill(pathwayId, actor.person, pressed.draft, step, typed(pressed), whole);
    if (doc) return doc;
    throw new Refused('draft-gone', 'This form is no longer open. Type /handover to begin again.');
  }

  const route = <T extends z.ZodType>(
    verb: Verb,
    input: T,
    run: (asking: Asking, pressed: z.infer<T>) => Promise<Reply>,
  ): VerbRoute => ({ verb, input, run: (asking, pressed) => run(asking, pressed as z.infer<T>) });

  /** The form at the draft's step; of a case that is known already, as the case reads today. */
  async function shown(
    { pathwayId }: Asking,
    doc: OfferDraft,
    terms: Agreement,
    problems: readonly Problem[] = [],
  ): Promise<Reply> {
    const { caseId, inputs } = doc.draft;
    const caseDoc = caseId === undefined ? undefined : await handovers.caseNow(pathwayId, caseId);
    const draft = caseDoc ? { ...doc.draft, inputs: inputsAsToday(inputs, caseDoc) } : doc.draft;
    return form({ ...doc, draft }, terms, problems);
  }

  return [
    route('handover.form.open', Opening, (asking, pressed) =>
      openForm(handovers, drafts, asking, pressed.provider ?? asking.place.provider),
    ),
    route('handover.form.next', Step, async (asking, pressed) => {
      const { terms } = await handovers.inForce(asking.pathwayId);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      const problems = stepProblems(pressed.step, doc.draft.inputs, terms);
      if (problems.length > 0) return shown(asking, doc, terms, problems);
      const next = FORM_STEPS[FORM_STEPS.indexOf(pressed.step) + 1] ?? pressed.step;
      return shown(asking, await fill(asking, pressed, next), terms);
    }),
    route('handover.form.back', Step, async (asking, pressed) => {
      const { terms } = await handovers.inForce(asking.pathwayId);
      const before = FORM_STEPS[Math.max(0, FORM_STEPS.indexOf(pressed.step) - 1)] ?? pressed.step;
      // Back carries no inputs: what was typed here before stays.
      return shown(asking, await fill(asking, pressed, before), terms);
    }),
    route('handover.form.send', Step, async (asking, pressed) => {
      const { terms } = await handovers.inForce(asking.pathwayId);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return sentReply(terms, doc.sent);
      try {
        return await send(handovers, drafts, asking, doc, terms);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        const problems = error.problems.map(({ field, message }) => ({
          field: field.replace(/^content\./, ''),
          message,
        }));
        const step = stepOf(problems[0]?.field ?? '');
        return shown(asking, await fill(asking, pressed, step), terms, problems);
      }
    }),
    route('handover.offer-another', Again, async (asking, { caseId, handoverId }) => {
      const found = await handovers.view({ pathwayId: asking.pathwayId, caseId, handoverId }, asking.actor);
      if (isOpen(found.handover) || waitsFor(found.handover) === undefined) {
        throw new Refused(
          'nothing-to-offer',
          'This need has been offered again or is closed. Nothing for you to do.',
        );
      }
      return offerAgain(drafts, asking, found);
    }),
  ];
}

/** Opens an empty form for the provider that the person offers for; asks which, if there are several. */
export async function openForm(
  handovers: Handovers,
  drafts: Drafts,
  asking: Asking,
  provider?: string,
): Promise<Reply> {
  const { terms } = await handovers.inForce(asking.pathwayId);
  const positions = positionsThatCan(terms, asking.actor, 'offer');
  const [only] = positions;
  if (!only) {
    throw new Refused(
      'role',
      'Offering a handover is not part of your role. Ask a colleague who does, or your coordinator.',
    );
  }
  const chosen = positions.find((position) => position.provider === provider);
  const several = new Set(positions.map((position) => position.provider)).size > 1;
  if (!chosen && several) {
    return {
      kind: 'card',
      view: chooseProviderCard('handover.form.open', { pathway: asking.pathwayId }, positions, terms),
    };
  }
  const at = chosen ?? only;
  const doc = await drafts.start(asking.pathwayId, asking.actor.person, {
    from: at.provider,
    inputs: {
      'author.name': asking.actor.name,
      'author.role': terms.roles.find((role) => role.id === at.role)?.name ?? '',
      'author.phone': terms.providers.find((one) => one.id === at.provider)?.phone ?? '',
    },
  });
  return form(doc, terms);
}

/** The same need for somebody else: everything but the receiver is filled in already. */
async function offerAgain(drafts: Drafts, asking: Asking, found: Present): Promise<Reply> {
  const { handover, caseDoc, today } = found;
  const doc = await drafts.start(asking.pathwayId, asking.actor.person, {
    from: handover.sender,
    caseId: caseDoc.caseId,
    inputs: inputsFromContent(handover.content, today.zone),
  });
  return form(doc, today);
}

async function send(
  handovers: Handovers,
  drafts: Drafts,
  asking: Asking,
  doc: OfferDraft,
  terms: Agreement,
): Promise<Reply> {
  const problems = FORM_STEPS.flatMap((step) => stepProblems(step, doc.draft.inputs, terms));
  if (problems.length > 0) throw new Invalid('Not sent yet.', problems);
  const offer = {
    from: doc.draft.from,
    to: doc.draft.inputs.to ?? '',
    content: Content.parse(contentFromInputs(doc.draft.inputs, terms.zone)),
    ...(doc.draft.caseId !== undefined && { caseId: doc.draft.caseId }),
  };
  const bodyHash = createHash('sha256').update(doc.draft.id).digest('hex');
  const answer = await handovers.offer(asking.actor, asking.pathwayId, offer, {
    idempotencyKey: doc.draft.id,
    bodyHash,
  });
  const sent = { caseId: answer.caseId, to: offer.to };
  await drafts.clear(asking.pathwayId, asking.actor.person, doc.draft.id, sent);
  return sentReply(terms, sent);
}

/** What is wrong on a step, and what the minimum dataset asks for there and is missing. */
function stepProblems(step: FormStep, inputs: Draft['inputs'], terms: Agreement): Problem[] {
  const content = contentFromInputs(inputs, terms.zone);
  const wrong = formProblems(step, inputs, terms);
  const unreadable = Content.safeParse(content).error?.issues ?? [];
  const problems = [
    ...wrong,
    ...unreadable.map(({ path, message }) => {
      const field = path.join('.');
      return { field, message: `${fieldName(field)}: ${message}.` };
    }),
    ...missingProblems(missingFields(content, terms.dataset), step),
  ];
  const first = new Map<string, Problem>();
  for (const problem of problems) {
    if (stepOf(problem.field) === step && !first.has(problem.field)) first.set(problem.field, problem);
  }
  return [...first.values()];
}

/** What the form calls a field; `Postcode` for one that no minimum dataset can ask for. */
function fieldName(field: string): string {
  const known: Readonly<Record<string, string>> = DATASET;
  const last = field.split('.').at(-1) ?? field;
  return known[field] ?? `${last.charAt(0).toUpperCase()}${last.slice(1)}`;
}

const sentReply = (terms: Agreement, sent: { caseId: string; to: string }): Reply => ({
  kind: 'card',
  view: doneCard(
    `Sent to ${partnerName(terms, sent.to)} as case ${sent.caseId}. You hold the case until they accept. Your card says when it is delivered and opened.`,
  ),
});
