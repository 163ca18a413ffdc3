import { describe, expect, it } from 'vitest';
import type { Route } from '../../../src/core/change.ts';
import { routeName } from '../../../src/core/change.ts';
import { acknowledge } from '../../../src/escalations/answers.ts';
import type { Escalation, Matter, Subject } from '../../../src/escalations/escalation.ts';
import { escalationPresenter, type PromptDeps, promptPresenter } from '../../../src/escalations/presenter.ts';
import { end, step } from '../../../src/escalations/rules.ts';
import type { PageNotice, Settled } from '../../../src/jobs/presenter.ts';
import { terms } from '../../support/pathway.ts';
import { at, begun, by, ground, matter, stands, TODAY } from './ground.ts';

const KEY = { pathwayId: 'testdale', caseId: '7K2-M4Z' };
const PROMPT = 'prompt:handover:h1#1';
const nina = { to: 'person', person: 'nina' } as const;

const asked = begun();
const held = stands(acknowledge(ground({ by: by('nina') }), asked, 1, 'nina'));
const over = stands(end(ground({ by: by('nina') }), asked, 'accepted'));

/** What presenters stand on, over one escalation; what was recorded as undelivered goes to `missed`. */
function depsOf(escalation: Escalation | undefined, missed: string[] = [], about?: Subject): PromptDeps {
  return {
    store: { get: async () => undefined },
    agreements: {
      inForce: async () => ({ version: 2, since: at(-999), terms: TODAY }),
      termsAt: async () => terms,
    },
    escalations: {
      present: async () => escalation,
      subjectOf: () => about,
      headOf: () => 'case',
      undelivered: async (_loaded, prompt, person, now) => {
        missed.push(`${prompt} to ${person} at ${now}`);
        return { removed: ['told'] };
      },
      unpaged: async (_loaded, prompt, now) => {
        missed.push(`${prompt} paged at ${now}`);
        return { removed: ['paged'] };
      },
    },
  };
}

const presenterOf = (escalation: Escalation | undefined, missed: string[] = []) =>
  promptPresenter(depsOf(escalation, missed));

describe('who is told instead, of a line where nobody is reached', () => {
  const holding = (routes: readonly Route[]): Subject => ({
    head: 'case',
    matter: async (): Promise<Matter> => matter({ routes: { receiver: [], holder: routes } }),
    resolved: async () => ({}),
    face: async () => undefined,
  });
  const channel: Route = { to: 'channel', provider: 'prime' };
  const cora: Route = { to: 'person', person: 'cora' };
  const subject = 'escalation:handover:h1';

  it.each([
    ['the channel', [channel]],
    ['an author', [cora]],
    ['both', [cora, channel]],
  ])('comes to an end, whoever of those that hold it is told first: %s', async (_, routes) => {
    const presenter = escalationPresenter(depsOf(asked, [], holding(routes)));
    const said: string[] = [];
    for (let next: readonly Route[] = routes; next.length > 0; ) {
      said.push(...next.map(routeName));
      expect(said.length).toBeLessThan(20);
      next = (await Promise.all(next.map((one) => presenter.fallbacks(KEY, subject, one)))).flat();
    }
    expect(said.length).toBeGreaterThan(routes.length);
    expect(said).toContain(routeName(channel));
  });

  it('is the channel for an author alone, not for those who stand in for it', async () => {
    const { fallbacks } = escalationPresenter(depsOf(asked, [], holding([cora])));
    expect(await fallbacks(KEY, subject, cora)).toEqual([channel]);
    const people = await fallbacks(KEY, subject, channel);
    expect(people.map(routeName)).not.toContain('person:cora');
    expect(people.length).toBeGreaterThan(0);
    for (const one of people) expect(await fallbacks(KEY, subject, one)).toEqual([]);
  });
});

describe('the card of a prompt', () => {
  const subject: Subject = {
    head: 'case',
    matter: async () => matter({}),
    resolved: async () => ({}),
    face: async () => ({
      who: 'MT',
      between: 'Prime to Hospice',
      urgency: 'urgent',
      standing: 'Answer was due 14:30 today.',
      heldBy: 'Held by Prime.',
      ring: '0300 000 0001',
      buttons: [],
    }),
  };
  const passed = stands(step(ground({ now: at(60) }), asked));

  it.each([
    ['is posted while it waits', asked, false],
    ['is only changed where it stands once somebody is on it', held, true],
    ['is only changed where it stands once it was passed on', passed, true],
    ['is only changed where it stands once it is over', over, true],
  ])('%s', async (_, escalation, editOnly) => {
    const presenter = promptPresenter(depsOf(escalation, [], subject));
    const shown = await presenter.show(KEY, PROMPT, nina, at(61));
    expect(shown?.revision).toBe(escalation.revision);
    expect(shown?.editOnly ?? false).toBe(editOnly);
    expect(shown?.view.data).toMatchObject({ may: { acknowledge: !editOnly } });
  });

  it('is not there for a prompt that never was, nor for a channel', async () => {
    const presenter = promptPresenter(depsOf(asked, [], subject));
    expect(await presenter.show(KEY, 'prompt:handover:h1#7', nina, at(1))).toBeUndefined();
    expect(await presenter.show(KEY, PROMPT, { to: 'channel', provider: 'hospice' }, at(1))).toBeUndefined();
  });
});

describe('a reminder', () => {
  const reminder = { form: 'tell', subject: PROMPT, route: nina, line: 'escalation.reminder' } as const;

  it.each([
    ['is said while its prompt waits', asked, PROMPT, true],
    ['is not said once somebody is on it', held, PROMPT, false],
    ['is not said once it is over', over, PROMPT, false],
    ['is not said of a prompt that is not there', asked, 'prompt:handover:h1#7', false],
    ['is not said where nothing climbs', undefined, PROMPT, false],
  ])('%s', async (_, escalation, subject, said) => {
    const words = await presenterOf(escalation).tell(KEY, { ...reminder, subject }, at(20));
    expect(words !== undefined).toBe(said);
    if (said) expect(words).toMatch(/^Case 7K2-M4Z: Reminder: /);
  });
});

describe('a page', () => {
  const page: PageNotice = {
    form: 'tell',
    subject: PROMPT,
    route: { to: 'pager', provider: 'prime' },
    line: 'escalation.raised',
  };

  it.each([
    ['names the number of whoever holds the case', asked, '0300 000 0001'],
    ['no longer matters once somebody is on it', held, undefined],
    ['no longer matters once it is over', over, undefined],
  ])('%s', async (_, escalation, number) => {
    expect(await presenterOf(escalation).ring?.(KEY, page, at(1))).toBe(number);
  });
});

describe('what became of a prompt', () => {
  const shown: Settled = { subject: PROMPT, form: 'show', route: nina, outcome: 'failed', now: at(3) };
  const loaded = { key: KEY, head: undefined, get: async () => undefined };

  it('is recorded where it could not be brought to its person', async () => {
    const missed: string[] = [];
    expect(await presenterOf(asked, missed).settled(loaded, shown)).toEqual({ removed: ['told'] });
    expect(missed).toEqual([`${PROMPT} to nina at ${at(3)}`]);
  });

  it('is recorded where the paging service did not take the call', async () => {
    const missed: string[] = [];
    const call: Settled = {
      ...shown,
      form: 'tell',
      route: { to: 'pager', provider: 'prime' },
      line: 'escalation.raised',
    };
    expect(await presenterOf(asked, missed).settled(loaded, call)).toEqual({ removed: ['paged'] });
    expect(missed).toEqual([`${PROMPT} paged at ${at(3)}`]);
  });

  it.each<[string, Settled]>([
    ['that arrived', { ...shown, outcome: 'sent' }],
    ['of a line', { ...shown, form: 'tell', line: 'escalation.reminder' }],
    ['in a channel', { ...shown, route: { to: 'channel', provider: 'hospice' } }],
  ])('changes nothing for one %s', async (_, what) => {
    const missed: string[] = [];
    expect(await presenterOf(asked, missed).settled(loaded, what)).toEqual({});
    expect(missed).toEqual([]);
  });
});
