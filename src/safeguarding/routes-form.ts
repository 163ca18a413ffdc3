import { z } from 'zod/v4';
import type { Agreement } from '../agreement/agreement.ts';
import { type Problem, Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, VerbRoute } from '../core/routes.ts';
import { receiptCard } from './cards-sent.ts';
import type { Verb } from './cards-verbs.ts';
import type { Concerns } from './commands.ts';
import type { ConcernDraftDoc, ConcernDrafts } from './drafts.ts';
import { type ConcernDraft, ENOUGH, inputsIn, namedOf, STEPS, type Step, stepOf, toldOf } from './form.ts';
import { NO_CASE, stepProblems } from './form-problems.ts';
import { inPerson } from './in-person.ts';
import { openingRoutes, shown } from './routes-open.ts';

const Pressed = z.object({ draft: z.uuid(), step: z.enum(STEPS) }).catchall(z.unknown());
type Pressed = z.infer<typeof Pressed>;

/** The case that they typed, or from which they came. */
const caseOf = ({ inputs, caseId }: ConcernDraft): string | undefined =>
  readRegisterId(inputs.caseNumber ?? '') ?? caseId;

/** Raising a concern: the form, moved through step by step, each kept as the person's draft, and sent once. */
export function concernFormRoutes(concerns: Concerns, drafts: ConcernDrafts, now: () => string) {
  const opening = openingRoutes(concerns, drafts, now);
  const { termsOf, open } = opening;
  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });

  async function fill(asking: Asking, pressed: Pressed, step: Step, whole?: Step): Promise<ConcernDraftDoc> {
    const { pathwayId, actor } = asking;
    const inputs = whole === undefined ? {} : inputsIn(pressed);
    const doc = await drafts.fill(pathwayId, actor.person, pressed.draft, step, inputs, whole);
    if (doc) return doc;
    throw new Refused('draft-gone', 'This form is no longer open. Type /concern to begin again.');
  }

  /** What is wrong with these steps, also a number of no case. */
  async function wrongOn(
    steps: readonly Step[],
    { pathwayId }: Asking,
    { draft }: ConcernDraftDoc,
    terms: Agreement,
  ): Promise<Problem[]> {
    const problems = steps.flatMap((step) => stepProblems(step, draft.inputs, terms, now()));
    const typed = steps.includes('person') && readRegisterId(draft.inputs.caseNumber ?? '');
    if (!typed || (await concerns.isCase(pathwayId, typed))) return problems;
    return [...problems, { field: 'caseNumber', message: NO_CASE }];
  }

  async function send(asking: Asking, doc: ConcernDraftDoc, terms: Agreement): Promise<Reply> {
    const { pathwayId, actor } = asking;
    const { draft } = doc;
    const problems = await wrongOn(STEPS, asking, doc, terms);
    const first = problems[0];
    if (first) {
      const step = stepOf(first.field);
      const back = await drafts.fill(pathwayId, actor.person, draft.id, step, {});
      const here = problems.filter(({ field }) => stepOf(field) === step);
      return shown(back ?? { ...doc, step }, terms, here);
    }
    const { provider, role, concernId } = draft;
    const told = toldOf(draft.inputs, terms.zone);
    const sent = await concerns.raise({ pathwayId, concernId }, actor, {
      told,
      named: namedOf(draft.inputs, terms),
      caseId: caseOf(draft),
      position: { provider, role },
    });
    await drafts.clear(pathwayId, actor.person, draft.id, { concernId });
    const changed = JSON.stringify(sent.concern.told) !== JSON.stringify(told);
    return inPerson(receiptCard(sent.concern, sent.today, sent.now, changed));
  }

  /** The receipt of what was sent before, as it stands now. */
  async function receipt({ pathwayId, actor }: Asking, concernId: string): Promise<Reply> {
    const found = await concerns.forAct({ pathwayId, concernId }, 'concern.view', actor);
    return inPerson(receiptCard(found.concern, found.today, found.now));
  }

  const verbs: VerbRoute[] = [
    ...opening.verbs,
    route('concern.form.next', async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return receipt(asking, doc.sent.concernId);
      const problems = await wrongOn([pressed.step], asking, doc, terms);
      if (problems.length > 0) return shown(doc, terms, problems);
      const next = STEPS[STEPS.indexOf(pressed.step) + 1] ?? pressed.step;
      return shown(await fill(asking, pressed, next), terms);
    }),
    route('concern.form.back', async (asking, pressed) => {
      const before = STEPS[Math.max(0, STEPS.indexOf(pressed.step) - 1)] ?? pressed.step;
      // Back carries no inputs: what was typed here before stays.
      const doc = await fill(asking, pressed, before);
      return doc.sent ? receipt(asking, doc.sent.concernId) : shown(doc, await termsOf(asking));
    }),
    route('concern.form.send', async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return receipt(asking, doc.sent.concernId);
      if (STEPS.indexOf(pressed.step) < STEPS.indexOf(ENOUGH)) return shown(doc, terms);
      return send(asking, doc, terms);
    }),
  ];
  return { verbs, typed: opening.typed, timers: opening.timers, open };
}
