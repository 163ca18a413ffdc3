import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGREEMENT_HEAD, type AgreementDoc } from '../../../src/agreement/agreement.ts';
import { type AgreementDeps, applyAgreement, bindChannel } from '../../../src/agreement/apply.ts';
import {
  type Agreements,
  agreementKey,
  createAgreements,
  MAX_AGE_MS,
} from '../../../src/agreement/current.ts';
import type { ActorRef } from '../../../src/core/actors.ts';
import { type Clock, plusMs } from '../../../src/core/clock.ts';
import { Invalid } from '../../../src/core/errors.ts';
import { type EmbeddedStore, openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { at, moorland, riverside } from './demo.ts';

const by: ActorRef = { system: 'operator' };
const adele: ActorRef = { person: 'adele', name: 'Adele Vance', provider: 'st-annes', role: 'duty-manager' };
const tenant = '00000000-0000-0000-0000-000000000001';
const kindly = { provider: 'kindly', tenant, conversation: '19:kindly@thread.tacv2' };

let now = '2026-11-22T09:00:00.000Z';
const clock: Clock = {
  now: () => now,
  sleep: async (ms) => {
    now = plusMs(now, ms);
  },
};
let store: EmbeddedStore;
let agreements: Agreements;
let deps: AgreementDeps;

beforeEach(() => {
  store = openEmbedded({ path: ':memory:' });
  agreements = createAgreements(store, clock);
  deps = { store, run: createTurns(store, clock), agreements };
});
afterEach(() => store.close());

const events = async (): Promise<string[]> =>
  (await store.history(agreementKey('riverside'))).map((event) => event.type);

describe('applying an agreement', () => {
  it('puts it in force as version 1, lists the pathway and its chain, and records who did it', async () => {
    expect(await agreements.inForce('riverside')).toBeUndefined();
    expect(await applyAgreement(deps, riverside(), by, { yes: false })).toMatchObject({
      kind: 'applied',
      version: 1,
    });
    expect(await agreements.inForce('riverside')).toEqual({ version: 1, since: now, terms: riverside() });
    expect(await agreements.pathways()).toEqual(['riverside']);
    expect(await store.count('riverside', 'chains')).toBe(1);
    expect(await store.history(agreementKey('riverside'))).toMatchObject([
      { type: 'agreement.applied', by, data: { version: 1 } },
    ]);
  });

  it('does not take out a provider that still holds cases or has handovers open, unless told to', async () => {
    const without = riverside();
    const kindlyVisits = at(
      without.providers,
      without.providers.findIndex(({ id }) => id === 'kindly'),
    );
    const visitor = at(
      without.people,
      without.people.findIndex(({ positions }) => positions.every((one) => one.provider === 'kindly')),
    );
    const extra = { ...kindlyVisits, id: 'extra', name: 'Extra Visits' };
    const person = {
      ...visitor,
      key: 'extra-one',
      accounts: [{ tenant, objectId: 'extra-one' }],
      positions: visitor.positions.map((position) => ({ ...position, provider: 'extra' })),
    };
    const both = {
      ...without,
      providers: [...without.providers, extra],
      people: [...without.people, person],
    };
    await applyAgreement(deps, both, by, { yes: false });
    const held = { id: 'case', kind: 'case', schema: 1, lists: { 'cases@extra': '7K2-M4X' } };
    await store.commit({ pathwayId: 'riverside', caseId: '7K2-M4X' }, [{ do: 'create', doc: held }]);
    expect(await applyAgreement(deps, without, by, { yes: false })).toMatchObject({
      kind: 'would-undo',
      undoes: [expect.stringMatching(/^Extra Visits is taken out while 0 handovers .* holds 1 cases/)],
    });
    expect(await applyAgreement(deps, without, by, { yes: true })).toMatchObject({ kind: 'applied' });
  });

  it('makes no new version of the same terms', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    expect(await applyAgreement(deps, riverside(), by, { yes: true })).toEqual({
      kind: 'unchanged',
      version: 1,
    });
    expect(await events()).toEqual(['agreement.applied']);
  });

  it('keeps every earlier version for what began under it', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    const second = { ...riverside(), initialsOnCards: false };
    const third = { ...second, name: 'Riverside' };
    expect(await applyAgreement(deps, second, by, { yes: false })).toMatchObject({
      version: 2,
      changes: ['The showing of initials on cards changes from on to off.'],
    });
    await applyAgreement(deps, third, by, { yes: false });
    expect((await agreements.version('riverside', 1))?.terms).toEqual(riverside());
    expect((await agreements.version('riverside', 2))?.terms).toEqual(second);
    expect((await agreements.version('riverside', 3))?.terms).toEqual(third);
    expect(await agreements.version('riverside', 4)).toBeUndefined();
    expect(await agreements.termsAt('riverside', 2)).toEqual(second);
    expect(await agreements.termsAt('riverside', 4)).toEqual(third);
    expect(await agreements.termsAt('nowhere', 1)).toBeUndefined();
  });

  it('refuses terms that do not hold together', async () => {
    const terms = riverside();
    at(terms.providers, 1).holdsAs = 'porter';
    await expect(applyAgreement(deps, terms, by, { yes: true })).rejects.toThrow(Invalid);
    expect(await agreements.inForce('riverside')).toBeUndefined();
  });

  it('lists the pathway although an earlier try ended before that', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    await store.commit({ pathwayId: '_baton', caseId: '_pathways' }, [
      { do: 'remove', id: 'pathway:riverside' },
    ]);
    expect(await applyAgreement(deps, riverside(), by, { yes: false })).toMatchObject({ kind: 'unchanged' });
    expect(await agreements.pathways()).toEqual(['riverside']);
  });
});

describe('what was entered in Teams', () => {
  it('is not undone by a file without a yes, and then it is', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    await bindChannel(deps, 'riverside', kindly, adele);
    const terms = { ...riverside(), initialsOnCards: false };
    expect(await applyAgreement(deps, terms, by, { yes: false })).toEqual({
      kind: 'would-undo',
      changes: [
        'The showing of initials on cards changes from on to off.',
        'Kindly Visits loses its channel.',
      ],
      undoes: ['Kindly Visits loses its channel.'],
      nothingNew: false,
    });
    expect((await agreements.inForce('riverside'))?.version).toBe(2);
    expect(await applyAgreement(deps, terms, by, { yes: true })).toMatchObject({
      kind: 'applied',
      version: 3,
    });
    expect(await agreements.findChannel(tenant, kindly.conversation)).toBeUndefined();
  });

  it('stays when the same file is applied again, as at every start', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    await bindChannel(deps, 'riverside', kindly, adele);
    expect(await applyAgreement(deps, riverside(), by, { yes: false })).toMatchObject({
      kind: 'would-undo',
      nothingNew: true,
    });
    expect(await agreements.findChannel(tenant, kindly.conversation)).toBeDefined();
  });

  it('is no hindrance when the file has it too', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    await bindChannel(deps, 'riverside', kindly, adele);
    const terms = { ...riverside(), initialsOnCards: false };
    terms.channels = [...terms.channels, kindly];
    expect(await applyAgreement(deps, terms, by, { yes: false })).toMatchObject({
      kind: 'applied',
      version: 3,
    });
    // Nothing is left that only Teams knows, so that the next file may do as it likes.
    expect(await applyAgreement(deps, riverside(), by, { yes: false })).toMatchObject({
      kind: 'applied',
      version: 4,
    });
  });
});

describe('binding a channel', () => {
  beforeEach(async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
  });

  it('makes a new version, seen at once, of the channel behind a thread', async () => {
    const thread = { ...kindly, conversation: `${kindly.conversation};messageid=1700000000000` };
    expect(await bindChannel(deps, 'riverside', thread, adele)).toEqual({
      kind: 'bound',
      version: 2,
      moved: false,
    });
    const here = { pathwayId: 'riverside', provider: 'kindly' };
    expect(await agreements.findChannel(tenant, kindly.conversation)).toEqual(here);
    expect(await agreements.findChannel(tenant, `${kindly.conversation};messageid=2`)).toEqual(here);
    expect(await agreements.findChannel('another', kindly.conversation)).toBeUndefined();
    expect(await events()).toEqual(['agreement.applied', 'channel.bound']);
  });

  it('is no change the second time', async () => {
    await bindChannel(deps, 'riverside', kindly, adele);
    expect(await bindChannel(deps, 'riverside', kindly, adele)).toEqual({ kind: 'unchanged', version: 2 });
    expect(await events()).toHaveLength(2);
  });

  it('takes the channel from the provider that had it, and leaves one channel a provider', async () => {
    await bindChannel(deps, 'riverside', kindly, adele);
    const taken = { ...kindly, provider: 'st-annes' };
    expect(await bindChannel(deps, 'riverside', taken, adele)).toEqual({
      kind: 'bound',
      version: 3,
      moved: true,
      takenFrom: 'kindly',
    });
    const channels = (await agreements.inForce('riverside'))?.terms.channels ?? [];
    expect(channels.map((one) => one.provider).sort()).toEqual(['northside', 'st-annes']);
    expect(channels).toContainEqual(taken);
  });

  it('is refused with what to do: unknown pathway, unknown provider, channel of another pathway', async () => {
    await applyAgreement(deps, moorland(), by, { yes: false });
    const theirs = { ...at(moorland().channels, 0), provider: 'kindly' };
    await expect(bindChannel(deps, 'riverside', theirs, adele)).rejects.toMatchObject({
      code: 'channel-elsewhere',
      message: expect.stringContaining('Moorland reablement'),
    });
    await expect(bindChannel(deps, 'riverside', { ...kindly, provider: 'x' }, adele)).rejects.toMatchObject({
      code: 'unknown-provider',
      message: expect.stringContaining('st-annes'),
    });
    await expect(bindChannel(deps, 'nowhere', kindly, adele)).rejects.toMatchObject({
      code: 'unknown-pathway',
    });
    const clash = moorland();
    at(clash.channels, 0).tenant = tenant;
    at(clash.channels, 0).conversation = 'team-riverside';
    await expect(applyAgreement(deps, clash, by, { yes: true })).rejects.toMatchObject({
      code: 'channel-elsewhere',
    });
  });

  it('keeps both of two binds at the same moment', async () => {
    const harbour = { provider: 'harbour', tenant, conversation: '19:harbour@thread.tacv2' };
    const other: AgreementDeps = { store, run: createTurns(store, clock) };
    await Promise.all([
      bindChannel(deps, 'riverside', kindly, adele),
      bindChannel(other, 'riverside', harbour, adele),
    ]);
    const head = await store.get<AgreementDoc>(agreementKey('riverside'), AGREEMENT_HEAD);
    expect(head?.doc.version).toBe(3);
    expect(head?.doc.terms.channels).toEqual(expect.arrayContaining([kindly, harbour]));
  });
});

describe('the agreements in force', () => {
  it('find a person on every pathway they are on today', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    await applyAgreement(deps, moorland(), by, { yes: false });
    const account = at(at(riverside().people, 0).accounts, 0);
    const found = await agreements.findAccount(account.tenant, account.objectId);
    expect(found.map(({ pathwayId, actor }) => [pathwayId, actor.person])).toEqual([
      ['moorland', 'alex-wilber'],
      ['riverside', 'alex'],
    ]);
    expect(await agreements.findAccount(account.tenant, 'nobody')).toEqual([]);
  });

  it('show within five seconds what another process applied', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    const lynne = at(at(riverside().people, 5).accounts, 0);
    expect(await agreements.findAccount(lynne.tenant, lynne.objectId)).toHaveLength(1);
    const elsewhere: AgreementDeps = { store, run: createTurns(store, clock) };
    const without = riverside();
    without.people.pop();
    await applyAgreement(elsewhere, without, by, { yes: false });
    await applyAgreement(elsewhere, moorland(), by, { yes: false });
    now = plusMs(now, MAX_AGE_MS);
    expect(await agreements.findAccount(lynne.tenant, lynne.objectId)).toEqual([]);
    expect(await agreements.pathways()).toEqual(['moorland', 'riverside']);
  });

  it('read again after a read that failed', async () => {
    await applyAgreement(deps, riverside(), by, { yes: false });
    let broken = true;
    const shaky = createAgreements(
      {
        ...store,
        get: async (key, id) => {
          if (broken) throw new Error('away');
          return store.get(key, id);
        },
        page: (pathwayId, list, page) => store.page(pathwayId, list, page),
      },
      clock,
    );
    await expect(shaky.inForce('riverside')).rejects.toThrow('away');
    broken = false;
    expect((await shaky.inForce('riverside'))?.version).toBe(1);
  });
});
