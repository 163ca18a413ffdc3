import { afterAll, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { Content } from '../../src/handovers/handover.ts';
import { type Answer, titlesOf, wordsOn } from '../support/connector.ts';
import { PARTNERS, type Partners } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { PATHWAYS, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
afterAll(() => world.close());

/** Begins every marked text; nothing else in the system does. */
const MARK = 'Qxz';
const mark = (field: string): string => `${MARK}${field.replace(/\W/g, '')}`;

/** A handover with a mark in every field that holds more than a code or a time; by field, as it is shown. */
function marked(partners: Partners): { content: Content; shown: Map<string, string> } {
  const shown = new Map<string, string>();
  const text = (field: string): string => {
    shown.set(field, mark(field));
    return mark(field);
  };
  const texts = <K extends string>(group: string, ...names: K[]): Record<K, string> =>
    Object.fromEntries(names.map((name) => [name, text(`${group}.${name}`)])) as Record<K, string>;
  shown.set('person.dob', '19 Jul 1931');
  shown.set('person.nhsNumber', '999 000 0050');
  shown.set('plan.nextReview', '3 Feb 2031');
  const content: Content = {
    person: {
      ...texts('person', 'given', 'surname', 'address', 'phone', 'safeContact', 'language', 'communication'),
      postcode: text('person.postcode').slice(0, 10),
      dob: '1931-07-19',
      nhsNumber: '999 000 0050',
    },
    ask: {
      ...texts('ask', 'what', 'service'),
      urgency: partners.urgency,
      neededBy: '2026-11-30T18:00:00Z',
    },
    sbar: texts('sbar', 'situation', 'background', 'assessment', 'recommendation'),
    risk: { status: 'high', ...texts('risk', 'detail') },
    safeguarding: { status: 'open-concern', ...texts('safeguarding', 'detail') },
    consent: { status: 'public-interest', ...texts('consent', 'reason') },
    contacts: [texts('contacts', 'name', 'relation', 'phone')],
    plan: { ...texts('plan', 'interim'), nextReview: '2031-02-03' },
    adjustments: text('adjustments'),
    sceneSafety: text('sceneSafety'),
    allergies: text('allergies'),
    author: texts('author', 'name', 'role', 'phone'),
  };
  shown.set('person.postcode', content.person.postcode ?? '');
  return { content, shown };
}

/** None of these may be in an output that is for everybody. */
const FORBIDDEN = new RegExp(
  [MARK, '1931', '19 Jul', '999.?000.?0050', '2031-02-03', '3 Feb 2031'].join('|'),
  'i',
);

it.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))(
  'shows each marked field of a handover on %s to the entitled, and to nobody else anywhere',
  async (pathway, partners) => {
    clock.pass(31_000);
    const { accepter, coordinator, lead, theirs, ours } = await setScene(world, partners);
    const { content, shown } = marked(partners);
    const outputs: { what: string; text: string }[] = [];
    const searched = (what: string, text: string): void => void outputs.push({ what, text });
    const strangers = [
      world.stranger('Mallory'),
      world.person(pathway, pathway === 'riverside' ? 'patti' : 'gwen'),
      world.person(
        pathway === 'riverside' ? 'moorland' : 'riverside',
        pathway === 'riverside' ? 'noor' : 'patti',
      ),
    ];

    // Offered, with all of it; Teams refuses it at first, and says back what it was sent.
    const echoed = { error: { code: 'TooMany', message: `${mark('echoed')} ${content.person.dob}` } };
    const met = connector.fail({ status: 429, retryAfter: '1', body: echoed }, { times: 2 });
    const body = { from: partners.outside, to: partners.receiver, alias: mark('alias'), content };
    const first = await world.offers(pathway, body, `${MARK}key-${pathway}`);
    expect(first.status).toBe(201);
    searched('intake', first.text);
    await met;
    clock.pass(3_000);
    const { caseId } = first.body;
    const card = await connector.expect(theirs, caseId);
    const sent = await connector.expect(ours, caseId);

    // The entitled see every field.
    const seen = async (words: string[], on: Answer): Promise<void> => {
      words.push(wordsOn(on.card));
      if (titlesOf(on.card).includes('Next page')) await seen(words, await accepter.presses(on, 'Next page'));
    };
    const details: string[] = [];
    await seen(details, await accepter.presses(card, 'View details'));
    const own = details.join('\n');
    expect(shown.size).toBeGreaterThan(25);
    for (const [field, words] of shown) expect(own, field).toContain(words);
    const fields = fieldsOf(z.toJSONSchema(Content, { io: 'input' }) as JsonSchema);
    expect([...shown.keys(), ...CODED].sort()).toEqual(fields.sort());

    // Those who are not entitled press everything that they could, as messages too.
    for (const who of strangers) {
      for (const [place, on] of [
        [theirs, card],
        [ours, sent],
      ] as const) {
        for (const title of titlesOf(on.card)) {
          for (const where of [place, who.chat]) {
            const answer = await who.presses(on, title, { where });
            searched(`answer to ${who.who.name}, ${title}`, JSON.stringify(answer.body));
          }
        }
      }
      await who.says(`/case ${caseId}`);
      await who.says('/handovers all');
      clock.pass(2_500);
    }

    // Everything that may happen to it, with marks in what people write.
    const press = async (title: string, inputs: Record<string, string>, then: string): Promise<void> => {
      clock.pass(31_000);
      const form = await accepter.presses(card, title);
      await accepter.presses(form, title, { inputs });
      await connector.expectEdit(card, then);
      await connector.expect(ours, (post) => post.thread !== undefined && post.text.includes(caseId));
    };
    const accepted = await accepter.presses(card, 'Accept');
    expect(wordsOn(accepted.card)).toContain(mark('person.surname'));
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
    clock.pass(31_000);
    await accepter.presses(accepted, 'Undo');
    for (const place of [theirs, ours]) await connector.expect(place, 'undone');
    await connector.expectEdit(card, 'Ask for information');
    await press('Ask for information', { question: mark('question') }, 'Information requested');
    await connector.expectEdit(sent, 'Give information');
    clock.pass(31_000);
    const answering = await coordinator.presses(sent, 'Give information');
    expect(wordsOn(answering.card)).toContain(mark('question'));
    await coordinator.presses(answering, 'Give information', { inputs: { answer: mark('answer') } });
    await connector.expect(theirs, 'gave the information');
    await connector.expectEdit(card, 'Ask for information');
    await press('Reject', { reason: partners.reasons.clinical, next: mark('next') }, 'Rejected: ');
    await connector.expect(lead.chat, caseId);
    const refused = await coordinator.presses(sent, 'View details');
    expect(wordsOn(refused.card)).toContain(mark('next'));

    // Asked for in the channel, and typed there.
    for (const text of [
      `/case ${caseId}`,
      '/handovers all',
      `/case ${mark('typed')}`,
      `/${mark('command')}`,
    ]) {
      clock.pass(5_000);
      await accepter.says(text, theirs);
    }
    await accepter.says(`${mark('unread')} is worse tonight`, theirs);
    clock.pass(5_000);

    // What cannot be a handover, and what no route takes.
    const bad: [string, unknown][] = [
      ['a field that is not known', { ...body, [mark('field')]: mark('value') }],
      ['a date that is none', { ...body, content: { person: { given: mark('given'), dob: mark('dob') } } }],
      ['a provider that is not known', { ...body, to: mark('provider').toLowerCase() }],
      [
        'an urgency that is not known',
        { ...body, content: { ...content, ask: { urgency: mark('urgency') } } },
      ],
      ['a text that is too long', { ...body, content: { ...content, allergies: MARK.repeat(1_000) } }],
      ['a case that is not there', { ...body, caseId: mark('case') }],
      ['no JSON', `{"content": "${mark('broken')}`],
      ['a key that came before', { ...body, alias: mark('other') }],
    ];
    for (const [what, wrong] of bad) {
      const key = what.startsWith('a key') ? `${MARK}key-${pathway}` : undefined;
      const answer = await world.offers(pathway, wrong, key);
      expect([what, answer.status >= 400 && answer.status < 500]).toEqual([what, true]);
      searched(`problem: ${what}`, answer.text);
    }
    const unknown = await fetch(`${world.url}/api/cases/${mark('path')}?q=${mark('query')}`);
    searched('problem: unknown address', await unknown.text());
    const odd = await accepter.sends({ type: mark('type'), text: mark('odd') }, theirs);
    searched('answer to an odd activity', JSON.stringify(odd.body ?? ''));

    // Everything that came out, or that is kept under a name.
    await world.kept();
    const theirChats = new Set([accepter, coordinator, lead].map(({ chat }) => chat.conversationId));
    for (const { path, body: sentBody } of connector.requests) {
      const { summary = '', text = '', attachments } = (sentBody ?? {}) as Record<string, unknown>;
      const conversation = decodeURIComponent(path.split('/')[3] ?? '').split(';')[0] ?? '';
      searched('address asked of Teams', path);
      searched('notification', `${summary} ${attachments ? '' : text}`);
      // Also as it read before an edit. In their own chats the entitled may read more.
      if (!theirChats.has(conversation)) searched('message', JSON.stringify(sentBody ?? ''));
    }
    for (const line of world.logged().split('\n')) searched('log line', line);
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      const text = await (await fetch(`${world.url}${path}`)).text();
      for (const line of text.split('\n')) searched(`line of ${path}`, line);
    }
    for (const held of PATHWAYS) {
      for await (const { key, doc } of world.store.everything(held)) {
        searched('id', `${key.caseId} ${doc.id}`);
        for (const [list, place] of Object.entries(doc.lists ?? {}))
          searched('place on a list', `${list} ${place}`);
      }
    }

    const kinds = new Map<string, number>();
    for (const { what } of outputs) {
      const kind = what.split(/[:,]| to /)[0] ?? what;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    console.log(
      `${pathway}: ${shown.size} marked fields seen by the entitled, then looked for in ${outputs.length} outputs: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
    );
    for (const kind of ['notification', 'message', 'log line', 'line of /metrics', 'id', 'problem']) {
      expect([kind, kinds.get(kind) ?? 0]).not.toEqual([kind, 0]);
    }
    expect(outputs.filter(({ text }) => FORBIDDEN.test(text))).toEqual([]);
  },
);

/** Fields that hold a code of the agreement or a time, which shared cards may show in their own words. */
const CODED = [
  'person.marked',
  'ask.urgency',
  'ask.neededBy',
  'risk.status',
  'safeguarding.status',
  'consent.status',
];

/** Every field of what a handover says, by its path. */
function fieldsOf(schema: JsonSchema, path = ''): string[] {
  if (schema.items) return fieldsOf(schema.items, path);
  if (!schema.properties) return [path];
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    fieldsOf(inner, path ? `${path}.${name}` : name),
  );
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}
