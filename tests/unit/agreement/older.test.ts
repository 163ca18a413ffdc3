import { describe, expect, it } from 'vitest';
import { AGREEMENT_HEAD, type AgreementDoc } from '../../../src/agreement/agreement.ts';
import { applyAgreement, bindChannel } from '../../../src/agreement/apply.ts';
import { agreementKey, createAgreements } from '../../../src/agreement/current.ts';
import { readTerms, type StoredTerms } from '../../../src/agreement/older.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { riverside } from './demo.ts';

/** Terms as they were stored before partners agreed a ladder. */
function asStored(terms: ReturnType<typeof riverside>): StoredTerms {
  const { ladder, raci, ...stored } = terms;
  expect([ladder.rungs.length, raci.length]).not.toContain(0);
  return stored;
}

describe('terms stored before ladders were agreed', () => {
  it('are read with the ladder that they had in effect: who holds cases, then the prime’s clinical lead', () => {
    const read = readTerms(asStored(riverside()));
    expect(
      read.ladder.rungs.map(({ id, kind, ask, answer, wake }) => ({ id, kind, ask, answer, wake })),
    ).toEqual([
      {
        id: 'operational',
        kind: 'operational',
        ask: { of: 'receiver', roles: ['coordinator', 'duty-manager', 'visits-coordinator'] },
        answer: { within: '1h', clock: 'elapsed' },
        wake: false,
      },
      {
        id: 'clinical',
        kind: 'clinical',
        ask: { of: 'prime', roles: ['clinical-lead'] },
        answer: { within: '1h', clock: 'elapsed' },
        wake: false,
      },
    ]);
    expect(read.ladder.lastResort).toEqual({ name: 'Northside Community Trust', phone: '0300 123 4501' });
    expect(read.raci).toEqual([]);
  });

  it('ask whoever holds the prime’s cases where no role leads clinically', () => {
    const terms = asStored(riverside());
    for (const role of terms.roles) role.can = role.can.filter((ability) => ability !== 'clinical-lead');
    expect(readTerms(terms).ladder.rungs[1]?.ask).toEqual({ of: 'prime', roles: ['coordinator'] });
  });

  it('leave a ladder that was agreed as it is', () => {
    expect(readTerms(riverside())).toEqual(riverside());
  });

  it('can be bound to a channel, and be replaced by terms with a ladder', async () => {
    const clock: Clock = { now: () => '2026-11-22T09:00:00.000Z', sleep: async () => undefined };
    const store = openEmbedded({ path: ':memory:' });
    const run = createTurns(store, clock);
    const agreements = createAgreements(store, clock);
    const deps = { store, run, agreements };
    const key = agreementKey('riverside');
    const by = { system: 'operator' };
    await run<AgreementDoc, void>(key, AGREEMENT_HEAD, (_, now) => ({
      change: {
        documents: [
          {
            id: AGREEMENT_HEAD,
            kind: 'agreement',
            schema: 1,
            audit: { seq: 0, hash: '' },
            version: 1,
            since: now,
            terms: asStored(riverside()),
          } as AgreementDoc,
        ],
        events: [{ type: 'agreement.applied', by, data: { version: 1 } }],
      },
      answer: undefined,
    }));
    const binding = { provider: 'kindly', tenant: 't', conversation: '19:kindly@thread.tacv2' };
    expect(await bindChannel(deps, 'riverside', binding, by)).toMatchObject({ kind: 'bound', version: 2 });
    const refused = await applyAgreement(deps, riverside(), by, { yes: false });
    expect(refused).toMatchObject({ kind: 'would-undo', undoes: ['Kindly Visits loses its channel.'] });
    const applied = await applyAgreement(deps, riverside(), by, { yes: true });
    expect(applied).toMatchObject({ kind: 'applied', version: 3 });
    expect(applied.kind === 'applied' && applied.changes).toContain(
      'The rung Contractual (contractual) is added: Coordinator of Northside Community Trust, with 2 working days.',
    );
    expect((await agreements.version('riverside', 1))?.terms.ladder.rungs).toHaveLength(2);
    expect((await agreements.inForce('riverside'))?.terms.ladder).toEqual(riverside().ladder);
    store.close();
  });
});
