import type { Agreement } from './agreement.ts';
import { type Finding, finding } from './finding.ts';

/** Without a role that is asked about them, pairs with a marked record wait unseen. */
export function warnMarked({ register }: Agreement): Finding[] {
  return register.markedRecords !== undefined
    ? []
    : [
        finding(
          ['register'],
          'no role is named that is asked about marked records, so when one of them may be the same person as another, nobody is told',
          'name one under register: markedRecords',
        ),
      ];
}
