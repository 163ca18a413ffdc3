import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { problemLine, readAgreement } from '../../../src/agreement/file.ts';
import { warnWaking } from '../../../src/agreement/warn-waking.ts';
import { at, riverside } from './demo.ts';

const RIVERSIDE = readFileSync(
  new URL('../../../infra/demo/agreements/riverside.yaml', import.meta.url),
  'utf8',
);
const PAGING = '    paging: { url: "https://paging.example.nhs.uk/baton" }';
const lineOf = (part: string): number => RIVERSIDE.split('\n').findIndex((line) => line.includes(part)) + 1;

/** What is warned of in the demo agreement without any paging service, once changed. */
function warned(change: (terms: Agreement) => void): string[] {
  const terms = riverside();
  for (const provider of terms.providers) delete provider.paging;
  for (const rung of terms.ladder.rungs) rung.wake = false;
  change(terms);
  return warnWaking(terms).map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const paged = (terms: Agreement, ...ids: string[]): void => {
  for (const provider of terms.providers) {
    if (ids.includes(provider.id)) provider.paging = { url: 'https://paging.example.nhs.uk/baton' };
  }
};

describe('a rung that is to wake people', () => {
  it('is no matter where none does', () => expect(warned(() => undefined)).toEqual([]));

  it('is warned of where the prime has no paging service', () => {
    const clinical = (terms: Agreement) => {
      at(terms.ladder.rungs, 1).wake = true;
    };
    expect(warned(clinical)).toEqual([
      'ladder.rungs.1.wake: the rung clinical wakes people, and Northside Community Trust has no paging service to wake them with',
    ]);
    const withPager = (terms: Agreement) => {
      clinical(terms);
      paged(terms, 'northside');
    };
    expect(warned(withPager)).toEqual([]);
  });

  it('is warned of for the prime as well where its clinicians stand in for an empty clinical rung', () => {
    const receivers = (terms: Agreement) => {
      const rung = at(terms.ladder.rungs, 1);
      rung.wake = true;
      rung.ask = { of: 'receiver', roles: ['duty-manager'] };
      paged(terms, ...terms.providers.filter(({ kind }) => kind !== 'prime').map(({ id }) => id));
    };
    expect(warned(receivers)).toEqual([
      'ladder.rungs.1.wake: the rung clinical wakes people, and Northside Community Trust has no paging service to wake them with',
    ]);
  });

  it('names every receiver that can be meant and has somebody in the roles, and no other', () => {
    const operational = (roles: string[], of: 'receiver' | 'sender') => (terms: Agreement) => {
      const rung = at(terms.ladder.rungs, 0);
      rung.wake = true;
      rung.ask = { of, roles };
    };
    expect(warned(operational(['duty-manager', 'visits-coordinator'], 'receiver'))[0]).toMatch(
      /^ladder\.rungs\.0\.wake: .*Kindly Visits have no paging/,
    );
    expect(warned(operational(['visits-coordinator'], 'receiver'))).toEqual([
      'ladder.rungs.0.wake: the rung operational wakes people, and Kindly Visits has no paging service to wake them with',
    ]);
    expect(
      warned((terms) => {
        operational(['visits-coordinator'], 'receiver')(terms);
        paged(terms, 'kindly');
      }),
    ).toEqual([]);
  });
});

test('the check of a file says so with the line and what to do, and the agreement is good all the same', () => {
  const yaml = RIVERSIDE.replace(/^ *paging: .*\n/gm, '');
  const read = readAgreement(yaml, 'a.yaml');
  if (!read.agreement) throw new Error(read.problems.map(problemLine).join('\n'));
  const said = read.warnings.map(problemLine).filter((line) => line.includes('wakes people'));
  const line = yaml.split('\n').findIndex((text) => text.includes('wake: true')) + 1;
  expect(said).toEqual([
    `a.yaml:${line}:13 ladder.rungs[1].wake: the rung clinical wakes people, and Northside Community Trust has no paging service to wake them with — write paging: { url: https://… } at the provider, or agree who rings the number on the card`,
  ]);
});

test.each([
  ['https://paging.example.nhs.uk/baton', true],
  ['http://127.0.0.1:3990/pages', true],
  ['http://paging.example.nhs.uk/baton', false],
  ['https://user:word@paging.example.nhs.uk/', false],
  ['paging.example.nhs.uk', false],
])('the address %s of a paging service is taken: %s', (url, taken) => {
  const before = `    phone: 0300 123 4501`;
  expect(lineOf(before)).toBeGreaterThan(0);
  const yaml = RIVERSIDE.replace(/^ *paging: .*\n/gm, '').replace(
    before,
    `${before}\n${PAGING.replace(/"https.*"/, `"${url}"`)}`,
  );
  const { problems = [] } = readAgreement(yaml, 'a.yaml');
  if (taken) expect(problems).toEqual([]);
  else {
    expect(problems).toHaveLength(1);
    expect(problems.map(problemLine)[0]).toMatch(
      /^a\.yaml:\d+:20 providers\[0\]\.paging\.url: .* cannot be used — write an https address/,
    );
  }
});
