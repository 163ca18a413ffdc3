import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, paged, pieces, splitAt } from '../../../src/core/pages.ts';
import type { CardView } from '../../../src/core/routes.ts';
import { answerForm } from '../../../src/handovers/cards-forms.ts';
import { acceptedAnswer, detailsCard, noteCard } from '../../../src/handovers/cards-private.ts';
import type { Content } from '../../../src/handovers/handover.ts';
import { handoverNote } from '../../../src/handovers/note.ts';
import { createRenderer } from '../../../src/teams/render.ts';
import {
  accepted,
  asked,
  caseOf,
  expand,
  filledWith,
  NOW,
  nodes,
  offered,
  rejected,
  terms,
} from './cards-fixture.ts';

const renderer = createRenderer(new URL('../../../cards/', import.meta.url));
const bytes = (view: CardView): number => Buffer.byteLength(JSON.stringify(renderer.render(view)));
const ALL = { accept: true, reject: true, ask: true } as const;

/** The cards for those entitled, all pages of them. */
function privateViews(content: Content): CardView[] {
  const open = asked(
    { questions: [{ asked: content.sbar.situation ?? '?', by: { system: 'x' }, at: NOW }] },
    content,
  );
  const taken = accepted({}, content);
  const pages = (view: (page: number) => CardView, more: (data: never) => boolean): CardView[] => {
    const all: CardView[] = [];
    for (let page = 1; page === 1 || more(all.at(-1)?.data as never); page += 1) all.push(view(page));
    return all;
  };
  return [
    ...pages(
      (page) => detailsCard(open, caseOf(open), terms, NOW, ALL, { page }),
      (data: { may: { next: boolean } }) => data.may.next,
    ),
    ...pages(
      (page) => noteCard(taken, caseOf(taken), terms, page),
      (data: { may: { more: boolean } }) => data.may.more,
    ),
    acceptedAnswer(taken, caseOf(taken), terms, NOW),
    answerForm(open, caseOf(open), terms),
  ];
}

const HOSTILE = {
  markdown: '**bold** _it_ # h\n- item [link](https://evil.example) <b>x</b>',
  expression: '${person.surname} ${$root} ${1+1}',
  rightToLeft: '\u202eabc\u200f שלום',
  zeroWidth: 'a\u200bb\u2060c\ufeff',
  emoji: '👩‍⚕️🏥',
  quotes: '"\\" \\n {"type":"Action.Submit"}',
};

describe('text that somebody typed', () => {
  it.each(Object.entries(HOSTILE))('appears as typed and formats nothing: %s', (_, text) => {
    const views = privateViews(filledWith(text));
    const cards = views.map((view) => renderer.render(view) as Record<string, unknown>);
    const runs = cards.flatMap((card) => [...nodes(card)].filter((node) => node.type === 'TextRun'));
    expect(runs.filter((run) => run.text === text).length).toBeGreaterThan(10);
    const formatted = cards.flatMap((card) =>
      [...nodes(card)].flatMap((node) => [
        node.type === 'TextBlock' ? node.text : '',
        node.title ?? '',
        node.label ?? '',
      ]),
    );
    expect(formatted.filter((words) => String(words).includes(text))).toEqual([]);
  });

  it.each([
    ['4,000 letters', 'x'.repeat(4_000)],
    ['4,000 characters of three bytes', '語'.repeat(4_000)],
    ['2,000 emoji', '🏥'.repeat(2_000)],
    ['4,000 line ends', 'a\n'.repeat(2_000)],
    ['4,000 quotation marks', '"'.repeat(4_000)],
  ])('fits Teams in full, page by page: %s in every field', (_, text) => {
    const given = filledWith(text);
    const short = (value: string): string => value.slice(0, 100);
    const content: Content = {
      ...given,
      person: {
        ...given.person,
        given: short(text),
        surname: short(text),
        nhsNumber: text.slice(0, 20),
        safeContact: text.slice(0, 500),
      },
    };
    const views = privateViews(content);
    for (const view of views) expect(bytes(view), view.card).toBeLessThan(28 * 1024);
    const details = views.filter((view) => view.card === 'handovers/details');
    const words = details
      .flatMap((view) => [...nodes(expand(view))])
      .filter((node) => node.type === 'TextRun')
      .map((node) => node.text)
      .join('');
    const count = (whole: string): number => whole.split('').filter((one) => one === text[0]).length;
    // Ten fields hold the whole text; nothing of them is left out.
    expect(count(words)).toBeGreaterThanOrEqual(10 * count(text));
    const note = views.filter((view) => view.card === 'handovers/note');
    expect(note.map((view) => (view.data as { note: string }).note).join('')).toBe(
      handoverNote(accepted({}, content), terms),
    );
  });
});

describe('the pages of a long handover', () => {
  it('lose and repeat nothing, and cut no character in two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), {
          minLength: 1,
          maxLength: 30,
        }),
        (texts) => {
          const entries = texts.map((text, at) => ({ label: `${at}`, text }));
          const pages = paged([{ title: 'T', tone: 'default', entries }], 4_000);
          const shown = pages.flat().flatMap((section) => section.entries);
          expect(shown.map((entry) => entry.text).join('')).toBe(texts.join(''));
          for (const entry of shown) expect(entry.text.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  it('are split by bytes as they travel', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 12, max: 200 }), (text, limit) => {
        const [start, rest] = splitAt(text, limit);
        expect(start + rest).toBe(text);
        expect(bytesOf(start)).toBeLessThanOrEqual(limit);
        expect(pieces(text, limit).join('')).toBe(text);
      }),
    );
  });

  it('answer a page that does not exist with the nearest', () => {
    const view = (page: number) => detailsCard(offered(), caseOf(offered()), terms, NOW, ALL, { page });
    expect(view(99)).toEqual(view(1));
    expect(view(-1)).toEqual(view(1));
    expect(view(Number.NaN)).toEqual(view(1));
  });
});

describe('the details', () => {
  const data = (view: CardView) => JSON.stringify(expand(view));

  it('begin with safeguarding and risk', () => {
    const text = data(detailsCard(offered(), caseOf(offered()), terms, NOW, {}));
    expect(text.indexOf('Safeguarding and risk')).toBeGreaterThan(0);
    expect(text.indexOf('Safeguarding and risk')).toBeLessThan(text.indexOf('The request'));
    expect(text).toContain('943 476 5919');
    expect(text).toContain('Ring her daughter first');
  });

  it('say "Not given" where nothing was given', () => {
    const empty: Content = {
      person: {},
      ask: {},
      sbar: {},
      risk: {},
      safeguarding: {},
      consent: {},
      contacts: [],
      plan: {},
      author: {},
    };
    const bare = offered({}, empty);
    const text = data(detailsCard(bare, caseOf(bare), terms, NOW, {}));
    expect(text).toContain('Name not given');
    expect(text.match(/Not given/g)?.length).toBeGreaterThan(10);
    expect(text).not.toContain('undefined');
    expect(handoverNote(bare, terms)).toContain('Allergies: Not given');
  });

  it('tell the sender what to do next after a rejection', () => {
    const text = data(detailsCard(rejected(), caseOf(rejected()), terms, NOW, { another: true }));
    expect(text).toContain('Try the night team');
    expect(text).toContain('Offer to another');
    expect(text).not.toContain('"Accept"');
  });
});

describe('the answer to Accept', () => {
  const view = (now: string) =>
    JSON.stringify(expand(acceptedAnswer(accepted(), caseOf(accepted()), terms, now)));

  it('says whom, what, by when, what could harm and how to make contact', () => {
    for (const words of [
      'Margaret Kowalska',
      '7 Mar 1941',
      '943 476 5919',
      'Assess pain',
      'Needed by 16:30 today',
      'Falls at night',
      'Penicillin',
      'Ring her daughter first',
      'HANDOVER NOTE 7K2-04',
      'You can undo this until 14:48 today',
    ]) {
      expect(view(NOW)).toContain(words);
    }
  });

  it('offers Undo for as long as it works', () => {
    expect(view('2026-11-24T14:48:00.000Z')).toContain('handover.undo');
    expect(view('2026-11-24T14:48:00.001Z')).not.toContain('handover.undo');
  });
});

it('the note is in SBAR order, in plain text', () => {
  const note = handoverNote(accepted(), terms);
  const order = [
    'Margaret Kowalska',
    'SITUATION',
    'BACKGROUND',
    'ASSESSMENT',
    'RECOMMENDATION',
    'READBACK',
    'Accepted by Sam',
  ];
  const places = order.map((words) => note.indexOf(words));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
});
