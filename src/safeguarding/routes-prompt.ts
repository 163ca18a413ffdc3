import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import { promptCard } from './cards-prompt.ts';
import type { Verb } from './cards-verbs.ts';
import { inPerson } from './in-person.ts';
import { isPromptAnswer, opensForm, type PromptAnswer } from './prompt.ts';
import type { PresentPrompt, Prompts } from './prompts.ts';
import type { Prefilled } from './routes-open.ts';

const Pressed = z.object({ day: z.iso.date() }).catchall(z.unknown());
type Pressed = z.infer<typeof Pressed>;

const NOTHING = 'Choose an answer for at least one person, then press Send answers.';

/** What was chosen, by case; what is no answer of ours counts as not chosen. */
const chosen = ({ day: _, ...inputs }: Pressed): Record<string, PromptAnswer> =>
  Object.fromEntries(
    Object.entries(inputs).filter((entry): entry is [string, PromptAnswer] => isPromptAnswer(entry[1])),
  );

/** `/prompt`: once a day, whether somebody had or saw a concern about the people they met, as plain data. */
export function promptRoutes(
  prompts: Prompts,
  openForm: (asking: Asking, known: Prefilled) => Promise<Reply>,
) {
  async function answer(asking: Asking, pressed: Pressed): Promise<Reply> {
    const { pathwayId, actor } = asking;
    const given = chosen(pressed);
    const present = await prompts.answer({ pathwayId, day: pressed.day }, actor, given);
    const contacts = present.doc.contacts.filter((caseId) => given[caseId] !== undefined);
    if (contacts.length === 0) return inPerson(promptCard(present, { problem: NOTHING }));
    const [only, ...others] = contacts.filter((caseId) => opensForm(given[caseId] as PromptAnswer));
    // Of several the card has a button each.
    if (only === undefined || others.length > 0) return inPerson(promptCard(present));
    return openForm(asking, { caseId: only, ...providerAt(asking, present, only) });
  }

  const verb: Verb = 'concern.prompt';
  const verbs: VerbRoute[] = [
    { verb, input: Pressed, run: (asking, pressed) => answer(asking, pressed as Pressed) },
  ];
  const typed: TypedRoute[] = [
    {
      command: '/prompt',
      usage: '[ID]',
      help: 'Safeguarding: once a day, did you have or see a concern about the people you met?',
      personalOnly: true,
      async run({ pathwayId, actor }, args) {
        const again = args.trim() === '' ? undefined : readRegisterId(args);
        if (again === undefined && args.trim() !== '') {
          throw new Refused(
            'usage',
            'Type /prompt, or /prompt and the case number on the card, such as /prompt 7K2-M4Z.',
          );
        }
        const present = await prompts.open(pathwayId, actor, again);
        return inPerson(promptCard(present, again === undefined ? {} : { again }));
      },
    },
  ];
  return { verbs, typed };
}

/** For which of their providers they raise it: the one that holds the case, if they work there. */
function providerAt({ actor }: Asking, { cases }: PresentPrompt, about: string): { provider?: string } {
  const provider = cases.find(({ caseId }) => caseId === about)?.holder?.provider;
  return actor.positions.some((at) => at.provider === provider) && provider !== undefined ? { provider } : {};
}
