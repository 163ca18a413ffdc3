import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { checkAgreement } from '../../../src/agreement/check.ts';
import { diffAgreements } from '../../../src/agreement/diff.ts';
import type { SafeguardingTerms } from '../../../src/agreement/safeguarding.ts';
import { terms } from '../../support/pathway.ts';

const agreed = terms.safeguarding as SafeguardingTerms;
const [lead, ...others] = agreed.ask as [SafeguardingTerms['ask'][number], ...SafeguardingTerms['ask']];
const withTerms = (safeguarding: Partial<SafeguardingTerms>): Agreement => ({
  ...terms,
  safeguarding: { ...agreed, ...safeguarding },
});

describe('what was agreed about concerns', () => {
  const table: readonly [string, Agreement, string, string][] = [
    [
      'somebody asked whose role cannot answer',
      withTerms({ ask: [{ ...lead, role: 'nurse' }, ...others] }),
      'safeguarding.ask.0.role',
      'cannot answer for safeguarding concerns',
    ],
    [
      'nobody who leads',
      withTerms({ ask: others }),
      'safeguarding.ask',
      'no step asks the safeguarding lead',
    ],
    [
      'a lead whose role nobody has',
      withTerms({ ask: [{ ...lead, provider: 'charity' }, ...others] }),
      'safeguarding.ask.0.role',
      'nobody is Safeguarding lead there',
    ],
    [
      'a manager who is not there',
      withTerms({ manages: [{ manager: 'nobody', of: ['nina'] }] }),
      'safeguarding.manages.0',
      'the person nobody is not in this agreement',
    ],
  ];
  it.each(table)('does not hold together with %s', (_name, spoilt, path, message) => {
    const good = checkAgreement(terms).map((each) => each.path.join('.'));
    expect(good).not.toContain(path);
    const found = checkAgreement(spoilt).filter((each) => each.path.join('.') === path);
    expect(found.map((each) => each.message).join('\n')).toContain(message);
  });

  it('is told as a difference when it begins, changes and ends', () => {
    const { safeguarding: _, ...without } = terms;
    expect(diffAgreements(without, terms)).toEqual(['Who is asked about safeguarding concerns is agreed.']);
    expect(diffAgreements(terms, withTerms({ map: [] }))).toEqual(['The safeguarding map changes.']);
    expect(diffAgreements(terms, without)).toEqual(['What was agreed about safeguarding concerns ends.']);
  });
});
