import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../../src/http/handover-body.ts';
import { clearSpool } from '../../../src/http/spool.ts';
import type { ListAnswer, SentList } from '../../../src/register/list.ts';
import { problem, startServer } from './harness.ts';

const OWN = `/api/pathways/complex-care/lists/${EXAMPLE.from}`;
const CSV = { 'content-type': 'text/csv' };
const ANSWER: ListAnswer = {
  list: { id: '000001', asOf: '2026-11-20T18:00:00.000Z' },
  baseline: false,
  lines: 1,
  cases: { new: 1, updated: 0, same: 0 },
  unowned: 0,
  wrong: { lines: 0, values: 0 },
  errors: [],
};

/** A server that reads each list that it is sent, and looks at the file that it waits in. */
async function startReading(answer: ListAnswer = ANSWER) {
  const came: { sent: SentList; text: string; mode: number }[] = [];
  const server = await startServer({
    receiveList: async (_, sent) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of sent.bytes()) chunks.push(chunk);
      const folder = join(server.folder, 'incoming');
      const [file = ''] = readdirSync(folder);
      const mode = statSync(join(folder, file)).mode & 0o777;
      came.push({ sent, text: Buffer.concat(chunks).toString(), mode });
      return answer;
    },
  });
  return { ...server, came };
}

describe('a list over HTTP', () => {
  test('is read from a file that only its owner may read, and which is gone afterwards', async () => {
    const server = await startReading();
    const response = await server.post(
      'a,b\n1,2\n',
      CSV,
      `${OWN}?all-or-nothing=true&as-of=2026-11-20T18:00`,
    );
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual(ANSWER);
    expect(server.came).toMatchObject([
      {
        text: 'a,b\n1,2\n',
        mode: 0o600,
        sent: {
          pathwayId: 'complex-care',
          provider: EXAMPLE.from,
          idempotencyKey: 'k-1',
          asOf: '2026-11-20T18:00',
          allOrNothing: true,
          confirmed: false,
        },
      },
    ]);
    expect(readdirSync(join(server.folder, 'incoming'))).toEqual([]);
  });

  test('that changed nothing is answered 200', async () => {
    const server = await startReading({ ...ANSWER, cases: { new: 0, updated: 0, same: 1 } });
    expect((await server.post('a', CSV, OWN)).status).toBe(200);
  });

  test.each([
    ['no key', { authorization: undefined }, OWN, 401, 'unauthorised'],
    ['another key', { authorization: 'Bearer wrong' }, OWN, 401, 'unauthorised'],
    ['the key of another provider', {}, '/api/pathways/complex-care/lists/northside', 403, 'not-yours'],
  ])('with %s is refused before it is read', async (_, headers, path, status, code) => {
    const server = await startReading();
    const response = await server.post('a', { ...CSV, ...headers }, path);
    expect(response.status).toBe(status);
    expect((await problem(response)).code).toBe(code);
    expect(server.came).toEqual([]);
    expect(existsSync(join(server.folder, 'incoming'))).toBe(false);
  });

  test.each([
    ['another packing', { 'content-encoding': 'br' }, OWN, 400, 'not-gzip'],
    ['its time twice', {}, `${OWN}?as-of=2026-11-20T18:00&as-of=2026-11-20T19:00`, 422, 'write it once'],
  ])('with %s is told what to do, and nothing is kept', async (_, headers, path, status, told) => {
    const server = await startReading();
    const response = await server.post('a', { ...CSV, ...headers }, path);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(told);
    expect(server.came).toEqual([]);
  });

  test('may be said to be packed as nothing, or in capitals', async () => {
    const server = await startReading();
    const plain = await server.post('a', { ...CSV, 'content-encoding': 'identity' }, OWN);
    expect(plain.status).toBe(201);
    const bad = await server.post('a', { ...CSV, 'content-encoding': 'GZIP' }, OWN);
    expect((await problem(bad)).code).toBe('not-gzip');
  });

  test('that makes the command fail is gone too', async () => {
    const server = await startServer({ receiveList: async () => Promise.reject(new Error('secret')) });
    const response = await server.post('a', CSV, OWN);
    expect(response.status).toBe(500);
    expect((await problem(response)).detail).not.toContain('secret');
    expect(readdirSync(join(server.folder, 'incoming'))).toEqual([]);
  });
});

test('what a crash left of a list is removed at the next start', async () => {
  const { folder } = await startServer();
  mkdirSync(join(folder, 'incoming'));
  writeFileSync(join(folder, 'incoming', 'left'), 'people');
  await clearSpool(folder);
  await clearSpool(folder);
  expect(existsSync(join(folder, 'incoming'))).toBe(false);
});
