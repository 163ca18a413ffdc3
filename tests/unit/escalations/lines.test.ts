import { expect, it } from 'vitest';
import { acknowledge, resolve } from '../../../src/escalations/answers.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import { LINES, line } from '../../../src/escalations/lines.ts';
import { end } from '../../../src/escalations/rules.ts';
import { terms } from '../../support/pathway.ts';
import { at, begun, by, ground, stands, TODAY } from './ground.ts';

const asked = begun();
const held = stands(acknowledge(ground({ by: by('nina') }), asked, 1, 'nina'));
const rejected = begun({}, 'rejected');
const decided = stands(resolve(ground({ by: by('lena') }), rejected, 1, 'She goes home tonight.'));
const over = stands(end(ground({ by: by('nina') }), asked, 'accepted'));

const words = (code: string, escalation: Escalation, to = 'holder'): string | undefined =>
  line(code, { n: '1', to }, escalation, terms, TODAY, at(1));

const SAID: Readonly<Record<(typeof LINES)[number], readonly [Escalation, RegExp]>> = {
  'escalation.raised': [
    asked,
    /Nobody has answered in time\. .*Nina Test and Noah Test.* You still hold this case\./,
  ],
  'escalation.acknowledged': [
    held,
    /Nina Test is on it until 15:00 today\. The case is still held by Prime Trust\./,
  ],
  'escalation.reminder': [asked, /Reminder: nobody has answered yet\./],
  'escalation.unreached': [asked, /Nobody who was asked could be reached\..*Director of today/],
  'escalation.unpaged': [asked, /The paging service did not take the call\./],
  'escalation.resolved': [decided, /Lena Test recorded a decision, and nobody is asked any more\./],
};

it.each(LINES)('%s begins with its case, says what is so, and nothing once that is over', (code) => {
  const [escalation, expected] = SAID[code];
  expect(words(code, escalation)).toMatch(/^Case 7K2-M4Z: /);
  expect(words(code, escalation)).toMatch(expected);
  expect(words(code, over)).toBeUndefined();
});

it('has words for nothing else, nor for a prompt that is not there', () => {
  expect(words('escalation.unknown', asked)).toBeUndefined();
  expect(line('escalation.raised', { n: '9' }, asked, terms, TODAY, at(1))).toBeUndefined();
});

it('never says what was decided', () => {
  expect(words('escalation.resolved', decided)).not.toContain('tonight');
});

it('gives the number of where those who are asked work: the prime’s, where its clinicians stand in', () => {
  const of = (change: Partial<(typeof asked.raisings)[number]>): string | undefined =>
    words('escalation.unpaged', { ...asked, raisings: asked.raisings.map((one) => ({ ...one, ...change })) });
  expect(of({})).toMatch(/Ring St Test Hospice: /);
  expect(of({ stood: 'prime-clinicians' })).toMatch(/Ring Prime Trust: /);
});
