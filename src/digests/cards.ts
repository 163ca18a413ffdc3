import type { Agreement } from '../agreement/agreement.ts';
import { type Scope, scopeText } from '../agreement/scope.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { Shown } from './commands.ts';
import type { Line } from './digest.ts';
import { seenBy } from './figures.ts';
import {
  carriedText,
  counted,
  countedText,
  isLate,
  lineText,
  madeText,
  standingTexts,
  titleOf,
  weekText,
} from './words.ts';

/** What every button of a digest carries; no week: as things stand now. */
export const refOf = ({ week, live, today }: Shown) => ({
  pathway: today.pathway,
  week: live ? 'now' : week,
});

/** The button of a line: the verb of whoever the line belongs to, which shows the present state. */
function buttonOf({ kind, id, handoverId, other, what, provider }: Line, pathway: string) {
  switch (kind) {
    case 'duplicate':
      return { title: 'Open', verb: 'duplicate.view', ref: { pathway, a: id, b: other, revision: 0 } };
    case 'mismatch':
      if (what === 'duplicate') {
        return { title: 'Open', verb: 'duplicate.page', ref: { pathway, caseId: id, after: '' } };
      }
      return { title: 'Settle', verb: 'mismatch.settle', ref: { pathway, provider, caseId: id, what } };
    case 'unowned':
      return { title: 'Take ownership', verb: 'case.take', ref: { pathway, caseId: id } };
    case 'action':
      return { title: 'View', verb: 'action.view', ref: { pathway, action: id, revision: 0 } };
    case 'handover':
      return { title: 'View', verb: 'handover.view', ref: { pathway, caseId: id, handoverId, revision: 0 } };
  }
}

function rowOf(line: Line, before: Instant | undefined, terms: Agreement, at: Instant) {
  const { title, verb, ref } = buttonOf(line, terms.pathway);
  const carried = carriedText(line, before);
  return {
    who: titleOf(line),
    standing: lineText(line, terms, at),
    colour: isLate(line, at) ? 'attention' : 'default',
    carried: carried !== '',
    carriedText: carried,
    button: title,
    tooltip: `${title}: ${titleOf(line)}`,
    verb,
    ref,
  };
}

/** What is open, as numbers and the most urgent lines: counts and ids, safe for everybody. */
export function digestCard(shown: Shown, scope: Scope, now: Instant): CardView {
  const { findings, today, week, live } = shown;
  const { at, before, reconciled } = findings;
  const seen = seenBy(findings, scope);
  const title = live ? 'What is open now' : `Weekly digest: ${weekText(week)}`;
  const notes = standingTexts({ ...seen, ...(reconciled && { reconciled }) }, today, at);
  return {
    card: 'digests/digest',
    data: {
      kicker: scopeText(scope, today),
      title,
      made: madeText(shown, now).join(' '),
      numbers: counted(seen.figures),
      notes: notes.map((text) => ({ text })),
      some: seen.lines.length > 0,
      rows: seen.lines.map((line) => rowOf(line, before, today, at)),
      ref: refOf(shown),
    },
    summary: [`${title}, ${scopeText(scope, today)}.`, countedText(seen.figures), ...notes].join(' '),
  };
}
