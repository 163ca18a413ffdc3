import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRenderer, MAX_CARD_BYTES } from '../../../src/teams/render.ts';
import { complaintsAbout } from '../../support/card-reader.ts';
import { actionsOf, type Card, wordsOn } from '../../support/posts.ts';
import { cardFolder } from './world.ts';

const folder = cardFolder({
  'things/words': {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '${words}' }] },
      { type: 'TextBlock', $when: '${shown}', text: 'sometimes' },
    ],
    actions: [
      { type: 'Action.Execute', title: 'Accept', verb: 'thing.accept', style: 'positive', data: '${ref}' },
      { type: 'Action.OpenUrl', title: 'Read', url: 'https://example.org' },
    ],
  },
  'things/words.sample': { words: 'x' },
});
const { render } = createRenderer(folder);
const view = (words: string, extra: object = {}) => ({
  card: 'things/words',
  data: { words, shown: false, ref: { caseId: '7K2-04', revision: 3 }, ...extra },
  summary: 'A thing waits',
});
const textOf = (card: Card): unknown =>
  (card as { body: { inlines: { text: string }[] }[] }).body[0]?.inlines[0]?.text;

describe('a card from its template', () => {
  it('shows whatever anybody typed as they typed it', () => {
    const special = fc.constantFrom(
      '${words}',
      '${',
      '}',
      '**x**',
      '\\',
      '"',
      '`',
      '\u202e',
      '\u200b',
      '👩🏽‍⚕️',
    );
    const typed = fc
      .array(fc.oneof(special, fc.string({ unit: 'binary' })), { maxLength: 8 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(typed, (words) => {
        fc.pre(words !== '' && !words.includes('\uFDD0'));
        expect(textOf(render(view(words)))).toBe(words);
      }),
    );
  });

  it('says which field has no data, and repeats nothing of the rest', () => {
    const bare = { card: 'things/words', data: { shown: false, ref: {}, secret: 'Margaret' }, summary: 's' };
    expect(() => render(bare)).toThrow('card things/words: no data for ${words}');
  });

  it('names a card that is not there, and takes no sample for a card', () => {
    expect(() => render({ ...view('x'), card: 'things/other' })).toThrow('no card things/other');
    expect(() => render({ ...view('x'), card: 'things/words.sample' })).toThrow('no card');
  });

  it('refuses a card that some client would not take', () => {
    expect(() => render(view('é'.repeat(MAX_CARD_BYTES / 2)))).toThrow('Page it');
    expect(render(view('e'.repeat(MAX_CARD_BYTES - 2_000)))).toBeDefined();
  });

  it('gives old clients a button with the same data behind every button', () => {
    const card = render(view('x'));
    const [accept, read] = card.actions as { fallback?: object }[];
    expect(accept).toMatchObject({
      type: 'Action.Execute',
      verb: 'thing.accept',
      data: { caseId: '7K2-04', revision: 3 },
      fallback: {
        type: 'Action.Submit',
        title: 'Accept',
        style: 'positive',
        data: { caseId: '7K2-04', revision: 3, verb: 'thing.accept' },
      },
    });
    expect(read).not.toHaveProperty('fallback');
  });

  it('has only buttons that a dialog knows, in a dialog', () => {
    const actions = actionsOf(render(view('x'), { dialog: true }));
    expect(actions).toEqual([
      {
        type: 'Action.Submit',
        title: 'Accept',
        verb: 'thing.accept',
        withInputs: true,
        data: { caseId: '7K2-04', revision: 3, verb: 'thing.accept' },
      },
    ]);
  });

  it('keeps data that looks like a button as data', () => {
    const ref = { inner: { type: 'Action.Execute', verb: 'thing.other' } };
    const [accept] = render(view('x', { ref })).actions as { data: object }[];
    expect(accept?.data).toEqual(ref);
  });

  it('is understood by the client’s own parser, with its summary for clients without cards', () => {
    const card = render(view('x', { shown: true }));
    expect(card.fallbackText).toBe('A thing waits');
    expect(wordsOn(card)).toContain('sometimes');
    expect(complaintsAbout(card)).toEqual([]);
  });
});
