import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { personOf } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { CopyDoc, NoticeDoc } from '../../../src/core/change.ts';
import { copyId } from '../../../src/core/change.ts';
import type { Asking } from '../../../src/core/routes.ts';
import type { Reconciliation } from '../../../src/reconciliation/commands.ts';
import {
  type Batch,
  batchesList,
  batchSubject,
  type Mismatch,
  mismatchesKey,
} from '../../../src/reconciliation/mismatch.ts';
import { mismatchesPresenter } from '../../../src/reconciliation/presenter.ts';
import { reconciliationRoutes } from '../../../src/reconciliation/routes.ts';
import { showMismatchesAgain } from '../../../src/reconciliation/show-again.ts';
import { livedRegister, operator, PATHWAY, row } from '../register/lived-register.ts';

const WEEKS = ['2026-11-13T18:00:00.000Z', '2026-11-20T18:00:00.000Z'] as const;

/** A register of Harbour's whose second list lacks two of five cases. */
async function begin() {
  const lived = await livedRegister();
  const all = ['H1', 'H2', 'H3', 'H4', 'H5'].map((id) => row(id));
  await lived.imports(all, { asOf: WEEKS[0] });
  await lived.insists(all.slice(0, 3), { asOf: WEEKS[1] });
  const open = async (): Promise<Mismatch[]> =>
    (await lived.store.page<Mismatch>(PATHWAY, 'mismatches@harbour', { limit: 100 })).map(({ doc }) => doc);
  const batches = async (): Promise<Batch[]> =>
    (await lived.store.page<Batch>(PATHWAY, batchesList('harbour'), { limit: 100 })).map(({ doc }) => doc);
  return { ...lived, open, batches };
}

const person = ({ terms }: Awaited<ReturnType<typeof begin>>, key: string): PersonActor => {
  const account = terms.people.find((one) => one.key === key)?.accounts[0];
  const found = account && personOf(terms, account.tenant, account.objectId);
  if (!found) throw new Error(`nobody is ${key}`);
  return found;
};

describe('whoever asks for the figures', () => {
  it('is told after a while that the lists are being compared, and a failure after that is not lost', async () => {
    const lived = await begin();
    const asking: Asking = {
      pathwayId: PATHWAY,
      actor: person(lived, 'alex'),
      place: { scope: 'personal', conversationId: 'a' },
    };
    let fails: (error: Error) => void = () => undefined;
    const never = new Promise<never>((_, reject) => {
      fails = reject;
    });
    const slow: Reconciliation = { ...lived.wired.reconciliation, run: () => never };
    const failed: unknown[] = [];
    const clock = { now: () => lived.now, sleep: async () => undefined };
    const { typed } = reconciliationRoutes(slow, clock, (error) => void failed.push(error));
    const route = typed.find(({ command }) => command === '/reconcile');
    const reply = await route?.run(asking, '');
    expect(JSON.stringify(reply)).toContain('The lists are being compared');
    fails(new Error('the disk is full'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failed).toEqual([new Error('the disk is full')]);
  });
});

describe('the card of what a run found', () => {
  it('goes to the prime’s channel where the provider’s cannot be reached, once', async () => {
    const { wired, batches, store } = await begin();
    await wired.reconciliation.run(PATHWAY, operator);
    const [batch] = (await batches()) as [Batch];
    const key = mismatchesKey(PATHWAY, 'harbour');
    const { fallbacks, settled } = mismatchesPresenter(wired.reconciliation);
    const theirs = { to: 'channel', provider: 'harbour' } as const;
    const prime = { to: 'channel', provider: 'northside' } as const;
    expect(await fallbacks(key, batchSubject(batch.run), theirs)).toEqual([prime]);
    expect(await fallbacks(key, batchSubject(batch.run), prime)).toEqual([]);
    await wired.run(key, 'mismatches', async (loaded) => {
      const what = {
        subject: batchSubject(batch.run),
        outcome: 'sent',
        form: 'show',
        route: prime,
        now: batch.since,
      };
      return { change: await settled(loaded, what as Parameters<typeof settled>[1]), answer: undefined };
    });
    expect((await batches())[0]?.shownTo).toEqual([theirs, prime]);
    expect((await store.history(key)).length).toBeGreaterThan(0);
  });

  it('is posted anew where Baton is installed again and its copy is out of sight', async () => {
    const { wired, batches, store, passes } = await begin();
    await wired.reconciliation.run(PATHWAY, operator);
    const [batch] = (await batches()) as [Batch];
    const key = mismatchesKey(PATHWAY, 'harbour');
    const at = { to: 'channel', provider: 'harbour' } as const;
    const subject = batchSubject(batch.run);
    const copy: CopyDoc = {
      id: copyId(subject, at),
      kind: 'copy',
      schema: 1,
      subject,
      route: at,
      conversationId: 'c',
      activityId: 'a',
      revision: 1,
      sentAt: batch.since,
    };
    const notice = async (): Promise<NoticeDoc | undefined> => {
      for await (const { doc } of store.everything(PATHWAY))
        if (doc.kind === 'notice' && (doc as NoticeDoc).notice.subject === subject) return doc as NoticeDoc;
    };
    const sent = await notice();
    await wired.run(key, 'mismatches', ({ head }) => {
      if (!head || !sent) throw new Error('there is a card to be sent');
      return { change: { documents: [head, copy], removed: [sent.id] }, answer: undefined };
    });
    passes('2026-11-23T10:00:00.000Z');
    await showMismatchesAgain({ store, run: wired.run }, PATHWAY, at, ['harbour']);
    expect((await notice())?.notice).toMatchObject({ form: 'show', route: at });
    expect((await store.get<CopyDoc & { lost?: true }>(key, copy.id))?.doc.lost).toBe(true);
  });
});

describe('mismatches of a provider that is no partner any more', () => {
  it('are gone with the next run, and nothing climbs for them', async () => {
    const lived = await begin();
    const { wired, open, batches } = lived;
    await wired.reconciliation.run(PATHWAY, operator);
    expect(await open()).toHaveLength(2);
    await lived.agrees((terms) => {
      terms.providers = terms.providers.filter(({ id }) => id !== 'harbour');
      terms.lists = terms.lists.filter(({ provider }) => provider !== 'harbour');
      delete terms.safeguarding;
      terms.people = terms.people.filter(({ positions }) =>
        positions.every(({ provider }) => provider !== 'harbour'),
      );
    });
    const after = await wired.reconciliation.run(PATHWAY, operator);
    expect(after.gone).toBe(2);
    expect(await open()).toEqual([]);
    expect(await batches()).toEqual([]);
    expect(after.partners.reduce((sum, { cases }) => sum + cases, 0)).toBe(after.all.cases);
  });
});

describe('baton reconcile', () => {
  const BATON = fileURLToPath(new URL('../../../src/baton.js', import.meta.url));
  const DEMO = fileURLToPath(new URL('../../../infra/demo/agreements/riverside.yaml', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'baton-reconcile-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const baton = (...words: string[]) => {
    const env = { ...process.env, BATON_DATA_DIR: folder, LOG_LEVEL: 'silent' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [BATON, ...words], {
      encoding: 'utf8',
      env,
    });
    return { status, stdout, stderr };
  };

  it('compares what was imported, for people and as JSON, and ends well whatever it found', () => {
    expect(baton('agreement', 'apply', DEMO, '--yes').status).toBe(0);
    const list = join(folder, 'harbour.csv');
    for (const [week, ids] of [
      [WEEKS[0], ['H1', 'H2', 'H3', 'H4', 'H5', 'H6']],
      [WEEKS[1], ['H1', 'H2', 'H3', 'H4', 'H5']],
    ] as const) {
      writeFileSync(list, `Ref,Name,Born,NHS,Held by,Status\n${ids.map((id) => row(id)).join('\n')}\n`);
      const words = ['--pathway', PATHWAY, '--provider', 'harbour', '--as-of', week];
      expect(baton('register', 'import', ...words, list)).toMatchObject({ status: 0 });
    }
    const said = baton('reconcile', '--pathway', PATHWAY);
    expect(said).toMatchObject({ status: 0, stderr: '' });
    expect(said.stdout).toContain('1 of 6 cases (16.7 %)');
    const json = baton('reconcile', '--pathway', PATHWAY, '--json');
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ all: { cases: 6, mismatched: 1 } });
    const nowhere = baton('reconcile', '--pathway', 'nowhere');
    expect(nowhere.status).not.toBe(0);
    expect(nowhere.stdout + nowhere.stderr).toContain('There is no such pathway');
    expect(json.stdout + said.stdout).not.toMatch(/ashbrad|brad/i);
  }, 60_000);
});
