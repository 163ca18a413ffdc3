import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { kindsText } from './cards.ts';
import { type Reconciled, rateOf, rateText } from './reconciliation.ts';
import { standingText } from './words.ts';

/** The figures of a run as lines of text: the pathway, its partners, the lists. They name no case. */
export function figuresLines(result: Reconciled, terms: Agreement): string[] {
  const { all, partners, compared, week, gone, finishedAt } = result;
  return [
    `${week}: mismatched ${rateText(all)}`,
    `  ${kindsText(all) || 'no mismatches'}`,
    `  new ${all.fresh}, carried over ${all.carriedOver}, gone ${gone}, settled ${all.settled}`,
    ...partners.map((one) => {
      const kinds = kindsText(one);
      return `${partnerName(terms, one.provider)}: ${rateText(one)}${kinds ? `: ${kinds}` : ''}`;
    }),
    ...compared.map((one) => standingText(one, terms, finishedAt)),
  ];
}

/** The figures as JSON; `rate` is mismatched cases of a hundred, null where none was compared. */
export function figuresJson(result: Reconciled): object {
  const { run, week, startedAt, finishedAt, agreementVersion, compared, partners, all, gone } = result;
  return {
    run,
    week,
    startedAt,
    finishedAt,
    agreementVersion,
    lists: compared,
    all: { ...all, rate: rateOf(all) ?? null },
    partners: partners.map((one) => ({ ...one, rate: rateOf(one) ?? null })),
    gone,
  };
}
