import { globSync, readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import { describe, expect, it } from 'vitest';
import { VERBS as ACTIONS } from '../../src/actions/cards-verbs.ts';
import { VERBS as DIGESTS } from '../../src/digests/cards-verbs.ts';
import { VERBS as DUPLICATES } from '../../src/duplicates/cards-verbs.ts';
import { VERBS as ESCALATIONS } from '../../src/escalations/cards-verbs.ts';
import { VERBS as HANDOVERS } from '../../src/handovers/cards-verbs.ts';
import { VERBS as RECONCILIATION } from '../../src/reconciliation/cards-verbs.ts';
import { VERBS as REGISTER } from '../../src/register/cards-verbs.ts';
import { VERBS as ROTA } from '../../src/rota/cards-verbs.ts';
import { VERBS as SAFEGUARDING } from '../../src/safeguarding/cards-verbs.ts';
import { createRenderer } from '../../src/teams/render.ts';
import { VERBS as TRAINING } from '../../src/training/cards-verbs.ts';
import { complaintsAbout } from '../support/card-reader.ts';
import { nodes } from '../unit/handovers/cards-fixture.ts';

const VERBS: readonly string[] = [
  ...HANDOVERS,
  ...ESCALATIONS,
  ...ACTIONS,
  ...REGISTER,
  ...RECONCILIATION,
  ...ROTA,
  ...DUPLICATES,
  ...DIGESTS,
  ...SAFEGUARDING,
  ...TRAINING,
];
const folder = new URL('../../cards/', import.meta.url);
const read = (path: string): object => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
const files = globSync('*/*.json', { cwd: folder.pathname }).map((file) => file.replaceAll('\\', '/'));
const cards = files.filter((file) => !file.endsWith('.sample.json')).map((file) => file.replace('.json', ''));
const samples = files.filter((file) => file.endsWith('.sample.json'));
const cardOf = (sample: string): string => sample.replace(/\.(?:.*\.)?sample\.json$/, '');
const shown = samples.map((sample) => ({
  sample,
  card: new Template(read(`${cardOf(sample)}.json`)).expand({ $root: read(sample) }) as object,
}));
console.log(`${cards.length} cards with ${samples.length} samples`);

const isAction = (node: Record<string, unknown>): boolean => String(node.type).startsWith('Action.');
const isInput = (node: Record<string, unknown>): boolean => String(node.type).startsWith('Input.');

describe('the cards', () => {
  it('are found, each with a sample of its own name', () => {
    expect(cards.length).toBeGreaterThan(15);
    expect(cards.filter((card) => !samples.includes(`${card}.sample.json`))).toEqual([]);
    expect(samples.filter((sample) => !cards.includes(cardOf(sample)))).toEqual([]);
  });

  it.each(shown)('$sample leaves no field without data', ({ card }) => {
    expect(JSON.stringify(card)).not.toContain('${');
  });

  it.each(shown)('$sample is a valid Adaptive Card 1.5', ({ card }) => {
    expect(complaintsAbout(card)).toEqual([]);
    expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
  });

  it.each(shown)('$sample can be used without seeing, and on a phone', ({ card }) => {
    for (const input of [...nodes(card)].filter(isInput)) {
      expect(input.id, 'an id').toBeTruthy();
      expect(input.label, `a label of ${String(input.id)}`).toBeTruthy();
      expect(input.errorMessage, `an error of ${String(input.id)}`).toBeTruthy();
    }
    for (const node of nodes(card)) {
      if (Array.isArray(node.actions)) expect(node.actions.length).toBeLessThanOrEqual(6);
      expect(node.type).not.toBe('Action.ShowCard');
      if (node.type === 'ActionSet') expect(node.actions).not.toEqual([]);
    }
  });

  it.each(shown)('$sample preselects nothing that it asks for the first time', ({ sample, card }) => {
    if (/filled|again/.test(sample)) return;
    for (const input of [...nodes(card)].filter((node) => node.type === 'Input.ChoiceSet')) {
      expect(input.value).toBe('');
    }
  });

  it('carry on every button its verb and what it means, never who pressed it', () => {
    const buttons = shown.flatMap(({ card }) => [...nodes(card)].filter(isAction));
    console.log(`${buttons.length} buttons`);
    expect(buttons.length).toBeGreaterThan(80);
    for (const button of buttons) {
      expect(button).toMatchObject({ type: 'Action.Execute', data: { pathway: expect.any(String) } });
      expect(VERBS).toContain(button.verb);
      expect(Object.keys(button.data as object)).not.toContain('actor');
    }
  });

  it('have a button for every verb', () => {
    const verbs = new Set(
      shown.flatMap(({ card }) => [...nodes(card)].filter(isAction).map((node) => node.verb)),
    );
    expect([...verbs].sort()).toEqual([...VERBS].sort());
  });

  it('ask for every input before a button that sends it, and for none before one that opens something', () => {
    const opening = /\.(view|back|ask|undo|anew|open)$/;
    for (const { card } of shown) {
      const all = [...nodes(card)];
      if (!all.some(isInput)) continue;
      for (const button of all.filter(isAction)) {
        expect(button.associatedInputs === 'none', String(button.verb)).toBe(
          opening.test(String(button.verb)),
        );
      }
    }
  });

  it('fit Teams with every sample, fallbacks included', () => {
    const renderer = createRenderer(folder);
    const sizes = samples.map((sample) => {
      const card = renderer.render({ card: cardOf(sample), data: read(sample), summary: 'Sample.' });
      return JSON.stringify(card).length;
    });
    console.log(`largest sample: ${Math.max(...sizes)} bytes`);
    expect(Math.max(...sizes)).toBeLessThan(28 * 1024);
  });
});
