import type { Position } from '../core/actors.ts';
import { rule } from '../core/permissions.ts';
import { clockRuns, parseSpan, spanProblem } from '../core/working-time.ts';
import { type Agreement, peopleInRole, positionCan, roleOf } from './agreement.ts';
import { calendarOf } from './calendar.ts';
import { type Finding, finding, twice, unknownRole } from './finding.ts';
import { climbOf, RUNG_KINDS, type RungTerms, rungOf } from './ladder.ts';
import { meantBy } from './sides.ts';

const MINUTE_MS = 60_000;

/** A length of time as it passes, in milliseconds, a day as 24 hours; nothing for one that cannot be read. */
export function elapsedMs(span: string): number {
  const { days, minutes } = parseSpan(span) ?? { days: 0, minutes: 0 };
  return (days * 24 * 60 + minutes) * MINUTE_MS;
}

/** The ladder: rungs that are reached, people to ask on each, and times that fit their clocks and the needs. */
export function checkLadder(terms: Agreement): Finding[] {
  const { rungs } = terms.ladder;
  return [
    ...twice(
      rungs.map(({ id }) => id),
      (at) => ['ladder', 'rungs', at, 'id'],
      'the rung',
    ),
    ...rungs.flatMap((rung, at) => {
      const path = ['ladder', 'rungs', at] as const;
      return [
        ...checkPlace(terms, rung, path),
        ...checkAsked(terms, rung, path),
        ...checkTimes(terms, rung, path),
      ];
    }),
    ...checkStarts(terms),
    ...checkFirstRung(terms),
  ];
}

/** Where a rung stands: operational before clinical, the contractual one beside a clinical one. */
function checkPlace({ ladder }: Agreement, rung: RungTerms, path: Finding['path']): Finding[] {
  const { beside, kind } = rung;
  if (beside === undefined) {
    if (kind === 'contractual') {
      return [
        finding(
          [...path, 'kind'],
          `the contractual rung ${rung.id} stands on the climb, where it would run instead of people who can act`,
          'write beside: and the id of the clinical rung that it runs beside',
        ),
      ];
    }
    const before = climbOf(ladder).slice(0, climbOf(ladder).indexOf(rung));
    const rank = RUNG_KINDS.indexOf(kind);
    const above = before.find((one) => RUNG_KINDS.indexOf(one.kind) > rank);
    return above
      ? [
          finding(
            path,
            `the ${kind} rung ${rung.id} comes after the ${above.kind} rung ${above.id}, so that it is reached too late or never`,
            'order the rungs from operational to clinical',
          ),
        ]
      : [];
  }
  const other = rungOf(ladder, beside);
  const wrong = (message: string, remedy: string): Finding[] => [
    finding([...path, 'beside'], message, remedy),
  ];
  if (beside === rung.id) {
    return wrong(
      `the rung ${rung.id} runs beside itself, so that it never begins`,
      'name the rung that it begins with',
    );
  }
  if (!other) {
    return wrong(`the rung ${beside} is not on the ladder`, 'name the id of a rung, or remove beside');
  }
  if (other.beside !== undefined) {
    return wrong(
      `the rung ${beside} itself runs beside another`,
      'name a rung of the climb, one without beside',
    );
  }
  if (kind === 'contractual' && other.kind !== 'clinical') {
    return wrong(
      `the contractual rung ${rung.id} runs beside the ${other.kind} rung ${beside}`,
      'name a clinical rung: what is taken up with the contract is a clinical matter at the same time',
    );
  }
  return [];
}

/** Somebody to ask at every provider that the rung can mean. */
function checkAsked(terms: Agreement, rung: RungTerms, path: Finding['path']): Finding[] {
  const { of, roles } = rung.ask;
  const known = roles.filter((role) => roleOf(terms, role) !== undefined);
  const meant = meantBy(terms, of);
  const here = [...path, 'ask'];
  const findings: Finding[] = [];
  roles.forEach((role, which) => {
    const at = [...here, 'roles', which];
    if (!known.includes(role)) findings.push(unknownRole(at, role));
    else if (!meant.some((provider) => peopleInRole(terms, provider.id, role).length > 0)) {
      findings.push(
        finding(
          at,
          `nobody at a provider that can be the ${of} has the role ${role}`,
          'give somebody there this role, or remove it here',
        ),
      );
    }
  });
  if (meant.length === 0) {
    findings.push(
      finding(
        [...here, 'of'],
        `no provider can be the ${of}, so that nobody is ever asked`,
        'ask the people of another side, or give people there a role that can offer or answer',
      ),
    );
  }
  if (known.length < roles.length) return findings;
  for (const provider of meant) {
    const held = roles.filter((role) => peopleInRole(terms, provider.id, role).length > 0);
    if (held.some((role) => mayAnswer(terms, { provider: provider.id, role }))) continue;
    findings.push(
      held.length === 0
        ? finding(
            here,
            `at ${provider.name} nobody has the role ${roles.join(' or ')}, so that nobody could ever answer there`,
            `add a role that somebody at ${provider.id} has, or give somebody there one of these`,
          )
        : finding(
            here,
            `at ${provider.name} the role ${held.join(' or ')} can do nothing about what it is asked`,
            'add answer, clinical or coordinate to what the role can, or ask another role',
          ),
    );
  }
  return findings;
}

/** Whoever is asked must be able to say at least "I'm on it". */
const mayAnswer = (terms: Agreement, position: Position): boolean =>
  rule(
    'escalation.acknowledge',
    { kind: 'person', person: '', name: '', positions: [position] },
    { receiver: position.provider },
    (at, ability) => positionCan(terms, at, ability),
  ).allowed;

function checkTimes(terms: Agreement, rung: RungTerms, path: Finding['path']): Finding[] {
  const { within, clock } = rung.answer;
  const findings: Finding[] = [];
  const problem = spanProblem(within, clock);
  if (problem) {
    findings.push(finding([...path, 'answer', 'within'], `${within} cannot be used on ${clock}`, problem));
  }
  for (const provider of meantBy(terms, rung.ask.of)) {
    if (clockRuns(clock, calendarOf(terms, provider.id))) continue;
    findings.push(
      finding(
        [...path, 'answer', 'clock'],
        `the clock ${clock} never runs at ${provider.name}, which has no such hours`,
        `give ${provider.id} opening hours ${clock === 'working-days' ? 'from Monday to Friday' : 'on at least one day'}, or use the clock elapsed`,
      ),
    );
  }
  rung.remind.forEach((remind, which) => {
    const at = [...path, 'remind', which];
    const wrong = spanProblem(remind, 'elapsed');
    if (wrong) findings.push(finding(at, `${remind} cannot be used`, wrong));
    else if (!problem && elapsedMs(remind) >= elapsedMs(within)) {
      findings.push(
        finding(
          at,
          `a reminder ${remind} before the end would come before they are asked, with ${within} to answer`,
          `write less than ${within}`,
        ),
      );
    } else if (rung.remind.findIndex((one) => elapsedMs(one) === elapsedMs(remind)) !== which) {
      findings.push(finding(at, `the reminder ${remind} is there twice`, 'remove one'));
    }
  });
  return [...findings, ...checkHold(terms, rung, [...path, 'hold'])];
}

/** "I'm on it" ends with the need: a hold as long as that leaves nobody else the time to act. */
function checkHold(terms: Agreement, rung: RungTerms, path: Finding['path']): Finding[] {
  const problem = spanProblem(rung.hold, 'elapsed');
  if (problem) return [finding(path, `${rung.hold} cannot be used`, problem)];
  // The contractual rung takes days, whatever becomes of the need meanwhile.
  if (rung.kind === 'contractual') return [];
  const shortest = terms.urgencies
    .filter(({ need }) => elapsedMs(need) > 0)
    .sort((a, b) => elapsedMs(a.need) - elapsedMs(b.need))[0];
  return shortest && elapsedMs(rung.hold) > elapsedMs(shortest.need)
    ? [
        finding(
          path,
          `somebody could say "I'm on it" for ${rung.hold}, longer than the whole need of ${shortest.name}, ${shortest.need}`,
          `write less than ${shortest.need}`,
        ),
      ]
    : [];
}

/** Every kind that a rejection starts at has its rung. */
function checkStarts({ rejection, ladder }: Agreement): Finding[] {
  return rejection.flatMap(({ code, firstRung }, at) =>
    ladder.rungs.some(({ kind }) => kind === firstRung)
      ? []
      : [
          finding(
            ['rejection', at, 'firstRung'],
            `the reason ${code} starts at a ${firstRung} rung, and the ladder has none`,
            `add a ${firstRung} rung to the ladder, or start at another`,
          ),
        ],
  );
}

/** The first rung ends before the need does, where both run on the clock. Working hours differ from day to day. */
function checkFirstRung({ urgencies, ladder }: Agreement): Finding[] {
  const [first] = climbOf(ladder);
  if (!first) return [];
  const onRung = first.answer.clock === 'elapsed' ? elapsedMs(first.answer.within) : 0;
  return urgencies.flatMap(({ name, need, answer }, at) =>
    answer.clock === 'elapsed' && elapsedMs(need) > 0 && elapsedMs(answer.within) + onRung > elapsedMs(need)
      ? [
          finding(
            ['urgencies', at, 'need'],
            `the rung ${first.id} is due after the need of ${name}: ${answer.within} to answer${onRung > 0 ? ` and ${first.answer.within} on the rung` : ''} are longer than ${need}`,
            'shorten the time to answer or the rung, or give the urgency a longer need',
          ),
        ]
      : [],
  );
}
