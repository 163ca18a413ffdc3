import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DATASET } from '../../../src/agreement/dataset.ts';
import { readReferral } from '../../../src/fhir/referral.ts';

/** Real messages of the standard, kept beside the project and not in it. */
const FOLDER = new URL('../../../../shared/data/bars/', import.meta.url);

interface RawBundle {
  id: string;
  entry: { fullUrl: string; resource: { resourceType: string; [field: string]: unknown } }[];
}

/** What becomes of each: the referral requests among them are offered, the rest say what they are. */
const EXPECTED: Record<string, string> = {
  'REFREQ01.json': 'referral',
  'REFREQ8A.json': 'referral',
  'REFRESP02.json': 'response',
  'SERVREQ01.json': 'cancellation',
  'ValidationRequestPOST.json': 'validation',
  'ValidationResponsePOST.json': 'response',
  'POST-body.json': 'booking',
};

test('real messages of the standard are read or refused for what they are', (ctx) => {
  if (!existsSync(FOLDER)) {
    const reason = 'no real messages beside the project (../shared/data/bars)';
    console.log(`Skipped: ${reason}`);
    ctx.skip(reason);
    return;
  }
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(0);
  let referrals = 0;
  for (const file of files) {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const raw: RawBundle = JSON.parse(text);
    const result = readReferral(raw);
    expect([file, result.kind === 'refused' ? result.code : result.kind]).toEqual([file, EXPECTED[file]]);
    if (result.kind === 'refused') continue;
    referrals += 1;
    const { content } = result;
    expect(result.messageId).toBe(raw.id);

    const all = (kind: string) =>
      raw.entry.map((one) => one.resource).filter((one) => one.resourceType === kind);
    const [patient] = all('Patient') as {
      name?: { family: string; given: string[] }[];
      birthDate?: string;
    }[];
    expect(content.person.surname).toBe(patient?.name?.[0]?.family);
    expect(content.person.given).toBe(patient?.name?.[0]?.given.join(' '));
    expect(content.person.dob).toBe(patient?.birthDate);
    expect(content.person.nhsNumber).toBe(/nhs-number",\s*"value": "(\d+)"/.exec(text)?.[1]);
    expect(content.ask.service).toBe(all('HealthcareService')[0]?.name);
    expect(content.safeguarding.status).toBe(/"code": "SG"/.test(text) ? 'concern' : undefined);
    expect(content.consent.status).toBe('given');
    expect(content.contacts).toHaveLength(1);
    expect(result.sender.ods).toMatch(/^[A-Z0-9]{3,10}$/);
    expect(content.author.name).toBeTruthy();

    // Nothing is made up: every word about people, allergies and flags stands in the message.
    const words = [
      content.person,
      content.contacts,
      content.author,
      content.allergies,
      content.safeguarding.detail,
    ]
      .flatMap((part) => JSON.stringify(part ?? {}).match(/"(?:[^"\\]|\\.)*"(?!:)/g) ?? [])
      .flatMap((value) => (JSON.parse(value) as string).split(/[\s,;()]+/))
      .filter((word) => word !== '');
    expect(words.length).toBeGreaterThan(5);
    for (const word of words) expect(text).toContain(word);

    const filled = Object.keys(DATASET).filter((path) => {
      const value = path.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), content);
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    });
    console.log(`${file}: carries ${filled.length} of ${Object.keys(DATASET).length} fields of the dataset`);
    expect(filled.length).toBeGreaterThanOrEqual(8);
  }
  console.log(
    `Read ${files.length} real messages: ${referrals} referrals, ${files.length - referrals} refused`,
  );
  expect(referrals).toBeGreaterThan(0);
});
