import { personOf } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { TimerDoc } from '../../../src/core/change.ts';
import { PAIR_HEAD, type Pair, pairKey } from '../../../src/duplicates/pair.ts';
import { Content } from '../../../src/handovers/handover.ts';
import { CASE_HEAD, type CaseDoc, type Person } from '../../../src/register/case.ts';
import type { Store } from '../../../src/store/store.ts';
import { livedRegister, PATHWAY } from '../register/lived-register.ts';

const LISTS = {
  'st-annes':
    'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on',
  northside:
    'Case ID,First name,Surname,Date of birth,NHS number,Postcode,Holder,Status,Received,First contact,Discharged,Outcome,Next review',
} as const;
export type Lister = keyof typeof LISTS;

/** One line of a list: the partner's own id, whom it is about, who holds it. */
export interface Told {
  readonly id: string;
  readonly person: Person;
  readonly holder?: string;
}

export const margaret: Person = {
  given: 'Margaret',
  surname: 'Canaryson',
  dob: '1942-03-07',
  postcode: 'RV1 2AB',
  nhsNumber: '9990000018',
};

/** A register whose people offer and import, and decide what may be one person; its timers fire when it settles. */
export async function livedDuplicates(around?: (store: Store) => Store) {
  const lived = await livedRegister(around);
  const { wired, store, terms, bytesOf } = lived;
  let keys = 0;

  function person(key: string): PersonActor {
    const found = terms.people.find((one) => one.key === key);
    const [account] = found?.accounts ?? [];
    const actor = account && personOf(terms, account.tenant, account.objectId);
    if (!actor) throw new Error(`nobody is ${key}`);
    return actor;
  }

  return {
    ...lived,
    person,

    /** A partner's system offers a case; gives its id. */
    async offers(about: Person, from = 'northside', to = 'st-annes', caseId?: string): Promise<string> {
      keys += 1;
      const content = Content.parse({ person: about, ask: { what: 'A visit' } });
      const offer = { from, to, content, ...(caseId !== undefined && { caseId }) };
      const key = { idempotencyKey: `k${keys}`, bodyHash: `b${keys}` };
      const answer = await wired.handovers.offer({ kind: 'partner', partner: from }, PATHWAY, offer, key);
      return answer.caseId;
    },

    /** Imports a list of these lines. */
    async lists(provider: Lister, told: readonly Told[]) {
      const lines = told.map(({ id, person: of, holder = '' }) => {
        const who = [of.given, of.surname, of.dob, of.nhsNumber, of.postcode].map((one) => one ?? '');
        const blanks = provider === 'st-annes' ? ['', '', ''] : ['', '', '', '', ''];
        return [id, ...who, holder, 'open', ...blanks].join(',');
      });
      return lived.imports([], { provider, bytes: bytesOf([LISTS[provider], ...lines].join('\n')) });
    },

    /** Fires what finds and carries duplicates until nothing of it is due, as the ticker would. */
    async settles(): Promise<void> {
      for (let rounds = 0; rounds < 500; rounds++) {
        const due = await store.page<TimerDoc>(PATHWAY, 'due', { limit: 1_000 });
        const ours = due.filter(({ doc }) => doc.kind === 'timer' && doc.fires in wired.deciding);
        if (ours.length === 0) return;
        for (const { doc, key } of ours) {
          const fire = wired.deciding[doc.fires as keyof typeof wired.deciding];
          await fire(key);
        }
      }
      throw new Error('what is looked at does not settle');
    },

    async pair(one: string, other: string): Promise<Pair | undefined> {
      return (await store.get<Pair>(pairKey(PATHWAY, one, other), PAIR_HEAD))?.doc;
    },
    async pairs(list = 'duplicates'): Promise<Pair[]> {
      return (await store.page<Pair>(PATHWAY, list, { limit: 1_000 })).map(({ doc }) => doc);
    },
    async caseOf(caseId: string): Promise<CaseDoc> {
      const found = await store.get<CaseDoc>({ pathwayId: PATHWAY, caseId }, CASE_HEAD);
      if (!found) throw new Error(`there is no case ${caseId}`);
      return found.doc;
    },
  };
}
export type Lived = Awaited<ReturnType<typeof livedDuplicates>>;
