import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Invalid } from '../../src/core/errors.ts';
import { offerFile } from '../../src/offer-file.ts';

const request = (text: string, url = 'http://localhost:9') => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-offer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'message.json');
  writeFileSync(file, text);
  return { file, url, pathway: 'complex-care', from: 'acute-trust', to: 'hospice' };
};

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
