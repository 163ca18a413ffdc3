import type { CaseDoc, Unowned } from '../../../src/register/case.ts';

export const NOW = '2026-11-23T09:00:00.000Z';

/** Left on the hospice's list without a holder. */
export const unowned: Unowned = {
  provider: 'hospice',
  list: '000001',
  asOf: '2026-11-20T18:00:00.000Z',
  since: NOW,
  needBy: '2026-11-24T17:00:00.000Z',
  agreementVersion: 1,
  climbs: 'alone',
  revision: 1,
  shownTo: [{ to: 'channel', provider: 'hospice' }],
};

/** A case that an import brought and nobody holds. */
export const nobodys: CaseDoc = {
  id: 'case',
  kind: 'case',
  schema: 1,
  audit: { seq: 1, hash: 'h' },
  caseId: '7K2-M4X',
  state: 'open',
  unowned,
  listed: { hospice: { id: 'A17', list: '000001', asOf: unowned.asOf, status: 'open' } },
  person: { given: 'Margaret', surname: 'Example' },
  aliases: { hospice: 'A17' },
  createdAt: NOW,
  handovers: [],
};
