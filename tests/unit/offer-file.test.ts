import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Invalid, Refused, Unavailable } from '../../src/core/errors.ts';
import { offerFile } from '../../src/offer-file.ts';
import { referralMessage } from './fhir/message.ts';
import { KEY, startServer } from './http/harness.ts';

/** A request to offer a file with that text. */
function request(text: string, url = 'http://localhost:9') {
  const folder = mkdtempSync(join(tmpdir(), 'baton-offer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'message.json');
  const keyFile = join(folder, 'key.txt');
  writeFileSync(file, text);
  writeFileSync(keyFile, `${KEY}\n`);
  return { file, keyFile, url, pathway: 'complex-care', from: 'acute-trust', to: 'hospice' };
}

describe('a referral message in a file', () => {
  const message = JSON.stringify(referralMessage());

  test('is offered through the intake, once for the same message, with its own urgency chosen', async () => {
    const server = await startServer({
      offer: async () => ({ caseId: 'C1', handoverId: 'h1', status: 'offered', missing: ['allergies'] }),
    });
    const offered = request(message, server.url);
    const lines = await offerFile({ ...offered, urgency: 'same-day' });
    await offerFile({ ...offered, urgency: 'same-day' });
    expect(lines.slice(0, 2)).toEqual([
      'offered: case C1, handover h1',
      'still asked of the sender: allergies',
    ]);
    const [first, second] = server.offered;
    expect(first?.[2].content).toMatchObject({
      person: { given: 'Ann May', surname: 'Exemplar' },
      ask: { urgency: 'same-day' },
    });
    expect(first?.[3].idempotencyKey).toMatch(/^bars-/);
    expect(second?.[3]).toEqual(first?.[3]);
  });

  test.each([
    [new Refused('unknown-provider', 'There is no such provider.'), Refused],
    [new Invalid('Mend it.', [{ field: 'content.ask.urgency', message: 'Use one of: routine.' }]), Invalid],
    [new Unavailable('the store is away', 'no'), Unavailable],
  ])('that the intake does not take (%s) is told as such', async (thrown, kind) => {
    const server = await startServer({ offer: async () => Promise.reject(thrown) });
    await expect(offerFile(request(message, server.url))).rejects.toBeInstanceOf(kind);
  });

  test('with nobody listening says how to start', async () => {
    await expect(offerFile(request(message))).rejects.toThrow(/npm start/);
  });
});

test.each([
  ['what is not JSON', '{"Margaret'],
  ['what is no FHIR message', '{"resourceType":"Patient"}'],
])('%s is not offered, and is not repeated', async (_name, text) => {
  const offering = offerFile(request(text));
  await expect(offering).rejects.toBeInstanceOf(Invalid);
  await expect(offering).rejects.not.toThrow(/Margaret/);
});

test('a file that is not there is told as such', async () => {
  await expect(offerFile({ ...request(''), file: 'no-such-file.json' })).rejects.toThrow(/cannot be read/);
});
