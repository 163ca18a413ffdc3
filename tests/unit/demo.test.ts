import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { bodyOf } from '../../infra/demo/seed.js';
import { outsideOf, providerOf, urgencyOf } from '../../src/agreement/agreement.ts';
import { readAgreementFile } from '../../src/agreement-files.ts';
import { missingFields, warningsOf } from '../../src/handovers/completeness.ts';
import { readOffer } from '../../src/http/handover-body.ts';

const DEMO = join(import.meta.dirname, '..', '..', 'infra', 'demo');
const NOW = '2026-11-24T12:00:00.000Z';
const files = globSync(join(DEMO, 'examples', '*.json')).sort();

test('the demo has three examples: two that are whole, and one that lacks something', async () => {
  const agreement = await readAgreementFile(join(DEMO, 'agreements', 'riverside.yaml'));
  const lacking: Record<string, number> = {};
  for (const file of files) {
    const example = JSON.parse(readFileSync(file, 'utf8'));
    expect(example.pathway).toBe(agreement.pathway);
    const offer = readOffer(bodyOf(example, Date.parse(NOW)));
    expect(providerOf(agreement, offer.from) ?? outsideOf(agreement, offer.from)).toBeDefined();
    expect(providerOf(agreement, offer.to)).toBeDefined();
    expect(urgencyOf(agreement, offer.content.ask.urgency ?? '')).toBeDefined();
    expect(offer.content.ask.neededBy && offer.content.ask.neededBy > NOW).toBe(true);
    // Only numbers of the range that is never given to anybody.
    expect(offer.content.person.nhsNumber ?? '999').toMatch(/^999/);
    expect(warningsOf(offer.content)).not.toContain('nhs-number-invalid');
    lacking[basename(file)] = missingFields(offer.content, agreement.dataset).length;
  }
  console.log(`examples of the demo and the fields they lack: ${JSON.stringify(lacking)}`);
  expect(Object.values(lacking).map((count) => count > 0)).toEqual([false, false, true]);
});
