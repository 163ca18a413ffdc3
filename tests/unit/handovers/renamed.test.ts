import { expect, it } from 'vitest';
import type { NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { type Escalation, escalationId } from '../../../src/escalations/escalation.ts';
import { Content, type Handover } from '../../../src/handovers/handover.ts';
import { CASE_HEAD, type CaseDoc, UNOWNED_SUBJECT } from '../../../src/register/case.ts';
import { type Lived, livedDuplicates, margaret } from '../duplicates/lived-duplicates.ts';
import { begunOn } from '../escalations/ground.ts';
import { unowned } from '../register/case-fixture.ts';
import { PATHWAY } from '../register/lived-register.ts';

const HEADER = 'Ref,Name,Born,NHS,Held by,Status,Marked';

/** A case that Harbour offers under its own number, which its list then has. */
async function offered(): Promise<{ readonly lived: Lived; readonly caseId: string }> {
  const lived = await livedDuplicates();
  await lived.agrees((terms) => {
    for (const list of terms.lists) if (list.provider === 'harbour') list.columns.marked = 'Marked';
  });
  const content = Content.parse({ person: margaret, sbar: { situation: 'Mrs Canaryson fell' } });
  const { caseId } = await lived.wired.handovers.offer(
    { kind: 'partner', partner: 'harbour' },
    PATHWAY,
    { from: 'harbour', to: 'st-annes', alias: 'H1', content },
    { idempotencyKey: 'k', bodyHash: 'b' },
  );
  return { lived, caseId };
}

const tell = (lived: Lived, name: string, marked: string, asOf: string) =>
  lived.imports([], {
    bytes: lived.bytesOf(`${HEADER}\nH1,${name},1942-03-07,9990000026,harbour,open,${marked}`),
    asOf,
  });

const due = async (lived: Lived, caseId: string): Promise<string[]> =>
  (await lived.store.page<TimerDoc>(PATHWAY, 'due', { limit: 1_000 }))
    .filter(({ key, doc }) => key.caseId === caseId && doc.kind === 'timer')
    .map(({ doc }) => doc.fires);
const handoverOf = async (lived: Lived, caseId: string): Promise<Handover | undefined> =>
  (await lived.store.get<Handover>({ pathwayId: PATHWAY, caseId }, 'handover:h1'))?.doc;

it('a list that says that an identity was changed has its handovers kept, and their cards shown, as they read then', async () => {
  const { lived, caseId } = await offered();
  await tell(lived, 'Canaryson', '', '2026-11-20T09:00:00.000Z');
  expect(await due(lived, caseId)).not.toContain('handover.renamed');
  await tell(lived, 'Present', 'changed-identity', '2026-11-21T09:00:00.000Z');
  expect(await due(lived, caseId)).toContain('handover.renamed');
  const key = { pathwayId: PATHWAY, caseId };
  for await (const { key: of, doc } of lived.store.everything(PATHWAY)) {
    if (of.caseId === caseId && doc.kind === 'notice')
      await lived.store.commit(key, [{ do: 'remove', id: doc.id }]);
  }
  await lived.wired.handovers.renamed(PATHWAY, caseId);
  const first = await handoverOf(lived, caseId);
  expect(first?.content.person).toMatchObject({ surname: 'Present', nhsNumber: '9990000026' });
  expect(first?.content.sbar.situation).toBe('Mrs [name] fell');
  expect(first?.revision).toBe(2);
  const shown: string[] = [];
  for await (const { doc } of lived.store.everything(PATHWAY)) {
    if (doc.kind === 'notice') shown.push((doc as NoticeDoc).notice.form);
  }
  expect(shown).toEqual(['show', 'show']);
  // The second time, as after a crash, it changes nothing.
  await lived.wired.handovers.renamed(PATHWAY, caseId);
  expect(await handoverOf(lived, caseId)).toEqual(first);
  expect(await due(lived, caseId)).not.toContain('handover.renamed');
});

it('a list sets no timer for each of its lines, but one for each whose record it marks anew', async () => {
  const { lived, caseId } = await offered();
  await lived.settles();
  await tell(lived, 'Canaryson', '', '2026-11-20T09:00:00.000Z');
  expect(await due(lived, caseId)).not.toContain('duplicates.look');
  expect(await due(lived, '_list:harbour')).toContain('duplicates.look');
  await lived.settles();
  await tell(lived, 'Canaryson', 'restricted', '2026-11-21T09:00:00.000Z');
  expect(await due(lived, caseId)).toContain('duplicates.look');
  await lived.settles();
  await tell(lived, 'Canaryson', 'restricted', '2026-11-22T09:00:00.000Z');
  expect(await due(lived, caseId)).not.toContain('duplicates.look');
});

it('a case that nobody holds has its card shown as it reads then, and what climbs for it its prompts', async () => {
  const { lived, caseId } = await offered();
  await lived.wired.run<CaseDoc, void>({ pathwayId: PATHWAY, caseId }, CASE_HEAD, ({ head }) => {
    if (!head) throw new Error('there is such a case');
    const { holder: _, ...free } = head;
    const begun = begunOn(lived.terms);
    const escalation: Escalation = {
      ...begun,
      id: escalationId(UNOWNED_SUBJECT),
      subject: UNOWNED_SUBJECT,
      caseId,
      revision: 7,
      raisings: begun.raisings.slice(0, 1).map((one) => ({ ...one, asked: ['adele'], state: 'waiting' })),
    };
    return { change: { documents: [{ ...free, unowned }, escalation] }, answer: undefined };
  });
  const key = { pathwayId: PATHWAY, caseId };
  for await (const { key: of, doc } of lived.store.everything(PATHWAY)) {
    if (of.caseId === caseId && doc.kind === 'notice')
      await lived.store.commit(key, [{ do: 'remove', id: doc.id }]);
  }
  await lived.wired.handovers.renamed(PATHWAY, caseId);
  const shown: string[] = [];
  for await (const { doc } of lived.store.everything(PATHWAY)) {
    if (doc.kind === 'notice') shown.push((doc as NoticeDoc).notice.subject);
  }
  expect(shown.sort()).toEqual(['prompt:unowned:case#1', 'unowned:case']);
  expect((await lived.caseOf(caseId)).unowned?.revision).toBe(2);
  const after = await lived.store.get<Escalation>(key, escalationId(UNOWNED_SUBJECT));
  expect(after?.doc.revision).toBe(8);
});
