import { expect, it } from 'vitest';
import { keepsText } from '../../../src/duplicates/words.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { riverside } from '../agreement/demo.ts';
import { nobodys, unowned } from '../register/case-fixture.ts';

it('which case stays is said with its holder, and that nobody holds it where nobody does', () => {
  const held = { ...nobodys, caseId: '2AB-C3D', holder: { provider: 'harbour', role: 'duty-manager' } };
  const nobodyHolds = { ...nobodys, caseId: '7K2-M4X', unowned: { ...unowned, provider: 'northside' } };
  const present = { a: held as CaseDoc, b: nobodyHolds as CaseDoc, today: riverside() };
  expect(keepsText('2AB-C3D', present)).toBe('Case 2AB-C3D stays: Harbour Rapid Response holds it.');
  expect(keepsText('7K2-M4X', present)).toBe('Case 7K2-M4X stays: nobody holds it yet, so take it first.');
});
