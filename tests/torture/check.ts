import { routeName } from '../../src/core/change.ts';
import { AGAIN } from '../../src/jobs/presenter.ts';
import type { Terms } from './agreement.ts';
import { caseOn, type Taken } from './connector.ts';
import type { Clicked, Ledger, Offered } from './ledger.ts';
import type { CaseRecord } from './record.ts';

/** What the answers of the bot are held against. */
export interface Evidence {
  readonly terms: Terms;
  readonly ledger: Ledger;
  readonly cases: ReadonlyMap<string, CaseRecord>;
  readonly posts: readonly Taken[];
}

export interface Checked {
  /** Each broken promise in one line. */
  readonly broken: readonly string[];
  readonly handovers: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly open: number;
  /** Cards and lines that came a second time and said so. */
  readonly repeats: number;
  /** Cards whose outcome stayed unknown twice, and that went to people instead. */
  readonly gaveUp: number;
  /** Those of them that neither time got through to the channel. */
  readonly neverThere: number;
}

/** Holds every answer of the bot against its record, and the record against what the channels show. */
export function check(evidence: Evidence): Checked {
  const { ledger, cases, posts } = evidence;
  const broken: string[] = [...ledger.unexpected];
  const shown = byCase(posts);
  const done = new Map<string, Clicked[]>();
  for (const click of ledger.clicks) {
    if (click.told !== 'done') continue;
    done.set(click.caseId, [...(done.get(click.caseId) ?? []), click]);
  }
  if (cases.size !== ledger.offers.length) {
    broken.push(`${ledger.offers.length} offers made ${cases.size} cases`);
  }
  const states = { accepted: 0, rejected: 0, open: 0, gaveUp: 0, neverThere: 0 };
  for (const offered of ledger.offers) {
    const caseId = offered.answer?.caseId;
    const record = caseId === undefined ? undefined : cases.get(caseId);
    const wrong = (says: string): void => void broken.push(`case ${caseId}: ${says}`);
    if (!record || caseId === undefined) {
      broken.push(`offer ${offered.key} was answered and is not in the record`);
      continue;
    }
    checkOffer(offered, record, wrong);
    checkDecision(record, done.get(caseId) ?? [], wrong);
    const state = record.handovers[0]?.state;
    if (state === 'accepted' || state === 'rejected') states[state]++;
    else states.open++;
    if (record.notices.length > 0) wrong(`${record.notices.length} notices wait`);
    const cards = shown.get(caseId) ?? [];
    checkStates(record, cards, wrong);
    for (const provider of [offered.to, offered.from]) {
      if (gaveUpOn(provider, record, 'show') === 0) checkCard(evidence.terms, provider, record, cards, wrong);
      else {
        states.gaveUp++;
        const channel = channelOf(evidence.terms, provider);
        if (!cards.some(({ conversationId }) => conversationId === channel)) states.neverThere++;
        checkPeopleTold(evidence.terms, provider, record, cards, wrong);
      }
    }
  }
  const lines = checkLines(evidence, broken);
  const repeats = posts.filter(({ text, first }) => isRepeat(text) || isRepeat(first)).length;
  if (lines === 0 && states.accepted + states.rejected > 0) broken.push('no line was said in any thread');
  return { broken, handovers: ledger.offers.length, ...states, repeats };
}

const channelOf = (terms: Terms, provider: string): string | undefined =>
  terms.channels?.find((one) => one.provider === provider)?.conversation;

const isRepeat = (words: string): boolean => words.startsWith(AGAIN.trim());

function byCase(posts: readonly Taken[]): Map<string, Taken[]> {
  const found = new Map<string, Taken[]>();
  for (const post of posts) {
    const caseId = caseOn(post);
    if (caseId !== undefined) found.set(caseId, [...(found.get(caseId) ?? []), post]);
  }
  return found;
}

/** The handover that was answered with 201 is there, once, as it was answered. */
function checkOffer(offered: Offered, record: CaseRecord, wrong: (says: string) => void): void {
  const { head, handovers, events } = record;
  const [handover] = handovers;
  if (!head || !handover) {
    wrong('it has no head or no handover');
    return;
  }
  if (handovers.length !== 1 || head.handovers.length !== 1) wrong('it has more than one handover');
  if (head.aliases[offered.from] !== offered.key) wrong('it is another offer’s case');
  if (handover.to !== offered.to || handover.from.partner !== offered.from) wrong('it has other partners');
  if (handover.handoverId !== offered.answer?.handoverId) wrong('its handover has another id');
  if (handover.first.status !== offered.answer?.status) wrong('it was first answered otherwise');
  const offers = events.filter(({ type }) => /^handover\.(?:offered|received-incomplete)$/.test(type));
  if (offers.length !== 1) wrong(`it was offered ${offers.length} times`);
}

/** A click answered with success stands as that state by that person; nobody was told so who was not first. */
function checkDecision(record: CaseRecord, done: readonly Clicked[], wrong: (says: string) => void): void {
  const [handover] = record.handovers;
  const decisions = record.events.filter(({ type }) => /^handover\.(?:accepted|rejected)$/.test(type));
  if (decisions.length > 1) wrong(`it was decided ${decisions.length} times`);
  const people = new Set(done.map(({ person, verb }) => `${verb} ${person}`));
  if (people.size > 1) wrong(`success was answered to ${[...people].join(' and to ')}`);
  const holder = record.head?.holder?.provider;
  for (const { person, verb, reason, next } of done) {
    const by = decisions[0]?.by;
    if (!by || !('person' in by) || by.person !== person)
      wrong(`${person} was told ${verb}, the record is not`);
    if (verb === 'accept') {
      const stands = handover?.state === 'accepted' && 'person' in handover.acceptedBy && handover.acceptedBy;
      if (!stands || stands.person !== person) wrong(`${person} accepted it, and it is ${handover?.state}`);
      if (holder !== handover?.to) wrong(`accepted, it is held by ${holder}`);
    } else if (handover?.state !== 'rejected') {
      wrong(`${person} rejected it, and it is ${handover?.state}`);
    } else if (done.length === 1 && (handover.reason !== reason || handover.next !== next)) {
      wrong(`${person} rejected it with other words`);
    }
  }
  if (handover?.state !== 'accepted' && holder !== handover?.sender) wrong(`it is held by ${holder}`);
}

/** How often the channel was given up on, because two posts of a card or line stayed without an outcome. */
const gaveUpOn = (provider: string, { events }: CaseRecord, form: 'show' | 'tell'): number =>
  events.filter(
    ({ type, data }) =>
      type === 'notice.unknown' &&
      data.route === `channel:${provider}` &&
      data.form === form &&
      data.reason !== undefined,
  ).length;

/** Somebody who answers for the provider has the card in person then, or the sender knows that it did not arrive. */
function checkPeopleTold(
  terms: Terms,
  provider: string,
  { handovers: [handover] }: CaseRecord,
  cards: readonly Taken[],
  wrong: (says: string) => void,
): void {
  const chats = terms.people
    .filter(({ positions }) => positions.some((position) => position.provider === provider))
    .map(({ accounts }) => `a:${accounts[0]?.objectId}`);
  const told = chats.filter((chat) => cards.some(({ conversationId }) => conversationId === chat));
  if (told.length > 0 || handover?.to !== provider) return;
  // Their messages were cut off as well: then the sender knows, and rings.
  const inChannel = cards.some(({ conversationId }) => conversationId === channelOf(terms, provider));
  if (!inChannel && handover.delivery.failed !== true)
    wrong(`nobody at ${provider} was told, nor the sender`);
}

/**
 * Its card stands in the channel, posted once; again only from another life of the bot and marked as a
 * repeat; the newest one is the one that is kept up to date, and shows the final state.
 */
function checkCard(
  terms: Terms,
  provider: string,
  { copies, handovers }: CaseRecord,
  shown: readonly Taken[],
  wrong: (says: string) => void,
): void {
  const [handover] = handovers;
  const route = `channel:${provider}`;
  const channel = channelOf(terms, provider);
  const cards = shown.filter(({ conversationId }) => conversationId === channel);
  cards.forEach(({ life, first }, at) => {
    const before = cards[at - 1];
    if (!before) return;
    if (!isRepeat(first)) wrong(`${route} got its card ${at + 1} times, unmarked`);
    if (before.life === life) wrong(`${route} got its card twice from one life of the bot`);
  });
  const newest = cards.at(-1);
  if (!newest) {
    wrong(`${route} never got its card`);
    return;
  }
  const copy = copies.find((one) => one.route.to === 'channel' && one.route.provider === provider);
  if (copy?.activityId !== newest.activityId) wrong(`${route} has a newer card than the record knows`);
  if (provider === handover?.to && handover.delivery.deliveredAt === undefined) {
    wrong('its card arrived and the record does not say so');
  }
}

/** Every card that the record knows of, in channels and in person, shows how the handover stands. */
function checkStates(
  { copies, handovers }: CaseRecord,
  cards: readonly Taken[],
  wrong: (says: string) => void,
): void {
  const [handover] = handovers;
  const is = handover?.state === 'accepted' || handover?.state === 'rejected' ? handover.state : 'open';
  for (const { activityId, route } of copies) {
    const card = cards.find((one) => one.activityId === activityId);
    if (!card) {
      wrong(`the record knows a card at ${routeName(route)} that was never taken`);
      continue;
    }
    const says = STATES.find(({ words }) => card.summary.includes(words))?.state ?? 'open';
    if (says !== is) wrong(`it is ${is} and ${routeName(route)} shows it as ${says}`);
  }
}

const STATES = [
  { state: 'accepted', words: 'Accepted by' },
  { state: 'rejected', words: 'Rejected:' },
] as const;

/**
 * Each decision is said in the sender's channel: once, or again with the mark; the receiver's card says it
 * there. Lines are counted by channel, since several may come in one message. Returns how many there were.
 */
function checkLines({ terms, ledger, cases, posts }: Evidence, broken: string[]): number {
  let lines = 0;
  for (const { provider, conversation } of terms.channels ?? []) {
    const decided = ledger.offers.filter(({ from, answer }) => {
      const state = answer && cases.get(answer.caseId)?.handovers[0]?.state;
      return from === provider && (state === 'accepted' || state === 'rejected');
    });
    const said = { once: 0, again: 0 };
    for (const { conversationId, text } of posts) {
      if (conversationId !== conversation || text === '') continue;
      const count = text.match(/(?:Accepted by|Rejected:) /g)?.length ?? 0;
      said[isRepeat(text) ? 'again' : 'once'] += count;
    }
    lines += said.once + said.again;
    const inPerson = decided.reduce((sum, { answer }) => {
      const record = answer && cases.get(answer.caseId);
      return sum + (record ? gaveUpOn(provider, record, 'tell') : 0);
    }, 0);
    if (said.once > decided.length || said.once + said.again + inPerson < decided.length) {
      broken.push(
        `${provider}: ${decided.length} decisions were said ${said.once} times, and ${said.again} times again`,
      );
    }
  }
  return lines;
}
