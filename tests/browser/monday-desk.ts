import type { Inputs } from '../../src/handovers/form.ts';
import type { Answer } from '../support/person.ts';
import { inputsOf, type Post, titlesOf, wordsOn } from '../support/posts.ts';
import type { Costs, Effort } from './monday-count.ts';
import { type Monday, PROVIDERS, STAFF, type Who } from './monday-world.ts';

/** Everybody without a phone: their client is the activities that Teams would send for them. */
export type AtDesk = Exclude<Who, 'alex'>;
export type Press = readonly [button: string, inputs?: Readonly<Record<string, string>>];

export interface Desk {
  /** Presses buttons on the card of a case, each on the answer to the last; inputs are typed before. */
  decides(who: AtDesk, kind: string, caseId: string, ...buttons: Press[]): Promise<void>;
  /** Offers by the four steps of the form; returns the case. */
  offers(who: AtDesk, inputs: Inputs): Promise<string>;
}

/** Inputs that are chosen, not typed; of those in the second, one opens a list or a calendar first. */
const CHOSEN = /^(reason|to|ask\.urgency|.*\.(status|choice|date|time)|plan\.nextReview)$/;
const OPENED = /^(to|.*\.(date|time)|plan\.nextReview)$/;
const COMMAND = '/handover';

/** `does` does one thing in somebody's name, to its end; `costs` gets what each took. */
export function deskOf(
  { people, tap, channel, chatOf }: Monday,
  does: <T>(who: Who, kind: string, act: () => Promise<T>) => Promise<T>,
  costs: Costs,
): Desk {
  /** The card of a case that this person sees and that has the button. */
  function shown(who: Who, caseId: string, button: string): Post {
    const places = PROVIDERS.filter((one) => STAFF[one].includes(who)).map(channel);
    const card = [...places, chatOf(who)]
      .flatMap((place) => tap.posts(place))
      .findLast((post) => titlesOf(post.card).includes(button) && JSON.stringify(post.card).includes(caseId));
    if (!card) throw new Error(`${who} sees no card of ${caseId} with ${button}`);
    return card;
  }

  async function press(who: AtDesk, at: Post | Answer, [button, inputs = {}]: Press): Promise<Answer> {
    const answer = await people[who].presses(at, button, { inputs });
    if (answer.status !== 200 || answer.text) throw new Error(`${button}: ${answer.status} ${answer.text}`);
    return answer;
  }

  return {
    async decides(who, kind, caseId, ...buttons) {
      await does(who, kind, async () => {
        let at: Post | Answer = shown(who, caseId, buttons[0]?.[0] ?? '');
        for (const button of buttons) at = await press(who, at, button);
      });
      costs.add(kind, sumOf(buttons.map(effortOf)));
    },
    async offers(who, inputs) {
      const { chat, says } = people[who];
      const pressed: Press[] = [];
      const sent = await does(who, 'offer by form', async () => {
        await says(COMMAND);
        // The form is there when the activity is answered.
        let at: Post | Answer | undefined = tap
          .posts(chat)
          .findLast(({ card }) => wordsOn(card).includes('Step 1 of 4'));
        if (!at) throw new Error(`${who} got no form`);
        for (const button of ['Next', 'Next', 'Next', 'Send the offer']) {
          const empty = Object.entries(inputsOf(at.card)).filter(([, value]) => value === '');
          const typed = empty.flatMap(([id]) => (inputs[id] === undefined ? [] : [[id, inputs[id]]]));
          const step: Press = [button, Object.fromEntries(typed)];
          pressed.push(step);
          at = await press(who, at, step);
        }
        return wordsOn(at.card);
      });
      const typed = { presses: 0, fields: 0, characters: COMMAND.length };
      costs.add('offer by form', sumOf([typed, ...pressed.map(effortOf)]));
      const [, caseId] = /as case ([0-9A-Z]{3}-[0-9A-Z]{3})/.exec(sent) ?? [];
      if (caseId === undefined) throw new Error(`the form said: ${sent}`);
      return caseId;
    },
  };
}

function effortOf([, inputs = {}]: Press): Effort {
  const ids = Object.keys(inputs);
  const typed = Object.entries(inputs).filter(([id]) => !CHOSEN.test(id));
  const opened = ids.filter((id) => OPENED.test(id));
  return {
    presses: 1 + ids.length - typed.length + opened.length,
    fields: typed.length,
    characters: typed.reduce((sum, [, text]) => sum + text.length, 0),
  };
}

const sumOf = (efforts: readonly Effort[]): Effort =>
  efforts.reduce((sum, one) => ({
    presses: sum.presses + one.presses,
    fields: sum.fields + one.fields,
    characters: sum.characters + one.characters,
  }));
