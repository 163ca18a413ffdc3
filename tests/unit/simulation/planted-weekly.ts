import type { Digest } from '../../../src/digests/digest.ts';
import type { Mismatch } from '../../../src/reconciliation/mismatch.ts';
import type { Reconciled, ReconciliationDoc } from '../../../src/reconciliation/reconciliation.ts';
import { commits, dropping, type Fault, idIn, reading, without, writing } from './planting.ts';

const climbs = /^(?:timer:)?escalation:/;

/** Faults of the comparison with the partners' lists, and of the weekly digest. */
export const WEEKLY_FAULTS: readonly Fault[] = [
  {
    what: 'a comparison of a week that each worker makes for itself',
    breaks: 'one-result',
    planted: writing<ReconciliationDoc>('reconciliation', (doc) => without(doc, 'weekly')),
    days: 2,
  },
  {
    what: 'figures without those of one partner',
    breaks: 'figures-add-up',
    planted: writing<Reconciled>('reconciled', (doc) => ({ ...doc, partners: doc.partners.slice(1) })),
  },
  {
    what: 'a settled mismatch that stays among those that wait',
    breaks: 'mismatch-once',
    planted: writing<Mismatch>('mismatch', (doc) =>
      doc.settled
        ? { ...doc, lists: { ...doc.lists, [`mismatches@${doc.provider}`]: `${doc.since}|${doc.caseId}|` } }
        : doc,
    ),
  },
  {
    what: 'a comparison that forgets what was settled',
    breaks: 'settled-stays',
    planted: reading((_, id, found) => {
      const doc = found.doc as Mismatch;
      return id.startsWith('mismatch:') && doc.settled ? { ...found, doc: { ...doc, says: '' } } : found;
    }),
  },
  {
    what: 'mismatches without a time to settle them',
    breaks: 'mismatch-climbs',
    planted: dropping('mismatches.found', (write) => idIn(write).startsWith('timer:mismatches:')),
  },
  {
    what: 'mismatches whose time is up and that nobody hears of',
    breaks: 'climbs',
    planted: dropping('mismatches.overdue', (write) => climbs.test(idIn(write))),
  },
  {
    what: 'a week without its digest',
    breaks: 'one-digest',
    planted: commits((key, writes) => (key.caseId.startsWith('_digest:') ? [] : writes)),
  },
  {
    what: 'a digest that counts one too many',
    breaks: 'digest-adds-up',
    planted: writing<Digest>('digest', (doc) => {
      if (doc.state === 'missed') return doc;
      const [first, ...rest] = doc.parts;
      if (!first) return doc;
      const figures = { ...first.figures, unowned: (first.figures.unowned ?? 0) + 1 };
      return { ...doc, parts: [{ ...first, figures }, ...rest] };
    }),
  },
  {
    what: 'a digest that one channel does not get',
    breaks: 'digest-card',
    planted: dropping('digest.posted', (write) => idIn(write).endsWith(':channel:rapid')),
  },
];
