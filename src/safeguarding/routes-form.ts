import { z } from 'zod/v4';
import type { Agreement } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import { noticeCard as plainNotice } from '../core/cards.ts';
import { type Problem, Refused } from '../core/errors.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { raiserCard } from './cards.ts';
import { chooseForWhom, concernForm } from './cards-form.ts';
import type { Verb } from './cards-verbs.ts';
import { type Concerns, notAgreed } from './commands.ts';
import type { ConcernDraftDoc, ConcernDrafts } from './drafts.ts';
import { ENOUGH, type Inputs, namedOf, STEPS, type Step, stepOf, stepProblems, toldOf } from './form.ts';
import { inPerson } from './in-person.ts';

const Opening = z
  .object({
    provider: z.string().max(40).optional(),
    role: z.string().max(40).optional(),
    anew: z.boolean().optional(),
  })
  .loose();
const Pressed = z.object({ draft: z.uuid(), step: z.enum(STEPS) }).catchall(z.unknown());
type Pressed = z.infer<typeof Pressed>;

/** What is known already where somebody is led to the form. */
export interface Prefilled {
  readonly caseId?: string;
  readonly inputs?: Inputs;
  readonly provider?: string;
  readonly role?: string;
  /** A form that was begun is left as it is, unless this is true. */
  readonly anew?: boolean;
}

const IN_PERSON = plainNotice({
  title: 'A concern is raised in person',
  text: 'Everybody here would read it. Open a chat with Baton and type /concern there, or press Raise a concern on Baton’s card in this channel. If somebody is in danger now, ring 999.',
});
const NOT_HERE = plainNotice({
  title: 'Please delete what you wrote',
  text: 'Everybody here can read it. Baton has not stored it. Open a chat with Baton and type /concern there: it asks you for what is needed. If somebody is in danger now, ring 999.',
});

const BEGUN_BEFORE = 'You began this concern earlier and have not sent it. Send it first, or begin again.';

/** Raising a concern: the form, moved through step by step, each kept as the person's draft, and sent once. */
export function concernFormRoutes(concerns: Concerns, drafts: ConcernDrafts, now: () => string) {
  const route = <T extends z.ZodType>(
    verb: Verb,
    input: T,
    run: (asking: Asking, pressed: z.infer<T>) => Promise<Reply>,
  ): VerbRoute => ({ verb, input, run: (asking, pressed) => run(asking, pressed as z.infer<T>) });

  const shown = (
    { step, draft }: ConcernDraftDoc,
    terms: Agreement,
    problems: readonly Problem[] = [],
  ): Reply => inPerson(concernForm(step, draft, terms, problems));

  async function termsOf({ pathwayId }: Asking): Promise<Agreement> {
    const { terms } = await concerns.inForce(pathwayId);
    if (!terms.safeguarding) throw notAgreed();
    return terms;
  }

  /** Opens the form: the one that was begun, or a new one with what is known; asks for whom, if there are several. */
  async function open(asking: Asking, known: Prefilled = {}): Promise<Reply> {
    const terms = await termsOf(asking);
    const { pathwayId, actor, place } = asking;
    const begun = known.anew ? undefined : await drafts.unsent(pathwayId, actor.person);
    if (begun) {
      // What was typed is not thrown away for something new.
      const other = known.caseId !== undefined && known.caseId !== begun.draft.caseId;
      const problems = other ? [{ field: '', message: BEGUN_BEFORE }] : [];
      return inPerson(concernForm(begun.step, begun.draft, terms, problems, true));
    }
    const at = positionOf(actor.positions, known.provider ?? place.provider, known.role);
    if (!at) return inPerson(chooseForWhom(actor.positions, terms));
    const doc = await drafts.start(pathwayId, actor.person, {
      concernId: concerns.newId(),
      ...at,
      ...(known.caseId !== undefined && { caseId: known.caseId }),
      inputs: known.inputs ?? {},
    });
    return shown(doc, terms);
  }

  async function fill(asking: Asking, pressed: Pressed, step: Step, whole?: Step): Promise<ConcernDraftDoc> {
    const { draft, step: _, ...rest } = pressed;
    const inputs = Object.fromEntries(
      Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const doc = await drafts.fill(asking.pathwayId, asking.actor.person, draft, step, inputs, whole);
    if (doc) return doc;
    throw new Refused('draft-gone', 'This form is no longer open. Type /concern to begin again.');
  }

  async function send(asking: Asking, doc: ConcernDraftDoc, terms: Agreement): Promise<Reply> {
    const { pathwayId, actor } = asking;
    const { draft } = doc;
    const problems = STEPS.flatMap((step) => stepProblems(step, draft.inputs, terms, now()));
    const first = problems[0];
    if (first) {
      const step = stepOf(first.field);
      const back = await drafts.fill(pathwayId, actor.person, draft.id, step, {});
      const here = problems.filter(({ field }) => stepOf(field) === step);
      return shown(back ?? { ...doc, step }, terms, here);
    }
    const { provider, role, caseId, concernId } = draft;
    const sent = await concerns.raise({ pathwayId, concernId }, actor, {
      told: toldOf(draft.inputs, terms.zone),
      named: namedOf(draft.inputs, terms),
      caseId,
      position: { provider, role },
    });
    await drafts.clear(pathwayId, actor.person, draft.id, { concernId });
    return inPerson(raiserCard(sent.concern, sent.today, sent.now));
  }

  const verbs: VerbRoute[] = [
    route('concern.form.open', Opening, (asking, { provider, role, anew }) =>
      open(asking, {
        ...(provider !== undefined && { provider }),
        ...(role !== undefined && { role }),
        ...(anew && { anew }),
      }),
    ),
    route('concern.form.next', Pressed, async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return standing(asking, doc.sent.concernId);
      const problems = stepProblems(pressed.step, doc.draft.inputs, terms, now());
      if (problems.length > 0) return shown(doc, terms, problems);
      const next = STEPS[STEPS.indexOf(pressed.step) + 1] ?? pressed.step;
      return shown(await fill(asking, { draft: pressed.draft, step: next }, next), terms);
    }),
    route('concern.form.back', Pressed, async (asking, pressed) => {
      const before = STEPS[Math.max(0, STEPS.indexOf(pressed.step) - 1)] ?? pressed.step;
      // Back carries no inputs: what was typed here before stays.
      const doc = await fill(asking, { draft: pressed.draft, step: before }, before);
      return doc.sent ? standing(asking, doc.sent.concernId) : shown(doc, await termsOf(asking));
    }),
    route('concern.form.send', Pressed, async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return standing(asking, doc.sent.concernId);
      if (STEPS.indexOf(pressed.step) < STEPS.indexOf(ENOUGH)) return shown(doc, terms);
      return send(asking, doc, terms);
    }),
  ];

  /** The receipt of what was sent before. */
  async function standing({ pathwayId, actor }: Asking, concernId: string): Promise<Reply> {
    const {
      concern,
      today,
      now: at,
    } = await concerns.forAct({ pathwayId, concernId }, 'concern.view', actor);
    return inPerson(raiserCard(concern, today, at));
  }

  const typed: TypedRoute[] = [
    {
      command: '/concern',
      usage: '',
      help: 'Raise a safeguarding concern. In danger now: ring 999 first',
      run: async (asking, args) => {
        await termsOf(asking);
        if (args !== '' && asking.place.scope !== 'personal') return { kind: 'card', view: NOT_HERE };
        return { ...(await open(asking)), instead: IN_PERSON };
      },
    },
  ];
  return { verbs, typed, open };
}

/** The one in which they raise it: at this provider, in this role, or the only one that they have there. */
function positionOf(
  positions: readonly Position[],
  provider: string | undefined,
  role: string | undefined,
): Position | undefined {
  const there = positions.filter((at) => provider === undefined || at.provider === provider);
  const here = there.length > 0 ? there : positions;
  if (role !== undefined) return here.find((at) => at.role === role);
  const providers = new Set(here.map((at) => at.provider));
  return providers.size === 1 ? here[0] : undefined;
}
