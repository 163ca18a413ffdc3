import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import type { PersonActor } from '../../src/core/actors.ts';
import { isApart } from '../../src/core/apart.ts';
import { systemChance } from '../../src/core/chance.ts';
import { newRegisterId } from '../../src/core/register-id.ts';
import { writeDigest } from '../../src/digest-file.ts';
import { replay } from '../../src/dry-run.ts';
import { Told } from '../../src/safeguarding/told.ts';
import { exportPathway } from '../../src/store/export.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { verified } from '../../src/verified.ts';
import { wire } from '../../src/wire.ts';
import { type Answer, type Person, titlesOf, wordsOn } from '../support/connector.ts';
import { type Tried, watched } from '../support/outsiders.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { startWorld, TERMS } from '../support/world.ts';

const pathway = 'riverside';
const TENANT = '00000000-0000-0000-0000-000000000001';
/** People who have no part in the demo: a manager, somebody whom a typed name means, and a bystander at each partner. */
const MORE: readonly (readonly [key: string, name: string, provider: string, role: string])[] = [
  ['hari', 'Hari Anand', 'harbour', 'duty-manager'],
  ['quillan', 'Quillan Osterley', 'st-annes', 'safeguarding-deputy'],
  ['bram', 'Bram Teller', 'northside', 'coordinator'],
  ['noor', 'Noor Aziz', 'st-annes', 'clinician'],
  ['hugo', 'Hugo Marsh', 'harbour', 'clinician'],
  ['kit', 'Kit Lowell', 'kindly', 'visits-coordinator'],
];
const accountOf = (key: string): string => `object-of-${key}`;
const peopleYaml = MORE.map(
  ([key, name, provider, role]) =>
    `  - key: ${key}\n    name: ${name}\n    accounts:\n      - { tenant: ${TENANT}, objectId: ${accountOf(key)} }\n    positions:\n      - { provider: ${provider}, role: ${role} }\n`,
).join('');

const world = await startWorld({
  agreed: {
    riverside: (text) =>
      text
        .replace('\npeople:\n', `\npeople:\n${peopleYaml}`)
        .replace('\n  manages:\n', '\n  manages:\n    - { manager: hari, of: [lynne] }\n'),
  },
});
const { connector, clock, store } = world;
afterAll(() => world.close());
const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });

const demo = (key: string): Person => world.person(pathway, key);
const more = (key: string): Person =>
  connector.person(
    { name: MORE.find(([one]) => one === key)?.[1] ?? key, tenant: TENANT, objectId: accountOf(key) },
    `${world.url}/api/messages`,
  );
const [alex, adele, patti, kit] = [demo('alex'), demo('adele'), demo('patti'), more('kit')];
/** Nobody of these may know: named, their manager, whom the typed name may mean, who answers for others, bystanders. */
const outsiders: readonly (readonly [string, Person])[] = [
  ['the named', demo('lynne')],
  ['their manager', more('hari')],
  ['whom the typed name may mean', more('quillan')],
  ['on call for other concerns', demo('isaiah')],
  ['lead of the prime for other concerns', demo('megan')],
  ['bystander at the prime', more('bram')],
  ['bystander at the hospice', more('noor')],
  ['bystander at the provider of the named', more('hugo')],
  ['bystander at the charity', kit],
  ['somebody of another pathway', world.person('moorland', 'noor')],
  ['somebody of no pathway', world.stranger('Mallory')],
];
const channels = ['northside', 'st-annes'].map((provider) => world.channel(pathway, provider));

/** Begins every marked text; nothing else in the system does. */
const MARK = 'Qxz';
const mark = (field: string): string => `${MARK}${field.replace(/\W/g, '')}`;
const marks: string[] = [];
const text = (field: string): string => {
  marks.push(mark(field));
  return mark(field);
};

/** A mark in every field that is not a code, a day or a number. */
const told: Told = Told.parse({
  person: {
    given: text('given'),
    surname: text('surname'),
    dob: '1931-07-19',
    nhsNumber: '9990000050',
    whereNow: text('whereNow'),
  },
  age: 'adult',
  categories: ['financial'],
  facts: text('facts'),
  opinion: text('opinion'),
  when: text('when'),
  happenedAt: '2026-11-23T08:17:00.000Z',
  where: text('where'),
  danger: 'yes',
  dangerDone: text('dangerDone'),
  harm: text('harm'),
  othersAtRisk: 'yes',
  othersWho: text('othersWho'),
  children: 'yes',
  ongoing: 'yes',
  discussed: 'yes',
  consent: 'without',
  withoutConsent: 'coercion',
  capacity: 'yes',
  views: text('views'),
  wanted: text('wanted'),
  communication: text('communication'),
  alleged: text('alleged'),
  relation: text('relation'),
  staff: 'yes',
  evidence: text('evidence'),
  safeContact: text('safeContact'),
  policeReference: text('policeReference'),
});
const TYPED_NAME = `${text('typed')} Osterley`;
const byPatti: PersonActor = {
  kind: 'person',
  person: 'patti',
  name: 'Patti Fernandez',
  positions: [{ provider: 'kindly', role: 'visits-coordinator' }],
};

/** In no output for anybody who may not know. */
const FORBIDDEN = new RegExp(
  [MARK, '1931-07-19', '19 Jul', '999.?000.?0050', '23 Nov, 08:17'].join('|'),
  'i',
);

const outputs: { readonly what: string; readonly text: string }[] = [];
const searched = (what: string, words: string): void => void outputs.push({ what, text: words });
const settled = (): Promise<string[]> => world.kept();
const { says, forges } = watched(connector);

/** Every press is counted, whatever it is about, and how long ago the last look at what is due was changes by itself. */
const COUNTS_ALL = /baton_http_request|^baton_behind_seconds /;

/** What is served to whoever looks. */
async function served(): Promise<string[]> {
  const lines: string[] = [];
  for (const path of ['/metrics', '/readyz', '/readyz/traffic', '/healthz']) {
    lines.push(...(await (await fetch(`${world.url}${path}`)).text()).split('\n'));
  }
  return lines.filter((line) => !COUNTS_ALL.test(line));
}

/** What the outside of a concern is made of: every other document, and what is served. */
async function outside(): Promise<string[]> {
  const kept = (await settled()).filter((line) => !isApart(line.split(' ')[1] ?? ''));
  return [...kept, ...(await served())];
}

/** What leaves the store for whoever runs Baton, as texts by name. */
async function takenOut(): Promise<readonly (readonly [string, string])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-canary-'));
  try {
    const files = join(folder, 'export');
    await exportPathway(store, pathway, files, clock.now());
    const exported = readdirSync(files).map(
      (file) => [`export ${file}`, readFileSync(join(files, file), 'utf8')] as const,
    );
    const found = await verifyPathway(store, pathway);
    const checked = verified(found, false);
    const digest = { csv: join(folder, 'digest.csv'), print: join(folder, 'digest.txt') };
    await writeDigest(wired, pathway, digest, clock.now());
    const reconciled = await wired.reconcile(pathway);
    const days = { from: '2026-11-20', to: '2026-11-30' };
    return [
      ...exported,
      ['verify', JSON.stringify(checked)],
      ['digest csv', readFileSync(digest.csv, 'utf8')],
      ['digest page', readFileSync(digest.print, 'utf8')],
      ['reconcile', JSON.stringify(reconciled)],
      ['figures', JSON.stringify(await wired.figures(pathway, days))],
      ['replay', JSON.stringify(await replay(store, clock, TERMS.riverside, { days: 30 }))],
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What everybody who may not know reads when they ask for all that there is, by who asked for what. */
async function asksForAll(): Promise<ReadonlyMap<string, string>> {
  const read = new Map<string, string>();
  for (const [, person] of outsiders) {
    for (const { command } of wired.typed) {
      for (const args of ['', ' all']) {
        clock.pass(60);
        const { what, came } = await says(person, `${command}${args}`);
        // Some say when they were made.
        read.set(what, came.replaceAll(/\d\d:\d\d/g, '(at)'));
      }
    }
  }
  return read;
}

/** Turns every page of an opened concern. */
async function allOf(who: Person, on: Answer): Promise<string> {
  const words = wordsOn(on.card);
  if (!titlesOf(on.card).includes('Next page')) return words;
  return `${words}\n${await allOf(who, await who.presses(on, 'Next page', { where: who.chat }))}`;
}

/** What may follow a command, with an id in each of the ways in which somebody may type it. */
const argsWith = (id: string): string[] => [id, `concern:${id}`, `Concern ${id}`, `case concern:${id}`];

/** What a button may carry to get at a concern, whatever the verb reads. */
const forgedFor = (id: string): object[] => {
  const carried = {
    pathway,
    revision: 1,
    page: 1,
    n: 1,
    list: 'all',
    after: '',
    handover: 'h1',
    handoverId: 'h1',
    answer: 'no',
    kind: 'concern',
    subject: `concern:${id}`,
    escalation: `concern:${id}`,
    action: 'a1',
    text: `/concerns ${id}`,
    step: 'danger',
  };
  return [
    { ...carried, concern: id, case: `concern:${id}`, caseId: `concern:${id}`, a: `concern:${id}`, b: id },
    { ...carried, concern: `concern:${id}`, case: id, caseId: id, a: id, b: `concern:${id}` },
  ];
};

describe('a concern with a mark in every field', () => {
  let id = '';
  let caseId = '';
  let before: readonly string[] = [];
  const stable = new Map<string, string>();
  let takenBefore: readonly (readonly [string, string])[] = [];
  const unknown = newRegisterId(Math.random);

  /** What came of a try, where it differs from what came of the same try with a number that nothing has. */
  function unlike(hidden: Tried, none: Tried): readonly string[] {
    const [one, other] = [hidden.came.replaceAll(id, unknown), none.came];
    if (one === other) return [];
    const at = [...one].findIndex((letter, n) => letter !== other[n]);
    const near = (came: string): string => came.slice(Math.max(0, at - 60), at + 60);
    return [hidden.what, near(one), near(other)];
  }

  /** Everything that Baton posted or edited since the last time, but what the entitled read in their own chats. */
  let read = 0;
  function searchMessages(): void {
    const theirs = new Set([alex, adele, patti].map(({ chat }) => chat.conversationId));
    for (const { path, body } of connector.requests.slice(read)) {
      const { summary = '', text: words = '', attachments } = (body ?? {}) as Record<string, unknown>;
      const conversation = decodeURIComponent(path.split('/')[3] ?? '').split(';')[0] ?? '';
      searched('toast', `${summary} ${attachments ? '' : words}`);
      if (!theirs.has(conversation)) searched('message', JSON.stringify(body ?? ''));
    }
    read = connector.requests.length;
  }

  it('is raised, and changes nothing beside itself', async () => {
    const all = [alex, adele, patti, ...outsiders.slice(0, -2).map(([, who]) => who)];
    await world.reaches(...all.map((who) => [who] as const));
    for (const channel of channels) await world.reaches([alex, channel]);
    caseId = (await world.offers(pathway, bodyFor(RIVERSIDE))).body.caseId;
    for (const channel of channels) await connector.expect(channel, caseId);
    await settled();
    // What answers alike twice is told again the same, unless something has come between.
    const once = await asksForAll();
    for (const [what, came] of await asksForAll()) if (once.get(what) === came) stable.set(what, came);
    await settled();
    // The first time of something is recorded in a document of its own.
    await takenOut();
    takenBefore = await takenOut();
    before = await outside();

    const servedBefore = await served();
    const refused = connector.fail(
      { status: 429, retryAfter: '60' },
      { conversation: alex.chat.conversationId },
    );

    id = wired.concerns.newId();
    await wired.concerns.raise({ pathwayId: pathway, concernId: id }, byPatti, {
      told,
      named: [{ person: 'lynne' }, { typed: TYPED_NAME }],
      caseId,
      position: { provider: 'kindly', role: 'visits-coordinator' },
    });
    await refused;
    await connector.expect(patti.chat, id);
    // While a message about it waits.
    expect(await served()).toEqual(servedBefore);
    clock.pass(80_000);
    await connector.expect(alex.chat, id);
    expect(await outside()).toEqual(before);
  }, 240_000);

  it('shows every mark to somebody who may know', async () => {
    const notice = connector.posts(alex.chat).find((post) => JSON.stringify(post.activity).includes(id));
    if (!notice) throw new Error('no notice came');
    const opened = await alex.presses(notice, 'Open');
    const his = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    const form = await alex.presses(his, 'Record decision', { where: alex.chat });
    const written = [
      'policeWhy',
      'policeReference',
      'authorityWhy',
      'authorityReference',
      'wanted',
      'employer',
      'rationale',
    ];
    const decided = await alex.presses(form, 'Record', {
      where: alex.chat,
      inputs: {
        ...Object.fromEntries(written.map((field) => [field, text(`decided.${field}`)])),
        police: 'yes',
        policeDay: '2026-11-24',
        authority: 'yes',
        authorityDay: '2026-11-24',
        contact: 'adults',
        basis: 'public-task',
        met: 'partly',
        risk: 'reduced',
      },
    });
    expect(await wired.concerns.known(pathway, 'concerns', 'alex')).toMatchObject([{ decided: { by: {} } }]);
    clock.pass(5_000);
    const receipt = connector.posts(patti.chat).find((post) => JSON.stringify(post.activity).includes(id));
    if (!receipt) throw new Error('no receipt came');
    const adding = await patti.presses(receipt, 'Add to this concern');
    await patti.presses(adding, 'Add', {
      where: patti.chat,
      inputs: { facts: text('added facts'), opinion: text('added opinion'), danger: 'no' },
    });
    const again = await alex.presses(notice, 'Open');
    const seen = [await allOf(alex, again), await allOf(alex, opened), await allOf(alex, decided)].join('\n');
    expect(marks.length).toBeGreaterThan(15);
    for (const one of marks) expect(seen).toContain(one);
    expect(seen).toMatch(/999.?000.?0050/);
    const texts = fieldsOf(z.toJSONSchema(Told, { io: 'input' }) as JsonSchema);
    expect(
      texts.map((field) => mark(field.split('.').at(-1) ?? '')).filter((one) => !marks.includes(one)),
    ).toEqual([]);
    expect(await outside()).toEqual(before);
  });

  it('is in no list and no count that anybody else asks for', async () => {
    expect(stable.size).toBeGreaterThan(300);
    const now = await asksForAll();
    expect([...stable].filter(([what, came]) => now.get(what) !== came)).toEqual([]);
    expect(now.size).toBeGreaterThan(400);
    console.log(`${stable.size} of ${now.size} answers are the same as before it was raised`);
    for (const [what, came] of now) searched(`list: ${what}`, came);
    before = await outside();
  }, 240_000);

  it('says the same in a channel to those who may know, whether there is one or none', async () => {
    const aloud = async (who: Person, words: string) => {
      const from = connector.requests.length;
      clock.pass(60);
      await who.says(words, channels[0]);
      const there = connector.requests.slice(from).filter(({ path }) => path.includes(channelPath));
      return JSON.stringify(there.map(({ body }) => body));
    };
    const channelPath = encodeURIComponent(channels[0]?.conversationId ?? '');
    for (const who of [alex, adele, patti]) {
      const hidden = await aloud(who, `/concerns ${id}`);
      expect(hidden).toContain('in our personal chat');
      expect(hidden).not.toContain(id);
      for (const other of [`/concerns ${unknown}`, '/concerns nothing', '/concerns', '/concerns all'])
        expect([other, await aloud(who, other)]).toEqual([other, hidden]);
      searched('answer in a channel', hidden);
      searched('answer in a channel', await aloud(who, '/mine'));
    }
    for (const words of ['/concern', `/concern ${mark('aloud')}`])
      searched('answer in a channel', await aloud(alex, words));
  });

  it('that was begun and not sent is its author’s alone', async () => {
    await patti.says('/concern');
    const first = await connector.expect(patti.chat, 'Step 1 of');
    const second = await patti.presses(first, 'Next', {
      where: patti.chat,
      inputs: { danger: 'no', age: 'adult', categories: 'neglect' },
    });
    const third = await patti.presses(second, 'Next', {
      where: patti.chat,
      inputs: { facts: mark('begun'), when: mark('begun when') },
    });
    expect(JSON.stringify(third.card)).toContain('Step 3 of');
    expect(await outside()).toEqual(before);
  });

  it('has left no trace where anybody else reads', async () => {
    expect(id).not.toBe('');
    await settled();
    searchMessages();
    const unasked = outputs.filter(({ what }) => what === 'message');
    expect(unasked.length).toBeGreaterThan(10);
    expect(unasked.filter(({ text: words }) => words.includes(id) || /concern:/i.test(words))).toEqual([]);
    for (const line of world.logged().split('\n')) searched('log line', line);
    expect(world.logged()).not.toContain(id);
    for (const line of await outside()) searched('document or figure', line);
    const taken = await takenOut();
    expect(taken.length).toBeGreaterThan(10);
    for (const [what, words] of taken) {
      searched(`taken out: ${what}`, words);
      expect([what, words.includes(id), words.includes('concern:')]).toEqual([what, false, false]);
    }
    expect(taken.map(([what]) => what)).toEqual(takenBefore.map(([what]) => what));
    for (const held of ['riverside', 'moorland']) {
      for await (const { key, doc } of store.everything(held)) {
        searched('id or place', `${key.caseId} ${doc.id} ${JSON.stringify(doc.lists ?? {})}`);
      }
    }
  });

  it('answers everybody who may not know as if there were none, whatever they type', async () => {
    const commands = wired.typed.map(({ command }) => command);
    expect(commands.length).toBeGreaterThan(20);
    let compared = 0;
    const differ: string[] = [];
    for (const [who, person] of outsiders) {
      for (const command of commands) {
        for (const [at, args] of argsWith(id).entries()) {
          clock.pass(60);
          const hidden = await says(person, `${command} ${args}`);
          const none = await says(person, `${command} ${argsWith(unknown)[at]}`);
          differ.push(...unlike(hidden, none));
          searched(`answer to ${who}`, hidden.came);
          compared += 1;
        }
        for (const args of ['', ' all']) {
          const said = await says(person, `${command}${args}`);
          searched(`answer to ${who}`, said.came);
          expect([said.what, said.came.includes(id)]).toEqual([said.what, false]);
        }
        const aloud = await says(person, `${command} ${id}`, channels[0]);
        const none = await says(person, `${command} ${unknown}`, channels[0]);
        differ.push(...unlike(aloud, none));
        searched('answer in a channel', aloud.came);
      }
    }
    expect(differ).toEqual([]);
    const asked = outputs.filter(({ text: words }) => words.includes('There is no concern with this number'));
    expect(asked.length).toBeGreaterThan(3 * outsiders.length);
    console.log(`${compared} commands compared with those about a number that nothing has`);
  }, 240_000);

  it('answers everybody who may not know as if there were none, whatever they forge', async () => {
    const verbs = ['teams.typed', ...wired.verbs.map(({ verb }) => verb)];
    expect(verbs.length).toBeGreaterThan(60);
    let compared = 0;
    const differ: string[] = [];
    for (const [nth, [who, person]] of outsiders.entries()) {
      // Of the verbs of other features every second person tries the odd ones, and the others the rest.
      for (const verb of verbs.filter((one, n) => one.startsWith('concern.') || n % 2 === nth % 2)) {
        const ways = verb.startsWith('concern.')
          ? (['invoke', 'message', 'dialog'] as const)
          : (['invoke'] as const);
        for (const as of ways) {
          for (const [at, data] of forgedFor(id).entries()) {
            clock.pass(60);
            const where = as === 'message' ? channels[0] : person.chat;
            const hidden = await forges(person, verb, data, where, as);
            const none = await forges(person, verb, forgedFor(unknown)[at] ?? {}, where, as);
            differ.push(...unlike(hidden, none));
            searched(`answer to ${who}`, hidden.came);
            compared += 1;
          }
        }
      }
    }
    expect(differ).toEqual([]);
    console.log(`${compared} forged buttons compared with those about a number that nothing has`);
  }, 240_000);

  it('reminds the author of what was begun, and those who decided, without a word of it', async () => {
    clock.pass(61 * 60_000);
    await connector.expect(patti.chat, 'have not sent it');
    clock.pass(6 * 24 * 60 * 60_000);
    await connector.expect(alex.chat, 'no answer is recorded');
    await settled();
    searchMessages();
  });

  it('is in none of all these outputs', () => {
    const kinds = new Map<string, number>();
    for (const { what } of outputs) {
      const kind = what.split(':')[0] ?? what;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    console.log(
      `${marks.length} marks looked for in ${outputs.length} outputs: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
    );
    expect(outputs.length).toBeGreaterThan(10_000);
    expect(outputs.filter(({ text: words }) => FORBIDDEN.test(words))).toEqual([]);
  });
});

interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Every field of what is told that holds words, by its path; days, times and the NHS number have their own marks. */
function fieldsOf(schema: JsonSchema, path = ''): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      fieldsOf(inner, path ? `${path}.${name}` : name),
    );
  }
  const words = schema.type === 'string' && !schema.enum && !schema.format;
  return words && path !== 'person.nhsNumber' ? [path] : [];
}
