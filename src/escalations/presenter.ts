import { type Agreement, peopleWho, providerOf } from '../agreement/agreement.ts';
import type { Agreements } from '../agreement/current.ts';
import { type Doc, type Key, type Route, routeName } from '../core/change.ts';
import { pageReference } from '../core/page.ts';
import type { Presenter } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import { promptCard } from './cards.ts';
import type { Escalations } from './commands.ts';
import { type Escalation, type Raising, readPrompt, subjectIn, wakeOf } from './escalation.ts';
import { line } from './lines.ts';

export interface PresenterDeps {
  readonly store: Store;
  readonly agreements: Agreements;
  readonly escalations: Escalations;
}

/** What it takes to say how prompts read. */
export interface PromptDeps {
  readonly store: Pick<Store, 'get'>;
  readonly agreements: Pick<Agreements, 'inForce' | 'termsAt'>;
  readonly escalations: Pick<Escalations, 'present' | 'subjectOf' | 'headOf' | 'undelivered' | 'unpaged'>;
}

interface Found {
  readonly escalation: Escalation;
  readonly agreed: Agreement;
  readonly today: Agreement;
}

/** An escalation with the ladder that it began with and the people of today; undefined when there is none. */
export async function findEscalation(
  {
    agreements,
    escalations,
  }: Pick<PromptDeps, 'agreements'> & { readonly escalations: Pick<Escalations, 'present'> },
  { pathwayId, caseId }: Key,
  subject: string,
): Promise<Found | undefined> {
  const escalation = await escalations.present({ pathwayId, caseId, subject });
  const inForce = await agreements.inForce(pathwayId);
  if (!escalation || !inForce) return undefined;
  const agreed = await agreements.termsAt(pathwayId, escalation.agreementVersion);
  return { escalation, agreed: agreed ?? inForce.terms, today: inForce.terms };
}

/** What the paging service was told to quote, where this prompt wakes people. */
const pagedAs = (key: Key, { escalation, raising }: Found & { raising: Raising }): string | undefined =>
  raising.paged && pageReference(key, wakeOf(escalation.subject, raising.n, raising.paged));

/** How prompts read: a card in person for each of the people asked, reminders, and the page that wakes. */
export function promptPresenter(deps: PromptDeps): Presenter {
  const find = async (key: Key, prompt: string): Promise<(Found & { raising: Raising }) | undefined> => {
    const named = readPrompt(prompt);
    const found = named && (await findEscalation(deps, key, named.subject));
    const raising = found?.escalation.raisings.find(({ n }) => n === named?.n);
    return found && raising && { ...found, raising };
  };

  return {
    head: (prompt) => deps.escalations.headOf(readPrompt(prompt)?.subject ?? ''),

    async show(key, subject, route, now) {
      const found = await find(key, subject);
      if (!found || route.to !== 'person') return undefined;
      const { escalation, raising, agreed, today } = found;
      const waiting = escalation.state === 'running' && raising.state === 'waiting';
      const face = await deps.escalations
        .subjectOf(escalation.subject)
        ?.face(key, escalation.subject, route.person);
      if (!face) return undefined;
      return {
        view: promptCard(escalation, raising, face, agreed, today, now, { paged: pagedAs(key, found) }),
        revision: escalation.revision,
        // What was answered or passed on is not posted any more, nor put back where somebody deleted it.
        ...(!waiting && { editOnly: true }),
      };
    },

    async tell(key, notice, now) {
      const found = await find(key, notice.subject);
      if (!found) return undefined;
      const refs = { ...notice.refs, n: String(found.raising.n) };
      return line(notice.line, refs, found.escalation, found.agreed, found.today, now);
    },

    async ring(key, notice) {
      const found = await find(key, notice.subject);
      if (found?.raising.state !== 'waiting' || found.escalation.state !== 'running') return undefined;
      return providerOf(found.today, found.escalation.parties.sender)?.phone;
    },

    // Others on duty were asked at the same time; when none of them can be reached the ladder moves on.
    fallbacks: async () => [],

    async settled(loaded, what) {
      if (what.outcome === 'sent') return {};
      if (what.route.to === 'pager') return deps.escalations.unpaged(loaded, what.subject, what.now);
      if (what.form !== 'show' || what.route.to !== 'person') return {};
      return deps.escalations.undelivered(loaded, what.subject, what.route.person, what.now);
    },
  };
}

/** How the lines read that are said where the subject's own cards stand. */
export function escalationPresenter(deps: PromptDeps): Presenter {
  /** Where the cards of those who hold the case stand, by name. */
  async function holdersOf(key: Key, subject: string): Promise<ReadonlySet<string>> {
    const get = async <T extends Doc>(id: string) => (await deps.store.get<T>(key, id))?.doc;
    const matter = await deps.escalations.subjectOf(subject)?.matter({ key, head: undefined, get }, subject);
    return new Set((matter?.routes.holder ?? []).map(routeName));
  }

  return {
    head: (subject) => deps.escalations.headOf(subjectIn(subject)),
    show: async () => undefined,
    async tell(key, notice, now) {
      const found = await findEscalation(deps, key, subjectIn(notice.subject));
      if (!found) return undefined;
      return line(notice.line, notice.refs ?? {}, found.escalation, found.agreed, found.today, now);
    },
    /**
     * Whoever holds the case must hear of it: the people there instead of their channel, the channel instead of
     * the author. Who is told already does not stand in for the channel, and who stands in for it has no further
     * fallback, or the two would be told instead of each other for ever.
     */
    async fallbacks(key, subject, route) {
      const about = subjectIn(subject);
      const found = await findEscalation(deps, key, about);
      const { sender } = found?.escalation.parties ?? {};
      if (!found || sender === undefined) return [];
      const holders = await holdersOf(key, about);
      if (route.to === 'person') {
        return holders.has(routeName(route)) ? [{ to: 'channel', provider: sender }] : [];
      }
      if (route.provider !== sender) return [];
      const people = [
        ...peopleWho(found.today, sender, 'coordinate'),
        ...peopleWho(found.today, sender, 'offer'),
      ];
      return [...new Set(people)]
        .map((person): Route => ({ to: 'person', person }))
        .filter((one) => !holders.has(routeName(one)));
    },
    settled: () => ({}),
  };
}
