import type { Agreement } from './agreement.ts';
import type { Finding } from './finding.ts';
import { warnLate } from './warn-late.ts';
import { warnMarked } from './warn-marked.ts';
import { warnWaking } from './warn-waking.ts';

/** What the partners should know of terms that hold together, and may still put in force. */
export function warnAgreement(terms: Agreement): Finding[] {
  return [...warnLate(terms), ...warnWaking(terms), ...warnMarked(terms)];
}
