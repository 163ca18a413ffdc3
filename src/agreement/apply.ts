import type { ActorRef } from '../core/actors.ts';
import type { Change, EventDoc, EventDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Conflict, Invalid, Refused } from '../core/errors.ts';
import type { Store } from '../store/store.ts';
import type { Loaded, RunTurn } from '../store/turn.ts';
import {
  AGREEMENT_CASE,
  AGREEMENT_HEAD,
  type Agreement,
  type AgreementDoc,
  type AgreementVersionDoc,
  agreementVersionId,
  providerOf,
} from './agreement.ts';
import { CHANGED_SUBJECT } from './changed.ts';
import { normaliseConversation } from './channel.ts';
import { checkAgreement } from './check.ts';
import {
  type Agreements,
  agreementKey,
  PATHWAYS_KEY,
  PATHWAYS_LIST,
  type PathwayDoc,
  pathwayDocId,
  readInForce,
  readPathways,
} from './current.ts';
import { diffAgreements } from './diff.ts';
import { readTerms } from './older.ts';
import { same } from './same.ts';

export interface AgreementDeps {
  readonly store: Store;
  readonly run: RunTurn;
  /** The readers of this process, told when an agreement changes. */
  readonly agreements?: Pick<Agreements, 'forget'>;
}

export type Applied =
  | { readonly kind: 'applied'; readonly version: number; readonly changes: readonly string[] }
  | { readonly kind: 'unchanged'; readonly version: number }
  /**
   * Nothing was stored: it would undo what was entered in Teams, or take out a provider that still holds cases.
   * Apply again with `yes` to go on.
   */
  | {
      readonly kind: 'would-undo';
      readonly changes: readonly string[];
      readonly undoes: readonly string[];
      /** The terms are the ones last applied, so that there is nothing new to put in force. */
      readonly nothingNew: boolean;
    };

/**
 * Puts terms in force as a new version of their pathway's agreement, or says why not: they are in force already,
 * or (without `yes`) they would undo what was entered in Teams since terms were last applied.
 * Errors: `Invalid` for terms that do not hold together; `Refused` (`channel-elsewhere`) when a channel
 * belongs to another pathway; those of the store.
 */
export async function applyAgreement(
  deps: AgreementDeps,
  terms: Agreement,
  by: ActorRef,
  options: { readonly yes: boolean },
): Promise<Applied> {
  const findings = checkAgreement(terms);
  if (findings.length > 0) {
    throw new Invalid(
      'The agreement does not hold together. Correct it and apply it again.',
      findings.map(({ path, message, remedy }) => ({
        field: path.join('.'),
        message: `${message} — ${remedy}`,
      })),
    );
  }
  for (const channel of terms.channels) await refuseChannelElsewhere(deps.store, terms.pathway, channel);
  const key = agreementKey(terms.pathway);
  const applied = await deps.run<AgreementDoc, Applied>(key, AGREEMENT_HEAD, async ({ head, get }, now) => {
    const current = head && readTerms(head.terms);
    if (head && same(current, terms)) return { answer: { kind: 'unchanged', version: head.version } };
    const changes = diffAgreements(current, terms);
    if (head && current && !options.yes) {
      const base = await lastApplied(await deps.store.history(key), head, get);
      const undoes = [
        ...(base ? undoneBy(base, current, terms) : []),
        ...(await abandonedBy(deps.store, current, terms)),
      ];
      if (undoes.length > 0) {
        const nothingNew = base !== undefined && same(base, terms);
        return { answer: { kind: 'would-undo', changes, undoes, nothingNew } };
      }
    }
    const version = (head?.version ?? 0) + 1;
    return {
      change: newVersion(head, terms, now, {
        type: 'agreement.applied',
        by,
        data: { version, changes },
      }),
      answer: { kind: 'applied', version, changes },
    };
  });
  if (applied.kind !== 'would-undo') await listPathway(deps.store, terms.pathway);
  deps.agreements?.forget(terms.pathway);
  return applied;
}

export interface Binding {
  readonly provider: string;
  readonly tenant: string;
  /** The channel, or a thread of it. */
  readonly conversation: string;
}

export type Bound =
  | {
      readonly kind: 'bound';
      readonly version: number;
      /** The provider whose channel this was before, if it was another's. */
      readonly takenFrom?: string;
      /** The provider had another channel before. */
      readonly moved: boolean;
    }
  | { readonly kind: 'unchanged'; readonly version: number };

/**
 * Makes a conversation the channel of a provider, as a new version of the agreement. A provider has one channel, a
 * channel one provider. Whether the actor may bind is the caller's to decide.
 * Errors: `Refused` with `unknown-pathway`, `unknown-provider` or `channel-elsewhere`; those of the store.
 */
export async function bindChannel(
  deps: AgreementDeps,
  pathwayId: string,
  binding: Binding,
  by: ActorRef,
): Promise<Bound> {
  const channel = { ...binding, conversation: normaliseConversation(binding.conversation) };
  await refuseChannelElsewhere(deps.store, pathwayId, channel);
  const bound = await deps.run<AgreementDoc, Bound>(
    agreementKey(pathwayId),
    AGREEMENT_HEAD,
    ({ head }, now) => {
      if (!head) {
        throw new Refused(
          'unknown-pathway',
          'There is no such pathway. Ask for its agreement to be applied first.',
        );
      }
      const { terms } = head;
      if (!providerOf(terms, channel.provider)) {
        throw new Refused(
          'unknown-provider',
          `There is no such provider on this pathway. Use one of: ${terms.providers.map(({ id }) => id).join(', ')}.`,
        );
      }
      const here = terms.channels.find((one) => sameConversation(one, channel));
      if (here?.provider === channel.provider)
        return { answer: { kind: 'unchanged', version: head.version } };
      const others = terms.channels.filter(
        (one) => one.provider !== channel.provider && !sameConversation(one, channel),
      );
      const moved = terms.channels.some((one) => one.provider === channel.provider);
      const version = head.version + 1;
      return {
        change: newVersion(head, { ...terms, channels: [...others, channel] }, now, {
          type: 'channel.bound',
          by,
          data: { version, ...channel, ...(here ? { takenFrom: here.provider } : {}) },
        }),
        answer: { kind: 'bound', version, moved, ...(here ? { takenFrom: here.provider } : {}) },
      };
    },
  );
  deps.agreements?.forget(pathwayId);
  return bound;
}

/** The new head, and the one before it kept beside as a version. */
function newVersion(
  head: AgreementDoc | undefined,
  terms: Agreement,
  now: Instant,
  event: EventDraft,
): Change {
  const next: AgreementDoc = {
    id: AGREEMENT_HEAD,
    kind: 'agreement',
    schema: 1,
    lists: { chains: AGREEMENT_CASE },
    audit: head?.audit ?? { seq: 0, hash: '' },
    version: (head?.version ?? 0) + 1,
    since: now,
    terms,
  };
  if (!head) return { documents: [next], events: [event] };
  const before: AgreementVersionDoc = {
    id: agreementVersionId(head.version),
    kind: 'agreement-version',
    schema: 1,
    version: head.version,
    since: head.since,
    terms: head.terms,
  };
  return {
    documents: [next, before],
    events: [event],
    timers: [{ subject: CHANGED_SUBJECT, fires: 'agreement.changed', due: now }],
  };
}

/** The terms that were applied last; what came after them was entered in Teams. */
async function lastApplied(
  history: readonly EventDoc[],
  head: AgreementDoc,
  get: Loaded<AgreementDoc>['get'],
): Promise<Agreement | undefined> {
  const version = history.findLast((event) => event.type === 'agreement.applied')?.data.version;
  if (typeof version !== 'number') return undefined;
  const doc = version === head.version ? head : await get<AgreementVersionDoc>(agreementVersionId(version));
  return doc && readTerms(doc.terms);
}

/**
 * What of the binds and people entered in Teams (the difference between `base` and `current`) `next` would
 * not keep, as sentences.
 */
function undoneBy(base: Agreement, current: Agreement, next: Agreement): string[] {
  const entered = <T>(of: (terms: Agreement) => T): boolean =>
    !same(of(base), of(current)) && !same(of(current), of(next));
  const channelOf = (provider: string) => (terms: Agreement) =>
    terms.channels.find((one) => one.provider === provider);
  const personIn = (key: string) => (terms: Agreement) => terms.people.find((one) => one.key === key);
  const providers = new Set([...base.channels, ...current.channels].map((one) => one.provider));
  const keys = new Set([...base.people, ...current.people].map((one) => one.key));
  const partial: Agreement = {
    ...current,
    channels: [...providers].flatMap(
      (provider) => channelOf(provider)(entered(channelOf(provider)) ? next : current) ?? [],
    ),
    people: [...keys].flatMap((key) => personIn(key)(entered(personIn(key)) ? next : current) ?? []),
  };
  return diffAgreements(current, partial);
}

/** Providers that `next` takes out while something is theirs to answer or to hold, as sentences. */
async function abandonedBy(store: Store, current: Agreement, next: Agreement): Promise<string[]> {
  const gone = current.providers.filter((provider) => !providerOf(next, provider.id));
  const told = gone.map(async ({ id, name }) => {
    const open = await store.count(current.pathway, `handovers.open@${id}`);
    const held = await store.count(current.pathway, `cases@${id}`);
    return open + held === 0
      ? []
      : [`${name} is taken out while ${open} handovers to or from it are open and it holds ${held} cases.`];
  });
  return (await Promise.all(told)).flat();
}

async function refuseChannelElsewhere(
  store: Store,
  pathwayId: string,
  channel: { readonly tenant: string; readonly conversation: string },
): Promise<void> {
  for (const other of await readPathways(store)) {
    if (other === pathwayId) continue;
    const terms = (await readInForce(store, other))?.terms;
    const theirs = terms?.channels.some((one) => sameConversation(one, channel));
    if (terms && theirs) {
      throw new Refused(
        'channel-elsewhere',
        `This channel belongs to the pathway ${terms.name}. Use another channel, or bind that pathway's provider to another one first.`,
      );
    }
  }
}

/** Once a pathway is listed, workers and lookups find it; done after the first version, so that it has one. */
async function listPathway(store: Store, pathwayId: string): Promise<void> {
  const doc: PathwayDoc = {
    id: pathwayDocId(pathwayId),
    kind: 'pathway',
    schema: 1,
    lists: { [PATHWAYS_LIST]: pathwayId },
    pathwayId,
  };
  if (await store.get(PATHWAYS_KEY, doc.id)) return;
  try {
    await store.commit(PATHWAYS_KEY, [{ do: 'create', doc }]);
  } catch (error) {
    // Another process listed it at the same moment.
    if (!(error instanceof Conflict)) throw error;
  }
}

const sameConversation = (
  a: { readonly tenant: string; readonly conversation: string },
  b: { readonly tenant: string; readonly conversation: string },
): boolean =>
  a.tenant === b.tenant && normaliseConversation(a.conversation) === normaliseConversation(b.conversation);
