import { type Agreement, positionCan } from '../agreement/agreement.ts';
import type { EventDoc, Key, TimerDoc } from '../core/change.ts';
import type { Escalation } from '../escalations/escalation.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Imported, ListDoc, Together } from '../register/list.ts';
import type { Write } from '../store/store.ts';
import type { ListLine } from './imports.ts';
import type { Break } from './invariants.ts';
import { isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { PATHWAY } from './pathway.ts';
import { listedAs } from './places.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import type { Weather } from './weather.ts';

export interface RegisterWatch {
  /** Looks at what a commit to a case or to a provider's lists touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** An import went through. */
  imported(provider: string, lines: readonly ListLine[], done: Imported): void;
  /** Looks at every case and list. */
  all(): void;
}

export interface RegisterWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly cases: Pick<CaseWatch, 'termsAround'>;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

/** Holds cases that lists brought against what must be true of them. */
export function watchRegister(deps: RegisterWatchDeps): RegisterWatch {
  const { time, memory, weather, cases, broken, met } = deps;
  /** Which case a partner's own id stands for. */
  const byAlias = new Map<string, string>();
  const taken = new Set<string>();
  /** When somebody last took a case of a list, or it changed; milliseconds since 1970. */
  const touched = new Map<string, number>();

  const togetherOf = (provider: string, list: string): Together | undefined =>
    memory.inside({ pathwayId: PATHWAY, caseId: `_list:${provider}` }).get(`together:${list}`)?.doc as
      | Together
      | undefined;
  const nameOf = (provider: string, list: string): string => `${provider}|${list}`;

  /** Somebody holds it, or it is listed as nobody's and climbs: alone, or with the others of its list. */
  function checkHeld(key: Key, caseDoc: CaseDoc): void {
    const { caseId } = key;
    const { holder, unowned, state, listed = {}, createdAt, identityAt } = caseDoc;
    if (holder === undefined && (!unowned || unowned.taken)) {
      broken('owned', `nobody holds it, and it is ${state}`, caseId);
      return;
    }
    const place = `${createdAt}|${caseId}`;
    const merged = caseDoc.mergedInto !== undefined;
    const wrong = listedAs(caseDoc, {
      chains: caseId,
      ...(identityAt !== undefined && { identity: `${identityAt}|${caseId}` }),
      ...(merged && { merged: caseId }),
      ...(holder && !merged && { [`cases@${holder.provider}`]: caseId }),
      ...(holder?.person !== undefined && !merged && { [`cases.taken@${holder.person}`]: caseId }),
      ...(!holder &&
        !merged &&
        unowned && {
          unowned: place,
          [`unowned@${unowned.provider}`]: place,
          ...(unowned.climbs === 'with-its-list' && {
            [`unowned.of@${unowned.provider}`]: `${unowned.list}|${caseId}`,
          }),
        }),
      ...Object.fromEntries(
        Object.entries(listed).map(([provider, { list }]) => [`listed@${provider}`, `${list}|${caseId}`]),
      ),
    });
    if (wrong !== undefined) broken('places', wrong, caseId);
    if (!holder && unowned?.climbs === 'with-its-list') checkTogether(caseId, unowned.provider, unowned.list);
  }

  function checkTogether(caseId: string, provider: string, list: string): void {
    const key = { pathwayId: PATHWAY, caseId: `_list:${provider}` };
    const climb = memory.inside(key).get(`escalation:list:${list}`)?.doc as Escalation | undefined;
    if (togetherOf(provider, list)?.ended || climb?.state !== 'running') {
      broken('owned', `nobody holds it, and list ${list} of ${provider} does not climb`, caseId);
    }
    if (memory.inside({ pathwayId: PATHWAY, caseId }).has('escalation:unowned:case')) {
      broken('owned', 'it climbs with its list and alone', caseId);
    }
  }

  /** Each id of a partner's list has one case, whatever an import died over. */
  function checkAliases({ caseId, aliases }: CaseDoc): void {
    for (const [provider, alias] of Object.entries(aliases)) {
      const name = `${provider}|${alias}`;
      const known = byAlias.get(name) ?? caseId;
      byAlias.set(name, known);
      if (known !== caseId) broken('one-case', `${name} is case ${known} and ${caseId}`, caseId);
    }
  }

  function checkTaken(caseId: string, { by, recordedAt }: EventDoc, caseDoc: CaseDoc): void {
    const person = 'person' in by ? by.person : undefined;
    if (taken.has(caseId)) broken('taken-by-one', 'it was taken a second time', caseId);
    taken.add(caseId);
    const { holder, unowned } = caseDoc;
    met(unowned?.climbs === 'alone' ? 'taken alone' : 'taken with its list');
    if (unowned) touched.set(nameOf(unowned.provider, unowned.list), time.ms);
    if (holder?.person !== person || !holder) {
      broken('taken-by-one', `${person} took it, and ${holder?.person} holds it`, caseId);
      return;
    }
    const terms = [...cases.termsAround(Date.parse(recordedAt)), ...cases.termsAround(time.ms)];
    const may = terms.some((each) => mayTake(each, holder));
    if (!may) broken('taken-by-one', `${person} took it for ${holder.provider}, and may not`, caseId);
  }

  function checkList(key: Key, writes: readonly Write[]): void {
    const provider = key.caseId.slice('_list:'.length);
    for (const write of writes) {
      if (write.do === 'remove' || write.doc.kind !== 'together') continue;
      const { list, ended } = write.doc as Together;
      touched.set(nameOf(provider, list), time.ms);
      met(ended ? 'all of a list held' : 'a list climbs as one');
      const left = ended ? leftOf(provider, list)[0] : undefined;
      if (left !== undefined) broken('owned', `list ${list} ended, and nobody holds it`, left);
    }
  }

  const leftOf = (provider: string, list: string): string[] =>
    memory.keys().flatMap((key) => {
      const { holder, unowned } = (memory.inside(key).get('case')?.doc ?? {}) as Partial<CaseDoc>;
      return !holder && unowned?.provider === provider && unowned.list === list ? [key.caseId] : [];
    });

  /** What climbs for a list ends with the last of its cases, once no more can come. */
  function checkEnds(key: Key, { provider, list, ended }: Together): void {
    if (ended) return;
    const head = memory.inside(key).get('list')?.doc as ListDoc | undefined;
    if (head?.newest?.id === list && head.newest.state === 'importing') return;
    // Another list followed before it was all in: it is looked at a while after.
    const look = memory.inside(key).get(`timer:list:${list}`)?.doc as TimerDoc | undefined;
    const from = look ? Date.parse(look.due) : (touched.get(nameOf(provider, list)) ?? 0);
    if (leftOf(provider, list).length === 0 && isTooLate(time, weather, from)) {
      broken('taking-ends', `list ${list} of ${provider} climbs, and all of it is held`, key.caseId);
    }
  }

  return {
    committed(key, writes) {
      if (key.caseId.startsWith('_list:')) checkList(key, writes);
      if (key.caseId.startsWith('_')) return;
      const caseDoc = memory.inside(key).get('case')?.doc as CaseDoc | undefined;
      if (!caseDoc?.listed) return;
      checkHeld(key, caseDoc);
      checkAliases(caseDoc);
      for (const write of writes) {
        const event =
          write.do === 'create' && write.doc.kind === 'event' ? (write.doc as EventDoc) : undefined;
        if (event?.type === 'case.taken') checkTaken(key.caseId, event, caseDoc);
        if (event?.type === 'case.imported' && !caseDoc.holder) met(`brought ${caseDoc.unowned?.climbs}`);
      }
    },

    imported(provider, lines, { list, lines: read, fresh, updated, same }) {
      if (read !== lines.length || fresh + updated + same !== read) {
        broken('one-case', `of ${lines.length} lines ${fresh}, ${updated} and ${same} went in`);
      }
      for (const { id, holder } of lines) {
        const caseId = byAlias.get(`${provider}|${id}`);
        const docs = caseId === undefined ? undefined : memory.inside({ pathwayId: PATHWAY, caseId });
        const caseDoc = docs?.get('case')?.doc as CaseDoc | undefined;
        const on = caseDoc?.listed?.[provider];
        // Two may have imported different lists at the same time.
        if (!on || on.list < list.id || (on.holder ?? '') !== holder) {
          broken('one-case', `${id} went in, and its case says ${on?.list}, held by ${on?.holder}`, caseId);
        }
      }
    },

    all() {
      for (const key of memory.keys()) {
        const docs = memory.inside(key);
        const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
        if (caseDoc?.listed) checkHeld(key, caseDoc);
        const errand = docs.get('timer:unowned:case')?.doc as TimerDoc | undefined;
        if (errand && isTooLate(time, weather, Date.parse(errand.due))) {
          broken('taking-ends', `its list has not heard since ${errand.due} that it was taken`, key.caseId);
        }
        if (!key.caseId.startsWith('_list:')) continue;
        for (const { doc } of docs.values()) if (doc.kind === 'together') checkEnds(key, doc as Together);
      }
    },
  };
}

/** Does whoever holds a case have a position in which they may take it? Said in other words than the rule. */
const mayTake = (terms: Agreement, { provider, role, person }: NonNullable<CaseDoc['holder']>): boolean =>
  terms.people.some(
    ({ key, positions }) =>
      key === person &&
      positions.some(
        (at) => at.provider === provider && at.role === role && positionCan(terms, at, 'coordinate'),
      ),
  );
