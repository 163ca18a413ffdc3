import { type Agreement, partnerName, primeOf } from '../agreement/agreement.ts';
import type { Matter } from '../escalations/escalation.ts';
import { type CaseDoc, UNOWNED_SUBJECT } from './case.ts';
import { listCase, listSubject, type Together } from './list.ts';

/** A case that nobody holds as the ladder sees it: the provider whose list brought it is asked. */
export function caseMatter({ caseId, holder, unowned }: CaseDoc, terms: Agreement): Matter | undefined {
  if (holder || unowned?.climbs !== 'alone') return undefined;
  const { provider, since, needBy, agreementVersion, shownTo } = unowned;
  const prime = primeOf(terms).id;
  return {
    subject: UNOWNED_SUBJECT,
    caseId,
    agreementVersion,
    parties: { receiver: provider, sender: prime, prime },
    since,
    needBy,
    routes: { receiver: shownTo, holder: [] },
  };
}

/** The cases of one list that nobody holds, as one. */
export function listMatter(together: Together, terms: Agreement): Matter | undefined {
  if (together.ended) return undefined;
  const { provider, list, since, needBy, agreementVersion, shownTo } = together;
  const prime = primeOf(terms).id;
  return {
    subject: listSubject(list),
    caseId: listCase(provider),
    about: `Cases on the list of ${partnerName(terms, provider)}`,
    agreementVersion,
    parties: { receiver: provider, sender: prime, prime },
    since,
    needBy,
    routes: { receiver: shownTo, holder: [] },
  };
}
