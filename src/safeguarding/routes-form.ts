import { z } from 'zod/v4';
import type { Agreement } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import { noticeCard as plainNotice } from '../core/cards.ts';
import { type Problem, Refused } from '../core/errors.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import type { Timers } from '../jobs/ticker.ts';
import { chooseForWhom, concernForm, type Note } from './cards-form.ts';
import { receiptCard } from './cards-sent.ts';
import type { Verb } from './cards-verbs.ts';
import { type Concerns, notAgreed } from './commands.ts';
import { authorOf, type ConcernDraftDoc, type ConcernDrafts } from './drafts.ts';
import { ENOUGH, type Inputs, inputsIn, namedOf, STEPS, type Step, stepOf, toldOf } from './form.ts';
import { stepProblems } from './form-problems.ts';
import { inPerson } from './in-person.ts';

/** What is known already where somebody is led to the form; it travels on buttons that lead there. */
const Opening = z
  .object({
    provider: z.string().max(40).optional(),
    role: z.string().max(40).optional(),
    caseId: z.string().max(20).optional(),
    known: z.record(z.string(), z.unknown()).optional(),
    /** They typed words after the command, which are in no form. */
    typedAfter: z.boolean().optional(),
  })
  .loose();
const Pressed = z.object({ draft: z.uuid(), step: z.enum(STEPS) }).catchall(z.unknown());
type Pressed = z.infer<typeof Pressed>;

/** What is known already where somebody is led to the form. */
export interface Prefilled {
  readonly caseId?: string;
  /** By the ids of the form's inputs. */
  readonly inputs?: Inputs;
  /** For which of their providers they raise it. */
  readonly provider?: string;
  readonly role?: string;
}

const IN_PERSON = plainNotice({
  title: 'A concern is raised in person',
  text: 'Everybody here would read it. Open a chat with Baton and type /concern there, or press Raise a concern on Baton’s card in this channel. If anybody is in danger now, ring 999.',
});
const NOT_HERE = plainNotice({
  title: 'Please delete what you wrote',
  text: 'Everybody here can read it. Baton has not stored it. Open a chat with Baton and type /concern there, or press Raise a concern on Baton’s card in this channel: it asks you for what is needed. If anybody is in danger now, ring 999.',
});
const TYPED_AFTER =
  'What you typed after /concern is not in this form, and Baton keeps it nowhere. It still stands in this chat: copy what you need from it into “What was seen and said”, then delete it.';

interface Opened {
  readonly anew?: boolean;
  readonly typedAfter?: boolean;
}

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
    notes: readonly Note[] = [],
  ): Reply => inPerson(concernForm(step, draft, terms, problems, notes));

  async function termsOf({ pathwayId }: Asking): Promise<Agreement> {
    const { terms } = await concerns.inForce(pathwayId);
    if (!terms.safeguarding) throw notAgreed();
    return terms;
  }

  /** Their draft that is not sent. One whose concern stands is: the process stopped before that was kept. */
  async function unsent(pathwayId: string, person: string): Promise<ConcernDraftDoc | undefined> {
    const doc = await drafts.unsent(pathwayId, person);
    if (!doc) return undefined;
    const { id, concernId } = doc.draft;
    const stands = await concerns.present({ pathwayId, concernId });
    if (stands?.concern.raisedBy.person !== person) return doc;
    await drafts.clear(pathwayId, person, id, { concernId });
    return undefined;
  }

  /**
   * Opens the form with what is known, for the provider in whose channel they are, or asks for which. One that they
   * began before is never lost to it: that is shown first, and how to begin anew.
   */
  async function open(asking: Asking, known: Prefilled = {}, how: Opened = {}): Promise<Reply> {
    const terms = await termsOf(asking);
    const { pathwayId, actor, place } = asking;
    const { caseId, inputs } = known;
    const carried = {
      pathway: pathwayId,
      ...(caseId !== undefined && { caseId }),
      ...(inputs && { known: inputs }),
    };
    const notes: Note[] = how.typedAfter ? [{ text: TYPED_AFTER }] : [];
    const begun = how.anew ? undefined : await unsent(pathwayId, actor.person);
    if (begun) {
      const when = whenText(begun.at, now(), terms.zone);
      const text = `You began this form and have not sent it: nobody has seen it. You last changed it ${when}.`;
      return shown(begun, terms, [], [{ text, anew: carried }, ...notes]);
    }
    const at = positionOf(actor.positions, known.provider ?? place.provider, known.role);
    if (!at) {
      const verb = how.anew ? 'concern.form.anew' : 'concern.form.open';
      const more = { ...carried, ...(how.typedAfter && { typedAfter: true }) };
      return inPerson(chooseForWhom(actor.positions, terms, verb, more));
    }
    const doc = await drafts.start(pathwayId, actor.person, {
      concernId: concerns.newId(),
      ...at,
      ...(caseId !== undefined && { caseId }),
      inputs: inputs ?? {},
    });
    return shown(doc, terms, [], notes);
  }

  async function fill(asking: Asking, pressed: Pressed, step: Step, whole?: Step): Promise<ConcernDraftDoc> {
    const { pathwayId, actor } = asking;
    const doc = await drafts.fill(
      pathwayId,
      actor.person,
      pressed.draft,
      step,
      whole === undefined ? {} : inputsIn(pressed),
      whole,
    );
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
    const told = toldOf(draft.inputs, terms.zone);
    const sent = await concerns.raise({ pathwayId, concernId }, actor, {
      told,
      named: namedOf(draft.inputs, terms),
      caseId,
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

  const opens = (verb: Verb, anew: boolean): VerbRoute =>
    route(verb, Opening, (asking, { provider, role, caseId, known, typedAfter }) =>
      open(
        asking,
        {
          ...(provider !== undefined && { provider }),
          ...(role !== undefined && { role }),
          ...(caseId !== undefined && { caseId }),
          ...(known && { inputs: inputsIn(known) }),
        },
        { anew, ...(typedAfter && { typedAfter }) },
      ),
    );

  const verbs: VerbRoute[] = [
    opens('concern.form.open', false),
    opens('concern.form.anew', true),
    route('concern.form.next', Pressed, async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return receipt(asking, doc.sent.concernId);
      const problems = stepProblems(pressed.step, doc.draft.inputs, terms, now());
      if (problems.length > 0) return shown(doc, terms, problems);
      const next = STEPS[STEPS.indexOf(pressed.step) + 1] ?? pressed.step;
      return shown(await fill(asking, pressed, next), terms);
    }),
    route('concern.form.back', Pressed, async (asking, pressed) => {
      const before = STEPS[Math.max(0, STEPS.indexOf(pressed.step) - 1)] ?? pressed.step;
      // Back carries no inputs: what was typed here before stays.
      const doc = await fill(asking, pressed, before);
      return doc.sent ? receipt(asking, doc.sent.concernId) : shown(doc, await termsOf(asking));
    }),
    route('concern.form.send', Pressed, async (asking, pressed) => {
      const terms = await termsOf(asking);
      const doc = await fill(asking, pressed, pressed.step, pressed.step);
      if (doc.sent) return receipt(asking, doc.sent.concernId);
      if (STEPS.indexOf(pressed.step) < STEPS.indexOf(ENOUGH)) return shown(doc, terms);
      return send(asking, doc, terms);
    }),
  ];

  const typed: TypedRoute[] = [
    {
      command: '/concern',
      usage: '',
      help: 'Raise a safeguarding concern. In danger now: ring 999 first',
      unrepeated: true,
      run: async (asking, args) => {
        await termsOf(asking);
        if (args !== '' && asking.place.scope !== 'personal') return { kind: 'card', view: NOT_HERE };
        return { ...(await open(asking, {}, { typedAfter: args !== '' })), instead: IN_PERSON };
      },
    },
  ];

  const timers: Timers = {
    'concern.draft': async ({ pathwayId, caseId }) => {
      // One that was sent asks for nothing any more.
      await unsent(pathwayId, authorOf(caseId));
      await drafts.due(pathwayId, caseId);
    },
  };
  return { verbs, typed, timers, open };
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
