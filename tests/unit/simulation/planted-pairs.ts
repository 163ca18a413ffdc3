import type { Pair } from '../../../src/duplicates/pair.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { type Fault, without, writing } from './planting.ts';

/** Faults of pairs of cases that may be one person, and of what is decided of them. */
export const PAIR_FAULTS: readonly Fault[] = [
  {
    what: 'a decided pair that stays among those that wait',
    breaks: 'pair-once',
    planted: writing<Pair>('pair', (doc) =>
      doc.stands.state === 'apart'
        ? { ...doc, lists: { ...doc.lists, duplicates: `${doc.since}|${doc.a}:${doc.b}` } }
        : doc,
    ),
  },
  {
    what: 'a decision on a pair that forgets what the records said',
    breaks: 'pair-stays',
    planted: writing<Pair>('pair', (doc) =>
      doc.stands.state === 'apart' ? { ...doc, said: { a: '', b: '' } } : doc,
    ),
  },
  {
    what: 'two cases that are made one before the other provider agreed',
    breaks: 'merge-agreed',
    planted: writing<Pair>('pair', (doc) => {
      if (doc.stands.state !== 'asked') return doc;
      const { agreed: _, ...stands } = doc.stands;
      const { duplicates: _all, ...lists } = doc.lists ?? {};
      const left = Object.entries(lists).filter(([name]) => !name.startsWith('duplicates'));
      return { ...doc, stands: { ...stands, state: 'merging' }, lists: Object.fromEntries(left) };
    }),
  },
  {
    what: 'a case that does not know which others count with it',
    breaks: 'sides-agree',
    planted: writing<CaseDoc>('case', (doc) => without(doc, 'mergedFrom')),
  },
  {
    what: 'a case that counts with another and stays on the list of its holder',
    breaks: 'merged-counts-not',
    planted: writing<CaseDoc>('case', (doc) =>
      doc.mergedInto === undefined
        ? doc
        : { ...doc, lists: { ...doc.lists, [`cases@${doc.holder?.provider}`]: doc.caseId } },
    ),
  },
];
