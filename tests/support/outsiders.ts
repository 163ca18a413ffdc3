import type { Connector, Person } from './connector.ts';
import type { Placed } from './posts.ts';

/** One thing that somebody tried, and everything that came back: the answer, and what Baton posted meanwhile. */
export interface Tried {
  readonly what: string;
  readonly came: string;
}

/** What is different from try to try for reasons of its own: ids of forms, references of faults. */
const OF_ITS_OWN =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|reference [0-9a-f]{8}|"action":"\w{3}-\w{3}"/g;
const without = (came: unknown): string => (JSON.stringify(came) ?? '').replaceAll(OF_ITS_OWN, '(own)');

/** Somebody who tries something, with a look at everything that comes of it. */
export function watched(connector: Connector) {
  async function tries(what: string, doing: () => Promise<{ readonly body: unknown }>): Promise<Tried> {
    const before = connector.requests.length;
    const { body } = await doing();
    const posted = connector.requests.slice(before).map(({ path, body: sent }) => [path.split('/')[3], sent]);
    return { what, came: without([body, posted]) };
  }

  return {
    says: (who: Person, text: string, where: Placed = who.chat): Promise<Tried> =>
      tries(`${who.who.name} types ${text} in ${where.scope}`, () => who.says(text, where)),
    /** Presses a button that no card of theirs has. */
    forges: (
      who: Person,
      verb: string,
      data: object,
      where: Placed = who.chat,
      as: 'invoke' | 'message' | 'dialog' = 'invoke',
    ): Promise<Tried> =>
      tries(`${who.who.name} forges ${verb} as ${as} in ${where.scope}`, () =>
        who.sends(
          as === 'message'
            ? { value: { ...data, verb } }
            : as === 'dialog'
              ? { type: 'invoke', name: 'task/submit', value: { data: { ...data, verb } } }
              : {
                  type: 'invoke',
                  name: 'adaptiveCard/action',
                  value: { action: { type: 'Action.Execute', verb, data } },
                },
          where,
        ),
      ),
  };
}
