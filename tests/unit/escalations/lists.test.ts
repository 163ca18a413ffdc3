import { expect, it } from 'vitest';
import { acknowledge } from '../../../src/escalations/answers.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import { listed } from '../../../src/escalations/lists.ts';
import { end, step } from '../../../src/escalations/rules.ts';
import { at, begun, by, ground, START, stands } from './ground.ts';

const name = '7K2-M4Z|handover:h1';
const started = `${START}|${name}`;
const all = { escalations: started, 'escalations@hospice': started, 'escalations@prime': started };
const open = (next: string, people: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    [
      'escalations.open',
      'escalations.open@hospice',
      'escalations.open@prime',
      ...people.map((person) => `escalations.mine@${person}`),
    ].map((list) => [list, `${next}|${name}`]),
  );

const first = begun();
const held = stands(acknowledge(ground({ now: at(5), by: by('nina') }), first, 1, 'nina'));
const climbed = stands(step(ground({ now: at(30) }), first));
const over = stands(end(ground({ now: at(9), by: by('nina') }), first, 'accepted'));

it.each<[string, Escalation, Record<string, string>]>([
  ['what was begun, at its reminder, for those asked', first, open(at(20), ['nina', 'noah'])],
  ['what somebody is on, at the end of that', held, open(at(35), ['nina', 'noah'])],
  ['what climbed, for those asked now alone', climbed, open(at(90), ['lena', 'luke', 'cora', 'both'])],
  ['what is over, among all of them alone', over, {}],
])('lists %s', (_, escalation, expected) => {
  expect(listed(escalation).lists).toEqual({ ...all, ...expected });
  expect(escalation.lists).toEqual({ ...all, ...expected });
});
