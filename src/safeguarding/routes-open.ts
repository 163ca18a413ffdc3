import { z } from 'zod/v4';
import type { Agreement } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import { noticeCard as plainNotice } from '../core/cards.ts';
import type { Problem } from '../core/errors.ts';
import { Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import type { Timers } from '../jobs/ticker.ts';
import { chooseForWhom, concernForm, type Note } from './cards-form.ts';
import type { Verb } from './cards-verbs.ts';
import { type Concerns, notAgreed } from './commands.ts';
import { authorOf, type ConcernDraftDoc, type ConcernDrafts } from './drafts.ts';
import { type Inputs, inputsIn } from './form.ts';
import { inPerson } from './in-person.ts';

/** Whoever is at none of the partners cannot say for whom they raise it. */
const nowhere = (): Refused =>
  new Refused(
    'nowhere',
    'You are at none of the partners of this pathway today. Ring your safeguarding lead; if somebody is in danger now, ring 999.',
  );

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
type Opening = z.infer<typeof Opening>;

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

/** A step of the form, in person only. */
export const shown = (
  { step, draft }: ConcernDraftDoc,
  terms: Agreement,
  problems: readonly Problem[] = [],
  notes: readonly Note[] = [],
): Reply => inPerson(concernForm(step, draft, terms, problems, notes));

/** Opening the form: by a button, by `/concern`, or from elsewhere with what is known; and the draft's timer. */
export function openingRoutes(concerns: Concerns, drafts: ConcernDrafts, now: () => string) {
  /** The agreement in force. Errors: `Refused` where it has no terms for concerns. */
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
    if (actor.positions.length === 0) throw nowhere();
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

  const opens = (verb: Verb, anew: boolean): VerbRoute => ({
    verb,
    input: Opening,
    run: (asking, pressed) => {
      const { provider, role, caseId, known, typedAfter } = pressed as Opening;
      return open(
        asking,
        {
          ...(provider !== undefined && { provider }),
          ...(role !== undefined && { role }),
          ...(isCaseNumber(caseId) && { caseId }),
          ...(known && { inputs: inputsIn(known) }),
        },
        { anew, ...(typedAfter && { typedAfter }) },
      );
    },
  });
  const verbs = [opens('concern.form.open', false), opens('concern.form.anew', true)];

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
  return { verbs, typed, timers, open, termsOf };
}

const isCaseNumber = (text: string | undefined): text is string =>
  text !== undefined && readRegisterId(text) === text;

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
