import { type Answer, createPerson, type Who } from '../support/person.ts';
import { actionsOf, type Placed, titlesOf, wordsOn } from '../support/posts.ts';
import { PATHWAY, REASONS, type Terms } from './agreement.ts';
import { caseOn, sleep, type Taken, type TortureConnector } from './connector.ts';
import type { Clicked, Ledger, OfferAnswer, Offered } from './ledger.ts';

/** Systems that offer at the same time, and people who click at the same time. */
const OFFERING = 16;
const CLICKING = 12;
/** Offers come slower while so many cards have not reached their channel, and not at all beyond the second. */
const UNPOSTED = 100;
const MOST_UNPOSTED = 300;
/** A request that a kill left without an answer is made again so soon, in milliseconds. */
const AGAIN_MS = 20;
/** A request that Baton itself turns away so often is a finding of its own. */
const MOST_REFUSALS = 100;

export interface Load {
  /** Everybody is known to the bot, in their channel and in person. Made once. */
  install(): Promise<void>;
  start(): void;
  /** No new offers and clicks; resolves when everything begun has its answer. */
  finish(): Promise<void>;
  /** Requests without an answer at this moment. */
  readonly underWay: number;
}

export interface LoadOptions {
  readonly terms: Terms;
  readonly connector: TortureConnector;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** The address of the bot, once there is one that serves. */
  readonly address: () => Promise<string>;
}

/** Offers through the intake and clicks on the cards that arrive, until each has its answer. */
export function createLoad({ terms, connector, ledger, random, address }: LoadOptions): Load {
  const { providers, people } = terms;
  const clickable: Taken[] = [];
  const seen = new Set<string>();
  const working: Promise<void>[] = [];
  let ending = false;
  let underWay = 0;
  let taken = 0;

  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const channelOf = (provider: string): Placed => {
    const channel = terms.channels?.find((one) => one.provider === provider);
    if (!channel) throw new Error(`no channel of ${provider}`);
    return { conversationId: channel.conversation, tenant: channel.tenant, scope: 'channel' };
  };
  const whoOf = (person: (typeof people)[number]): Who => {
    const [account = { tenant: '', objectId: '' }] = person.accounts;
    return { name: person.name, ...account };
  };

  connector.onPost((post) => {
    const caseId = caseOn(post);
    if (caseId === undefined || seen.has(caseId) || !titlesOf(post.card).includes('Accept')) return;
    seen.add(caseId);
    // What goes to people because a channel could not be reached is theirs; here only channels are answered.
    if (terms.channels?.some(({ conversation }) => conversation === post.conversationId))
      clickable.push(post);
  });

  /** Asks until there is an answer; a kill in between is what all this is for. */
  async function answered<T>(ask: (url: string) => Promise<T | 'again'>): Promise<T> {
    for (let refused = 0; refused < MOST_REFUSALS; ) {
      const url = await address();
      underWay++;
      try {
        const answer = await ask(url);
        if (answer !== 'again') return answer;
        refused++;
      } catch (error) {
        if (!isConnectionLost(error)) throw error;
        ledger.repeated++;
      } finally {
        underWay--;
      }
      await sleep(AGAIN_MS);
    }
    throw new Error(
      `not answered in ${MOST_REFUSALS} tries; ${ledger.unexpected.at(-1) ?? 'Baton was busy'}`,
    );
  }

  async function offer(number: number): Promise<void> {
    const from = oneOf(providers).id;
    const to = oneOf(providers.filter(({ id }) => id !== from)).id;
    const key = `key-${number}`;
    const whole = random() < 0.9;
    const body = {
      from,
      to,
      alias: key,
      content: {
        person: { given: 'Test', surname: `Person${number}` },
        ask: whole ? { what: 'A visit' } : {},
      },
    };
    const offered: Offered = { key, from, to, body };
    ledger.offers.push(offered);
    offered.answer = await answered((url) => postOffer(url, offered, ledger));
    taken++;
  }

  /** One person's whole answer to a card: the press, and for a rejection the form that it opens. */
  async function click(post: Taken, person: (typeof people)[number], verb: Clicked['verb']): Promise<void> {
    const caseId = caseOn(post) ?? '';
    const asked = { caseId, person: person.key, verb };
    const at = (url: string) => createPerson(whoOf(person), `${url}/api/messages`, connector.serviceUrl);
    if (verb === 'accept') {
      await answered(async (url) => {
        const answer = await at(url).presses(post, 'Accept');
        const told = titlesOf(answer.card).includes('Undo') ? 'done' : toldBy(answer, ledger);
        if (told !== 'again') ledger.clicks.push({ ...asked, told });
        return told;
      });
      return;
    }
    const typed = { reason: oneOf(REASONS), next: `Next for ${caseId} says ${person.key}` };
    const form = await answered(async (url) => {
      const answer = await at(url).presses(post, 'Reject');
      if (actionsOf(answer.card).some((action) => action.verb === 'handover.reject.send')) return answer;
      const told = toldBy(answer, ledger);
      if (told !== 'again') ledger.clicks.push({ ...asked, told });
      return told;
    });
    if (typeof form === 'string') return;
    await answered(async (url) => {
      const answer = await at(url).presses(form, 'Reject', { inputs: typed });
      const words = wordsOn(answer.card);
      const mine = words.includes('Rejected:') && words.includes(`By ${person.name},`);
      const told = mine ? 'done' : toldBy(answer, ledger);
      if (told !== 'again') ledger.clicks.push({ ...asked, ...typed, told });
      return told;
    });
  }

  /** One person, now and then two against each other, now and then the same one twice. */
  async function decide(post: Taken): Promise<void> {
    const channel = terms.channels?.find(({ conversation }) => conversation === post.conversationId);
    const able = people.filter(({ positions }) =>
      positions.some(({ provider }) => provider === channel?.provider),
    );
    const whole = !wordsOn(post.card).includes('Missing:');
    const verb = (): Clicked['verb'] => (whole && random() < 0.6 ? 'accept' : 'reject');
    const [first, second] = random() < 0.5 ? able : able.toReversed();
    if (!first || !second) throw new Error('two people at each provider answer its handovers');
    const chance = random();
    const presses = [click(post, first, verb())];
    if (chance < 0.2) presses.push(click(post, second, verb()));
    else if (chance < 0.3) presses.push(click(post, first, verb()));
    await Promise.all(presses);
  }

  async function offering(): Promise<void> {
    while (!ending) {
      const unposted = taken - seen.size;
      if (unposted < MOST_UNPOSTED) await offer(ledger.offers.length + 1);
      await sleep(random() * (unposted < UNPOSTED ? 30 : 1_200));
    }
  }

  async function clicking(): Promise<void> {
    while (!ending) {
      const post = clickable.splice(Math.floor(random() * clickable.length), 1)[0];
      // One in eight is left unanswered, so that open handovers are there at the end as well. Who presses again
      // after a kill has the card before them that they pressed.
      if (post && random() < 0.88) await decide({ ...post });
      await sleep(random() * 40);
    }
  }

  return {
    async install() {
      const left = [...people];
      const installing = async (): Promise<void> => {
        for (let person = left.pop(); person; person = left.pop()) {
          const url = await address();
          const known = createPerson(whoOf(person), `${url}/api/messages`, connector.serviceUrl);
          await known.installs();
          const [position] = person.positions;
          if (position) await known.installs(channelOf(position.provider));
        }
      };
      await Promise.all(Array.from({ length: CLICKING }, installing));
    },
    start() {
      for (let n = 0; n < OFFERING; n++) working.push(offering());
      for (let n = 0; n < CLICKING; n++) working.push(clicking());
      // A worker that fails is told of at the end, and must not end the process before.
      for (const work of working) work.catch(() => undefined);
    },
    async finish() {
      ending = true;
      await Promise.all(working);
    },
    get underWay() {
      return underWay;
    },
  };
}

/** Makes the offer once. */
export async function postOffer(
  url: string,
  { key, body }: Pick<Offered, 'key' | 'body'>,
  ledger: Pick<Ledger, 'unexpected'>,
): Promise<OfferAnswer | 'again'> {
  const response = await fetch(`${url}/api/pathways/${PATHWAY}/handovers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.status === 201) return answer as OfferAnswer;
  if (response.status !== 503) ledger.unexpected.push(`an offer was answered ${response.status}`);
  return 'again';
}

/** What somebody was told whose press did nothing; `again` where they are asked to try again. */
function toldBy({ status, card, text }: Answer, ledger: Ledger): 'moved' | 'again' {
  if (wordsOn(card).includes('Nothing for you to do')) return 'moved';
  const tryAgain = text !== undefined && /Try again|takes longer than usual/.test(text);
  if (!tryAgain) {
    const first = wordsOn(card).split('\n').slice(0, 6).join(' / ');
    ledger.unexpected.push(`a click was answered ${status}: ${text ?? first}`);
  }
  return 'again';
}

/** A request that a kill cut off, or that found nobody listening. */
function isConnectionLost(error: unknown): boolean {
  const broken = error instanceof SyntaxError || (error instanceof TypeError && error.cause !== undefined);
  return broken || (error instanceof TypeError && /fetch failed|terminated/.test(error.message));
}
