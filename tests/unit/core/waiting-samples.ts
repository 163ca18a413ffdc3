import { waitingRow as actionRow } from '../../../src/actions/cards.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { waitingCard } from '../../../src/core/waiting.ts';
import { waitingRow as handoverRow } from '../../../src/handovers/cards-lists.ts';
import { pageRef, waitingRow as unownedRow } from '../../../src/register/cards.ts';
import { overdue } from '../actions/cards-samples.ts';
import { NOW, offered, terms } from '../handovers/cards-fixture.ts';
import { nobodys, unowned } from '../register/case-fixture.ts';

const theirs = { ...unowned, provider: 'st-annes', needBy: '2026-12-01T17:00:00.000Z' };
const later = '2026-11-30T10:00:00.000Z';

/** The samples of /mine, by the names of their files. */
export const WAITING_SAMPLES: Readonly<Record<string, CardView>> = {
  'core/waiting': waitingCard([
    { title: 'Handovers', count: 1, rows: [handoverRow(offered(), terms, NOW)] },
    { title: 'Actions', count: 1, rows: [actionRow(overdue, true, terms, later)] },
    {
      title: 'Cases that nobody holds',
      count: 34,
      rows: [unownedRow(nobodys, theirs, terms, later)],
      more: { title: 'All cases that nobody holds', verb: 'unowned.list', data: pageRef(terms) },
    },
  ]),
  'core/waiting.empty': waitingCard([]),
};
