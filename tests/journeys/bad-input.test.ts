import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, actionsOf, inputsOf, type Person, wordsOn } from '../support/connector.ts';
import { bodyFor, contentFor, MOORLAND, RIVERSIDE } from '../support/partners.ts';
import { type OfferShown, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const { accepter, coordinator, theirs, ours, offer } = await setScene(world, RIVERSIDE);
const moorland = await setScene(world, MOORLAND);
const isaiah = world.person('riverside', 'isaiah');
const patti = world.person('riverside', 'patti');
await world.reaches([isaiah], [patti]);

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** Does something, and shows that nothing was stored for it. */
async function leavesNothing<T>(act: () => Promise<T>): Promise<T> {
  const before = await world.kept();
  expect(before.length).toBeGreaterThan(2);
  const answer = await act();
  expect(await world.kept()).toEqual(before);
  return answer;
}

const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'bad', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text };
};

const MESSAGES = '/api/messages';
const INTAKE = '/api/pathways/riverside/handovers';
const LARGE = JSON.stringify({ type: 'message', text: 'x'.repeat(300_000) });

describe('over HTTP', () => {
  it.each([
    ['an activity that is not JSON', MESSAGES, '{"type": "mess', 400, /not well-formed JSON/],
    ['an activity that is a list', MESSAGES, '[]', 400, /JSON object/],
    ['an activity without its parts', MESSAGES, '{"type":"message"}', 400, /not a Bot Framework activity/],
    ['an oversized activity', MESSAGES, LARGE, 413, /larger than 256 KB/],
    ['an offer that is not JSON', INTAKE, '{"from": ', 400, /not well-formed JSON/],
    ['an oversized offer', INTAKE, LARGE, 413, /larger than 256 KB/],
    ['an offer that says nothing', INTAKE, '{}', 422, /Mend the fields listed/],
    [
      'an offer with what the schema does not know',
      INTAKE,
      JSON.stringify({ ...bodyFor(RIVERSIDE), actor: 'megan' }),
      422,
      /take out what the schema does not know/,
    ],
    [
      'an offer for an unknown pathway',
      '/api/pathways/nowhere/handovers',
      JSON.stringify(bodyFor(RIVERSIDE)),
      404,
      /no such pathway/,
    ],
    [
      'an offer to an unknown provider',
      INTAKE,
      JSON.stringify({ ...bodyFor(RIVERSIDE), to: 'elsewhere' }),
      404,
      /not a provider of this pathway/,
    ],
    [
      'an offer from an unknown partner',
      INTAKE,
      JSON.stringify({ ...bodyFor(RIVERSIDE), from: 'elsewhere' }),
      404,
      /not a partner of this pathway/,
    ],
    [
      'an offer about nobody',
      INTAKE,
      JSON.stringify({ from: 'riverside-general', to: 'st-annes', content: {} }),
      422,
      /cannot be a handover/,
    ],
    [
      'an offer with 10,000 characters in one field',
      INTAKE,
      JSON.stringify({
        ...bodyFor(RIVERSIDE),
        content: { ...contentFor(RIVERSIDE), sbar: { situation: 'x'.repeat(10_000) } },
      }),
      422,
      /at most 4,000 characters/,
    ],
  ])('refuses %s', async (_, path, body, status, words) => {
    const answer = await leavesNothing(() => post(path, body));
    expect(answer.status).toBe(status);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.text).toMatch(words);
    expect(answer.text).not.toMatch(/ at .*\.ts|stack|node_modules/);
  });

  it('needs a key for each offer, answers the same again as the first time, and refuses another body', async () => {
    const body = JSON.stringify(bodyFor(RIVERSIDE));
    const without = await leavesNothing(() => post(INTAKE, body, { 'idempotency-key': '' }));
    expect([without.status, without.text]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    const { caseId } = await offer();
    const first = await world.offers('riverside', bodyFor(RIVERSIDE), 'the-key');
    await connector.expect(theirs, first.body.caseId);
    await connector.expect(ours, first.body.caseId);
    const again = await leavesNothing(() => world.offers('riverside', bodyFor(RIVERSIDE), 'the-key'));
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await leavesNothing(() =>
      world.offers('riverside', bodyFor(RIVERSIDE, 'Somebody else'), 'the-key'),
    );
    expect([other.status, other.body.code]).toEqual([409, 'idempotency-mismatch']);
    expect(first.body.caseId).not.toBe(caseId);
  });

  it('does not offer a case twice at the same time', async () => {
    const { caseId } = await offer();
    const again = await leavesNothing(() => world.offers('riverside', { ...bodyFor(RIVERSIDE), caseId }));
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('on offer already')]);
  });

  it('keeps an NHS number that fails its check when a system sends it, with a warning for all to see', async () => {
    const content = contentFor(RIVERSIDE);
    const { card, sent } = await offer({
      from: 'riverside-general',
      to: 'st-annes',
      content: { ...content, person: { ...content.person, nhsNumber: '123 456 7890' } },
    });
    for (const shown of [card, sent]) {
      expect(wordsOn(shown.card)).toContain('The NHS number does not pass its check');
      expect(wordsOn(shown.card)).not.toContain('123 456 7890');
    }
    const details = await accepter.presses(card, 'View details');
    expect(wordsOn(details.card)).toContain('123 456 7890');
    expect(wordsOn(details.card)).toContain('The NHS number does not pass its check');
  });
});

describe('a pressed button', () => {
  let shown: OfferShown;
  let other: OfferShown;
  beforeEach(async () => {
    shown = await offer();
    other = await moorland.offer();
  });
  const forged = (data: Record<string, unknown>, who: Person = accepter) =>
    who.presses(shown.card, 'Accept', { forged: data as never });

  const table: [string, () => Promise<Answer>, RegExp][] = [
    [
      'with a verb that nobody knows',
      () =>
        accepter.sends(
          {
            type: 'invoke',
            name: 'adaptiveCard/action',
            value: { action: { type: 'Action.Execute', verb: 'handover.delete', data: {} } },
          },
          theirs,
        ),
      /Baton does not know this button/,
    ],
    [
      'with no data at all',
      () =>
        accepter.sends(
          {
            type: 'invoke',
            name: 'adaptiveCard/action',
            value: { action: { type: 'Action.Execute', verb: 'handover.accept' } },
          },
          theirs,
        ),
      /Nothing was stored, since this cannot be read/,
    ],
    ['with data of another kind', () => forged({ caseId: 7, handoverId: ['h1'] }), /Nothing was stored/],
    ['for a case that is not there', () => forged({ caseId: '7K2-M4Z' }), /There is no such case/],
    ['for another handover of the case', () => forged({ handoverId: 'h2' }), /There is no such case/],
    ['for a case of another pathway', () => forged({ caseId: other.caseId }), /There is no such case/],
    ['for another pathway', () => forged({ pathway: 'moorland', caseId: other.caseId }), /another pathway/],
    [
      'for a pathway that is not there, in person',
      () => accepter.presses(shown.card, 'Accept', { forged: { pathway: 'nowhere' }, where: accepter.chat }),
      /You are not on this pathway/,
    ],
    ['of an older revision', () => forged({ revision: 0 }), /This is how it stands now/],
    [
      'by somebody of another provider',
      () => isaiah.presses(shown.card, 'Accept'),
      /This was offered to St Anne's Hospice; you are signed in for Harbour Rapid Response\./,
    ],
    [
      'by somebody of another provider, with a name and a role of the receiver in its data',
      () =>
        forged(
          { actor: 'adele', person: 'adele', name: 'Adele Vance', provider: 'st-annes', role: 'clinician' },
          isaiah,
        ),
      /This was offered to St Anne's Hospice; you are signed in for Harbour Rapid Response\./,
    ],
    [
      'to see the details by somebody of another provider',
      () => isaiah.presses(shown.card, 'View details'),
      /This was offered to St Anne's Hospice/,
    ],
    [
      'by somebody on no pathway',
      () => world.stranger('Mallory', accepter.who.tenant).presses(shown.card, 'Accept'),
      /not on a pathway that Baton knows/,
    ],
    [
      'by somebody of another pathway',
      () => moorland.accepter.presses(shown.card, 'Accept', { where: theirs }),
      /not on (this|a) pathway/,
    ],
    [
      'by the account of somebody in another tenant',
      () =>
        connector
          .person({ ...accepter.who, tenant: 'tenant-of-mallory' }, `${world.url}/api/messages`)
          .presses(shown.card, 'Accept'),
      /not on a pathway that Baton knows/,
    ],
  ];
  it.each(table)('is refused %s', async (_, act, words) => {
    const answer = await leavesNothing(act);
    expect(answer.status).toBe(200);
    expect(read(answer)).toMatch(words);
    expect(read(answer)).not.toMatch(/Margaret|Penicillin/);
    expect(await world.holder('riverside', shown.caseId)).toBe('northside');
  });

  it('acts for whoever pressed it, whatever name its data gives', async () => {
    const answer = await forged({ actor: 'megan', person: 'megan', name: 'Megan Bowen' });
    expect(wordsOn(answer.card)).toContain('Accepted by Adele Vance');
    await connector.expectEdit(shown.card, 'Accepted by Adele Vance');
    await connector.expect(ours, 'Accepted by Adele Vance');
    const accepted = (await world.store.history({ pathwayId: 'riverside', caseId: shown.caseId })).find(
      ({ type }) => type === 'handover.accepted',
    );
    expect(accepted?.by).toMatchObject({ person: 'adele', provider: 'st-annes' });
  });

  it('is refused without the role, with the roles that may', async () => {
    const urgent = contentFor(RIVERSIDE);
    const { body } = await world.offers('riverside', {
      from: 'riverside-general',
      to: 'kindly',
      content: { ...urgent, ask: { ...urgent.ask, urgency: 'urgent-2h' } },
    });
    await connector.expect(ours, body.caseId);
    clock.pass(125_000);
    const card = await connector.expect(patti.chat, body.caseId);
    const answer = await leavesNothing(() => patti.presses(card, 'Accept'));
    expect(read(answer)).toMatch(/is accepted by Clinician on call or Clinical lead\. Ask a colleague/);
    const toDesk = await world.offers('moorland', {
      from: 'fell-therapy',
      to: 'moorland-council',
      content: contentFor(MOORLAND),
    });
    const atDesk = await connector.expect(moorland.ours, toDesk.body.caseId);
    await connector.expect(moorland.theirs, toDesk.body.caseId);
    const noor = await leavesNothing(() => moorland.coordinator.presses(atDesk, 'Accept'));
    expect(read(noor)).toMatch(/not part of your role \(Reablement desk\)/);
  });
});

describe('typed text', () => {
  it.each(['', ' ', '\n\t', '\u200b\u00ad\u2800', '\u202e \u200f'])(
    'counts %j as a reason that was not given',
    async (next) => {
      const { card } = await offer();
      const form = await accepter.presses(card, 'Reject');
      const answer = await leavesNothing(() =>
        accepter.presses(form, 'Reject', { inputs: { reason: 'no-capacity', next } }),
      );
      expect(wordsOn(answer.card)).toContain('Write what the sender should do next.');
    },
  );

  it('is refused above its length, kept in the form, and never cut', async () => {
    const { card } = await offer();
    const form = await accepter.presses(card, 'Reject');
    const answer = await leavesNothing(() =>
      accepter.presses(form, 'Reject', { inputs: { reason: 'no-capacity', next: 'é'.repeat(10_000) } }),
    );
    expect(read(answer)).toMatch(/at most 4,000 characters/);
  });

  it('shows as typed and formats nothing', async () => {
    const typed =
      '**bold** _x_ [link](https://example.org/a?b=c) <at>Baton</at> <b>html</b> ${who} ${person.given} {{x}} \\n "quoted" 👩🏽‍⚕️ \u202egnorw\u202c \u200bzero\u200b # title\n- line';
    const { card, sent } = await offer();
    const form = await accepter.presses(card, 'Ask for information');
    await accepter.presses(form, 'Ask for information', { inputs: { question: typed } });
    await connector.expectEdit(card, 'Information requested');
    await connector.expect(ours, 'asks for information');
    await connector.expectEdit(sent, 'Give information');
    const details = await coordinator.presses(sent, 'View details');
    const runs: unknown[] = [];
    const blocks: unknown[] = [];
    JSON.stringify(details.card, (_key, value) => {
      if (value?.type === 'TextRun') runs.push(value.text);
      if (value?.type === 'TextBlock') blocks.push(value.text);
      return value;
    });
    expect(runs).toContain(typed);
    expect(JSON.stringify(blocks)).not.toContain('bold');
    expect(actionsOf(details.card).length).toBeGreaterThan(0);
  });

  it('is refused as an NHS number of the form when its check fails, and everything typed stays', async () => {
    await isaiah.says('/handover');
    const form = await connector.expect(isaiah.chat, 'Step 1 of 4');
    const answer = await isaiah.presses(form, 'Next', {
      inputs: { 'person.given': 'Rosa', 'person.nhsNumber': '943 476 5918' },
    });
    expect(wordsOn(answer.card)).toContain('This is not a valid NHS number');
    expect(inputsOf(answer.card)).toMatchObject({
      'person.given': 'Rosa',
      'person.nhsNumber': '943 476 5918',
    });
  });

  it('is not repeated when it is an NHS number in a channel: delete it, ask in person', async () => {
    await leavesNothing(async () => {
      await accepter.mentions('/case 943 476 5919', theirs);
      await accepter.says('/943-476-5919', theirs);
    });
    for (let times = 0; times < 2; times++) {
      const line = await connector.expect(theirs, 'Delete your message');
      expect(line.text).toContain('in our personal chat');
      expect(JSON.stringify(line.activity)).not.toMatch(/943.?476.?5919/);
    }
    expect(world.logged()).not.toMatch(/943.?476.?5919/);
  });
});
