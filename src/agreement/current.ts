import type { PersonActor } from '../core/actors.ts';
import type { Doc, Key } from '../core/change.ts';
import { type Clock, type Instant, msBetween } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Store, SYSTEM } from '../store/store.ts';
import {
  AGREEMENT_CASE,
  AGREEMENT_HEAD,
  type Agreement,
  type AgreementDoc,
  type AgreementInForce,
  type AgreementVersionDoc,
  agreementVersionId,
  personOf,
} from './agreement.ts';
import { normaliseConversation } from './channel.ts';
import { readTerms } from './older.ts';

/** The pathways of this installation are listed here, at the place of their id. */
export const PATHWAYS_KEY: Key = { pathwayId: SYSTEM, caseId: '_pathways' };
export const PATHWAYS_LIST = 'pathways';
export interface PathwayDoc extends Doc {
  readonly kind: 'pathway';
  readonly pathwayId: string;
}
export const pathwayDocId = (pathwayId: string): string => `pathway:${pathwayId}`;

/** How old an answer from here may be, in milliseconds: access ends within the minute everywhere. */
export const MAX_AGE_MS = 5_000;

/** Reads the agreements in force from the store; what another process applied is seen within five seconds. */
export interface Agreements {
  /** Undefined for a pathway that is not known. */
  inForce(pathwayId: string): Promise<AgreementInForce | undefined>;
  /** One version as it was agreed, for what began under it. */
  version(pathwayId: string, version: number): Promise<AgreementInForce | undefined>;
  /** The terms of what began under a version, or those in force where it is not known; undefined as `inForce`. */
  termsAt(pathwayId: string, version: number): Promise<Agreement | undefined>;
  /** Ids of all pathways, in order. */
  pathways(): Promise<string[]>;
  /** The person with this account on every pathway they are on today. */
  findAccount(tenant: string, objectId: string): Promise<{ pathwayId: string; actor: PersonActor }[]>;
  /** Whose channel a conversation (or a thread of it) is. */
  findChannel(
    tenant: string,
    conversationId: string,
  ): Promise<{ pathwayId: string; provider: string } | undefined>;
  /** Reads again at the next call: whoever changes an agreement in this process says so here. */
  forget(pathwayId: string): void;
}

interface Kept<T> {
  readonly since: Instant;
  readonly value: Promise<T>;
}

/** Finds the agreement in force of a pathway that has to be there. Errors: `Refused` `unknown-pathway`. */
export const inForceOf =
  (agreements: Pick<Agreements, 'inForce'>) =>
  async (pathwayId: string): Promise<AgreementInForce> => {
    const found = await agreements.inForce(pathwayId);
    if (found) return found;
    throw new Refused('unknown-pathway', 'There is no such pathway here. Check its id.');
  };

/** Errors: those of the store (`Unavailable`); a failed read is not kept. */
export function createAgreements(store: Store, clock: Clock): Agreements {
  const current = new Map<string, Kept<AgreementInForce | undefined>>();
  const versions = new Map<string, AgreementInForce>();
  let names: Kept<string[]> | undefined;

  const fresh = <T>(kept: Kept<T> | undefined): kept is Kept<T> =>
    kept !== undefined && msBetween(kept.since, clock.now()) < MAX_AGE_MS;

  async function inForce(pathwayId: string): Promise<AgreementInForce | undefined> {
    const before = current.get(pathwayId);
    if (fresh(before)) return before.value;
    const kept = { since: clock.now(), value: readInForce(store, pathwayId) };
    current.set(pathwayId, kept);
    kept.value.catch(() => {
      if (current.get(pathwayId) === kept) current.delete(pathwayId);
    });
    return kept.value;
  }

  async function pathways(): Promise<string[]> {
    if (fresh(names)) return names.value;
    const kept = { since: clock.now(), value: readPathways(store) };
    names = kept;
    kept.value.catch(() => {
      if (names === kept) names = undefined;
    });
    return kept.value;
  }

  async function all(): Promise<{ pathwayId: string; agreement: AgreementInForce }[]> {
    const found = await Promise.all(
      (await pathways()).map(async (pathwayId) => ({ pathwayId, agreement: await inForce(pathwayId) })),
    );
    return found.flatMap(({ pathwayId, agreement }) => (agreement ? [{ pathwayId, agreement }] : []));
  }

  async function atVersion(pathwayId: string, version: number): Promise<AgreementInForce | undefined> {
    const now = await inForce(pathwayId);
    if (now?.version === version) return now;
    const name = `${pathwayId}\n${version}`;
    const known = versions.get(name);
    if (known) return known;
    const read = await readVersion(store, pathwayId, version);
    if (read) versions.set(name, read);
    return read;
  }

  return {
    inForce,
    pathways,
    version: atVersion,
    async termsAt(pathwayId, version) {
      return ((await atVersion(pathwayId, version)) ?? (await inForce(pathwayId)))?.terms;
    },
    async findAccount(tenant, objectId) {
      return (await all()).flatMap(({ pathwayId, agreement }) => {
        const actor = personOf(agreement.terms, tenant, objectId);
        return actor ? [{ pathwayId, actor }] : [];
      });
    },
    async findChannel(tenant, conversationId) {
      const wanted = normaliseConversation(conversationId);
      for (const { pathwayId, agreement } of await all()) {
        const channel = agreement.terms.channels.find(
          (one) => one.tenant === tenant && normaliseConversation(one.conversation) === wanted,
        );
        if (channel) return { pathwayId, provider: channel.provider };
      }
      return undefined;
    },
    forget(pathwayId) {
      current.delete(pathwayId);
      names = undefined;
    },
  };
}

export const agreementKey = (pathwayId: string): Key => ({ pathwayId, caseId: AGREEMENT_CASE });

/** The agreement in force as the store has it at this moment. */
export async function readInForce(store: Store, pathwayId: string): Promise<AgreementInForce | undefined> {
  const head = await store.get<AgreementDoc>(agreementKey(pathwayId), AGREEMENT_HEAD);
  return head && asInForce(head.doc);
}

/** Ids of all pathways as the store lists them at this moment. */
export async function readPathways(store: Store): Promise<string[]> {
  const found: string[] = [];
  const limit = 100;
  for (let after = ''; ; ) {
    const page = await store.page<PathwayDoc>(SYSTEM, PATHWAYS_LIST, { after, limit });
    found.push(...page.map((one) => one.doc.pathwayId));
    const last = page.at(-1);
    if (!last || page.length < limit) return found;
    after = last.place;
  }
}

async function readVersion(
  store: Store,
  pathwayId: string,
  version: number,
): Promise<AgreementInForce | undefined> {
  const head = await readInForce(store, pathwayId);
  if (head?.version === version) return head;
  const old = await store.get<AgreementVersionDoc>(agreementKey(pathwayId), agreementVersionId(version));
  return old && asInForce(old.doc);
}

const asInForce = ({ version, since, terms }: AgreementInForce): AgreementInForce => ({
  version,
  since,
  terms: readTerms(terms),
});
