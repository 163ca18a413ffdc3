import type { Ability } from '../core/permissions.ts';
import { isTimeZone } from '../core/wording.ts';
import { type Agreement, DAYS, peopleInRole, peopleWho, providerOf, roleOf } from './agreement.ts';
import { normaliseConversation } from './channel.ts';
import { checkDigest } from './check-digest.ts';
import { checkLadder } from './check-ladder.ts';
import { checkLists } from './check-lists.ts';
import { checkRaci } from './check-raci.ts';
import { checkSafeguarding } from './check-safeguarding.ts';
import { checkTraining } from './check-training.ts';
import { checkWords } from './check-words.ts';
import { type Finding, finding, twice, unknownProvider, unknownRole } from './finding.ts';

/** What one entry alone cannot show: references, people behind the roles, clocks that run. Empty when all is well. */
export function checkAgreement(terms: Agreement): Finding[] {
  return [
    ...checkUnique(terms),
    ...checkProviders(terms),
    ...checkPeople(terms),
    ...checkChannels(terms),
    ...checkWords(terms),
    ...checkLadder(terms),
    ...checkRaci(terms),
    ...checkLists(terms),
    ...checkDigest(terms),
    ...checkTraining(terms),
    ...checkSafeguarding(terms),
    ...(isTimeZone(terms.zone)
      ? []
      : [
          finding(
            ['zone'],
            `the time zone ${terms.zone} is not known`,
            'write Europe/London or another IANA name',
          ),
        ]),
  ];
}

function checkUnique(terms: Agreement): Finding[] {
  return [
    ...twice(
      terms.providers.map((each) => each.id),
      (at) => ['providers', at, 'id'],
      'the provider',
    ),
    ...twice(
      terms.roles.map((each) => each.id),
      (at) => ['roles', at, 'id'],
      'the role',
    ),
    ...twice(
      terms.people.map((each) => each.key),
      (at) => ['people', at, 'key'],
      'the person',
    ),
    ...twice(
      terms.urgencies.map((each) => each.id),
      (at) => ['urgencies', at, 'id'],
      'the urgency',
    ),
    ...twice(
      terms.rejection.map((each) => each.code),
      (at) => ['rejection', at, 'code'],
      'the rejection reason',
    ),
    ...twice(
      terms.acceptWithGap.map((each) => each.code),
      (at) => ['acceptWithGap', at, 'code'],
      'the reason',
    ),
    ...twice(terms.dataset, (at) => ['dataset', at], 'the field'),
  ];
}

function checkProviders(terms: Agreement): Finding[] {
  const primes = terms.providers.flatMap((provider, at) => (provider.kind === 'prime' ? [at] : []));
  const findings: Finding[] = [];
  if (primes.length === 0) {
    findings.push(
      finding(
        ['providers'],
        'no provider is the prime',
        'write kind: prime at the one that answers for the pathway',
      ),
    );
  }
  for (const at of primes.slice(1)) {
    findings.push(
      finding(
        ['providers', at, 'kind'],
        'there is more than one prime',
        'leave kind: prime at one provider only',
      ),
    );
  }
  const [first] = primes;
  const prime = first === undefined ? undefined : terms.providers[first];
  if (prime && peopleWho(terms, prime.id, 'clinical-lead').length === 0) {
    findings.push(
      finding(
        ['providers', first ?? 0],
        `nobody at ${prime.name} is the clinical lead, to whom a second rejection goes`,
        'give somebody there a role that can: clinical-lead',
      ),
    );
  }
  terms.providers.forEach((provider, at) => {
    if (!roleOf(terms, provider.holdsAs)) {
      findings.push(unknownRole(['providers', at, 'holdsAs'], provider.holdsAs));
    } else if (peopleInRole(terms, provider.id, provider.holdsAs).length === 0) {
      findings.push(
        finding(
          ['providers', at, 'holdsAs'],
          `nobody at ${provider.name} has the role ${provider.holdsAs}, so its cases would be held by nobody`,
          'give somebody there this role, or name a role that somebody has',
        ),
      );
    }
    const takesPart = (['offer', 'answer'] satisfies Ability[]).some(
      (ability) => peopleWho(terms, provider.id, ability).length > 0,
    );
    if (!takesPart) {
      findings.push(
        finding(
          ['providers', at],
          `nobody at ${provider.name} can offer or answer a handover`,
          'give somebody there a role that can: offer or answer, or remove the provider',
        ),
      );
    }
    for (const day of DAYS) {
      const hours = provider.hours?.[day];
      if (hours && hours.open >= hours.close) {
        findings.push(
          finding(
            ['providers', at, 'hours', day],
            `${hours.open} to ${hours.close} is no opening time`,
            'write an opening time before the closing time of the same day',
          ),
        );
      }
    }
  });
  return findings;
}

function checkPeople(terms: Agreement): Finding[] {
  const findings: Finding[] = [];
  const accounts = new Map<string, string>();
  terms.people.forEach((person, at) => {
    person.accounts.forEach((account, which) => {
      const name = JSON.stringify([account.tenant, account.objectId]);
      const other = accounts.get(name);
      if (other !== undefined) {
        findings.push(
          finding(
            ['people', at, 'accounts', which],
            other === person.key ? 'this account is there twice' : `this account already belongs to ${other}`,
            'an account belongs to one person: correct it or remove one',
          ),
        );
      }
      accounts.set(name, person.key);
    });
    person.positions.forEach((position, which) => {
      const path = ['people', at, 'positions', which] as const;
      if (!providerOf(terms, position.provider)) {
        findings.push(unknownProvider([...path, 'provider'], position.provider));
      }
      if (!roleOf(terms, position.role)) findings.push(unknownRole([...path, 'role'], position.role));
      const same = (one: typeof position) => one.provider === position.provider && one.role === position.role;
      if (person.positions.findIndex(same) !== which) {
        findings.push(finding(path, 'this provider and role are there twice', 'remove one'));
      }
    });
  });
  return findings;
}

function checkChannels(terms: Agreement): Finding[] {
  return terms.channels.flatMap((channel, at) => {
    const findings: Finding[] = [];
    if (!providerOf(terms, channel.provider)) {
      findings.push(unknownProvider(['channels', at, 'provider'], channel.provider));
    }
    const earlier = terms.channels.slice(0, at);
    const conversation = normaliseConversation(channel.conversation);
    if (earlier.some((one) => normaliseConversation(one.conversation) === conversation)) {
      findings.push(
        finding(
          ['channels', at, 'conversation'],
          'this channel is there twice',
          'a channel belongs to one provider: leave it at one',
        ),
      );
    }
    if (earlier.some((one) => one.provider === channel.provider)) {
      findings.push(
        finding(
          ['channels', at, 'provider'],
          `${channel.provider} has two channels`,
          'a provider has one channel on a pathway: leave the one where its cards go',
        ),
      );
    }
    return findings;
  });
}
