import { createPerson, type Person } from '../../support/person.ts';
import { titlesOf } from '../../support/posts.ts';
import type { Terms } from '../agreement.ts';
import { caseOn, sleep, type Taken, type TortureConnector } from '../connector.ts';
import { PATHWAY } from './agreement.ts';
import { type Prompt, promptOf } from './prompts.ts';

export interface LoadOptions {
  readonly terms: Terms;
  readonly connector: TortureConnector;
  readonly random: () => number;
  /** The address of a process that serves and is not paused. */
  readonly address: () => Promise<string>;
  /** Between two offers on average, in milliseconds. */
  readonly everyMs: number;
}

/** What people did, and what they were asked. */
export interface Load {
  /** Everybody is known to Baton, in their channel and in person. */
  install(): Promise<void>;
  start(): void;
  /** No new offers and nobody presses anything any more. */
  stop(): Promise<void>;
  /** Accepts whatever is still offered. */
  acceptAll(): Promise<void>;
  /** Every prompt that was taken, repeats among them. */
  readonly prompts: readonly Prompt[];
  readonly offers: number;
  /** Presses that were answered, by the button's title. */
  readonly presses: ReadonlyMap<string, number>;
  readonly unexpected: readonly string[];
}

/** Somebody presses after at most so long, in milliseconds. */
const THINKS_MS = 4_000;
const AGAIN_MS = 50;
const TRIES = 40;

/** Offers that mostly nobody answers, and people who answer a prompt now and then. */
export function createLoad({ terms, connector, random, address, everyMs }: LoadOptions): Load {
  const prompts: Prompt[] = [];
  const cards = new Map<string, Taken>();
  const presses = new Map<string, number>();
  const unexpected: string[] = [];
  const underWay = new Set<Promise<void>>();
  let ending = false;
  let offers = 0;
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

  /** Asks whoever serves until there is an answer; that processes die meanwhile is what all this is for. */
  async function answered<T>(what: string, ask: (url: string) => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        return await ask(await address());
      } catch {
        await sleep(AGAIN_MS);
      }
    }
    unexpected.push(`${what}: not answered in ${TRIES} tries`);
    return undefined;
  }

  function at(key: string, url: string): Person {
    const found = terms.people.find((one) => one.key === key);
    const [account] = found?.accounts ?? [];
    if (!found || !account) throw new Error(`nobody is called ${key}`);
    return createPerson({ name: found.name, ...account }, `${url}/api/messages`, connector.serviceUrl);
  }

  /** One press with the form that it may open. A card that has been changed meanwhile has no such button. */
  async function press(key: string, post: Taken, title: string): Promise<void> {
    await answered(`${title} by ${key}`, async (url) => {
      if (!titlesOf(post.card).includes(title)) return;
      const person = at(key, url);
      const answer = await person.presses(post, title);
      const typed =
        title === 'Reject'
          ? { reason: oneOf(terms.rejection).code, next: 'Try the next service' }
          : title === 'Step up now'
            ? { reason: 'It cannot wait' }
            : undefined;
      if (typed && titlesOf(answer.card).includes(title) && answer.card !== post.card) {
        await person.presses(answer, title, { inputs: typed }).catch((error: unknown) => {
          // A form without the input says that somebody was faster.
          if (!(error instanceof Error && error.message.startsWith('no input'))) throw error;
        });
      }
      presses.set(title, (presses.get(title) ?? 0) + 1);
    });
  }

  const soon = (work: () => Promise<void>): void => {
    const doing = sleep(random() * THINKS_MS)
      .then(() => (ending ? undefined : work()))
      .catch((error: unknown) => void unexpected.push(`a press failed: ${String(error)}`))
      .finally(() => underWay.delete(doing));
    underWay.add(doing);
  };

  const whoHas = (chat: string) =>
    terms.people.find(({ accounts }) => accounts.some(({ objectId }) => chat === `a:${objectId}`));
  const whoAnswers = (channel: string): string | undefined => {
    const provider = terms.channels?.find(({ conversation }) => conversation === channel)?.provider;
    return terms.people.find(({ positions }) => positions.some((one) => one.provider === provider))?.key;
  };

  connector.onPost((post) => {
    const prompt = promptOf(post);
    const chance = random();
    if (prompt) {
      prompts.push(prompt);
      const person = whoHas(prompt.chat);
      const title =
        chance < 0.09
          ? 'Accept'
          : chance < 0.11
            ? 'Reject'
            : chance < 0.17
              ? 'Acknowledge'
              : chance < 0.22
                ? 'Step up now'
                : undefined;
      if (person && title) soon(() => press(person.key, post, title));
      return;
    }
    const caseId = caseOn(post);
    if (caseId === undefined || !titlesOf(post.card).includes('Accept')) return;
    cards.set(caseId, post);
    const answers = whoAnswers(post.conversationId);
    if (answers && chance < 0.12) soon(() => press(answers, post, chance < 0.08 ? 'Accept' : 'Reject'));
  });

  async function offer(): Promise<void> {
    const key = `key-${++offers}`;
    const from = oneOf(terms.providers).id;
    const to = oneOf(terms.providers.filter(({ id }) => id !== from)).id;
    const urgency = oneOf(terms.urgencies).id;
    const content = {
      person: { given: 'Test', surname: `Person${offers}` },
      ask: { what: 'A visit', urgency },
    };
    await answered(`offer ${key}`, async (url) => {
      const response = await fetch(`${url}/api/pathways/${PATHWAY}/handovers`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: JSON.stringify({ from, to, alias: key, content }),
      });
      if (response.status !== 201) throw new Error(`answered ${response.status}`);
    });
  }

  let offering: Promise<void> = Promise.resolve();

  return {
    async install() {
      await Promise.all(
        terms.people.map(({ key, positions: [position] }) =>
          answered(`installing for ${key}`, async (url) => {
            const person = at(key, url);
            await person.installs();
            const channel = terms.channels?.find(({ provider }) => provider === position?.provider);
            if (!channel || !key.startsWith('first')) return;
            await person.installs({
              conversationId: channel.conversation,
              tenant: channel.tenant,
              scope: 'channel',
            });
          }),
        ),
      );
    },
    start() {
      offering = (async () => {
        while (!ending) {
          await offer();
          await sleep(random() * 2 * everyMs);
        }
      })();
    },
    async stop() {
      ending = true;
      await offering;
      await Promise.all(underWay);
    },
    async acceptAll() {
      for (const post of cards.values()) {
        const answers = whoAnswers(post.conversationId);
        if (answers) await press(answers, post, 'Accept');
      }
    },
    prompts,
    get offers() {
      return offers;
    },
    presses,
    unexpected,
  };
}
