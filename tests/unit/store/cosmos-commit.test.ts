import { describe, expect, it } from 'vitest';
import type { Key } from '../../../src/core/change.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { Conflict, Unavailable } from '../../../src/core/errors.ts';
import { batchOf, type CosmosBatch, commitSettled, type Verdict } from '../../../src/store/cosmos-commit.ts';
import { type CosmosItem, itemOf } from '../../../src/store/cosmos-item.ts';
import type { Write } from '../../../src/store/store.ts';

const key: Key = { pathwayId: 'north', caseId: 'C-1' };
const doc = (id: string, kind = 'note') => ({ id, kind, schema: 1 });
const REPLACE: Write = { do: 'replace', doc: doc('case'), etag: 'e1' };
const EVENT: Write = { do: 'create', doc: doc('event:00000001', 'event') };
const CREATE: Write = { do: 'create', doc: doc('claim') };
const PUT: Write = { do: 'put', doc: doc('copy') };
const REMOVE: Write = { do: 'remove', id: 'timer/1' };

describe('a batch', () => {
  it.each([
    ['an event bears witness before all else', [REPLACE, PUT, EVENT], 'event:00000001', true, true],
    ['without an event the first document written', [REMOVE, REPLACE, PUT], 'case', false, true],
    ['a create is a fence', [CREATE], 'claim', false, true],
    ['a put is none', [PUT, REMOVE], 'copy', false, false],
    ['who only removes has no witness', [REMOVE], undefined, false, false],
  ])('%s', (_, writes, witness, isLasting, isFenced) => {
    const batch = batchOf(key, writes, 'stamp');
    expect(batch).toMatchObject({ isLasting, isFenced });
    expect(batch.witness).toBe(witness);
    const stamped = batch.operations.filter(
      (each) => 'resourceBody' in each && each.resourceBody.stamp === 'stamp',
    );
    expect(stamped.length).toBe(witness === undefined ? 0 : 1);
  });

  it('names the operations as the service does, with the ETag as their condition', () => {
    const { operations } = batchOf(key, [REPLACE, CREATE, PUT, REMOVE], 's');
    expect(operations).toEqual([
      {
        operationType: 'Replace',
        id: 'case',
        ifMatch: 'e1',
        resourceBody: itemOf(key, doc('case'), 's'),
      },
      { operationType: 'Create', resourceBody: itemOf(key, doc('claim')) },
      { operationType: 'Upsert', resourceBody: itemOf(key, doc('copy')) },
      { operationType: 'Delete', id: 'timer~2F1' },
    ]);
  });
});

describe('settling a commit', () => {
  type Witness = 'mine' | 'other' | 'none' | 'unreadable';
  const done: Verdict = { kind: 'done' };
  const conflict: Verdict = { kind: 'conflict' };
  const lost: Verdict = { kind: 'lost', cause: new Error('reset') };
  const throttled: Verdict = { kind: 'refused', error: new Unavailable('busy', 'no', { retryAfterMs: 9 }) };

  /** Plays the service's answers and what each reading of the witness finds; the last of each goes on. */
  async function settle(batch: CosmosBatch, answers: Verdict[], witnesses: Witness[], msEach = 0) {
    const sent = { sends: 0, reads: 0 };
    let ms = 0;
    const clock: Clock = { now: () => new Date(ms).toISOString(), sleep: async () => {} };
    const settled = await commitSettled(batch, {
      clock,
      send: async () => {
        ms += msEach;
        return answers[Math.min(sent.sends++, answers.length - 1)] ?? done;
      },
      readWitness: async (id): Promise<CosmosItem | undefined> => {
        const witness = witnesses[Math.min(sent.reads++, witnesses.length - 1)] ?? 'none';
        if (witness === 'unreadable') throw new Error('reset too');
        if (witness === 'none') return undefined;
        return itemOf(key, doc(id), witness === 'mine' ? 'stamp' : 'another');
      },
    }).then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof Conflict) return 'conflict';
        return error instanceof Unavailable ? error.took : 'other';
      },
    );
    return { settled, ...sent };
  }

  const withEvent = batchOf(key, [REPLACE, EVENT], 'stamp');
  const headOnly = batchOf(key, [REPLACE], 'stamp');
  const putOnly = batchOf(key, [PUT], 'stamp');
  const removeOnly = batchOf(key, [REMOVE], 'stamp');

  const cases: [string, CosmosBatch, Verdict[], Witness[], string, number, number][] = [
    ['an answer needs no reading', withEvent, [done], [], 'done', 1, 0],
    ['a refusal without a loss is passed on', withEvent, [throttled], [], 'no', 1, 0],
    ['a conflict is a conflict', withEvent, [conflict], ['other'], 'conflict', 1, 1],
    ['a conflict with what the client itself sent before', withEvent, [conflict], ['mine'], 'done', 1, 1],
    ['a conflict of removals', removeOnly, [conflict], [], 'conflict', 1, 0],
    ['a loss that took effect', withEvent, [lost], ['mine'], 'done', 1, 1],
    ['a loss that did not', withEvent, [lost, done], ['none'], 'done', 2, 1],
    ['a loss that took effect late', withEvent, [lost, conflict], ['none', 'mine'], 'done', 2, 2],
    ['a loss where another won', withEvent, [lost, conflict], ['other'], 'conflict', 2, 2],
    [
      'the same without an event: mine may be beneath',
      headOnly,
      [lost, conflict],
      ['other'],
      'unknown',
      2,
      2,
    ],
    ['a loss and then throttling', withEvent, [lost, throttled, done], ['none'], 'done', 3, 2],
    ['throttling to the end after a loss', withEvent, [lost, throttled], ['none'], 'unknown', 4, 4],
    ['a loss and an unreadable witness', withEvent, [lost, done], ['unreadable'], 'done', 2, 1],
    ['nothing but losses', withEvent, [lost], ['unreadable'], 'unknown', 4, 4],
    ['a conflict and an unreadable witness', withEvent, [conflict], ['unreadable', 'mine'], 'done', 2, 2],
    ['a put that took effect', putOnly, [lost], ['mine'], 'done', 1, 1],
    ['a put that may be on its way is not sent again', putOnly, [lost, done], ['none'], 'unknown', 1, 1],
    ['a removal without an answer', removeOnly, [lost, done], [], 'unknown', 1, 0],
  ];
  it.each(cases)('%s', async (_, batch, answers, witnesses, settled, sends, reads) => {
    expect(await settle(batch, answers, witnesses)).toEqual({ settled, sends, reads });
  });

  it('stops while the turn still has time to say so', async () => {
    expect(await settle(withEvent, [lost], ['none'], 2_000)).toMatchObject({ settled: 'unknown', sends: 2 });
  });
});
