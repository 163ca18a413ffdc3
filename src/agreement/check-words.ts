import type { Ability } from '../core/permissions.ts';
import { clockRuns, spanProblem } from '../core/working-time.ts';
import { type Agreement, peopleInRole, peopleWho, providerOf, roleOf } from './agreement.ts';
import { calendarOf } from './calendar.ts';
import { type Finding, finding, unknownProvider, unknownRole } from './finding.ts';

/** What was agreed about urgencies, reasons and senders outside: clocks that run, and somebody behind each role. */
export function checkWords(terms: Agreement): Finding[] {
  return [...checkUrgencies(terms), ...checkReasons(terms), ...checkOutside(terms)];
}

function checkUrgencies(terms: Agreement): Finding[] {
  const receivers = terms.providers.filter((provider) => peopleWho(terms, provider.id, 'answer').length > 0);
  return terms.urgencies.flatMap((urgency, at) => {
    const findings: Finding[] = [];
    const need = spanProblem(urgency.need, 'elapsed');
    if (need) findings.push(finding(['urgencies', at, 'need'], `${urgency.need} cannot be used`, need));
    const { within, clock } = urgency.answer;
    const span = spanProblem(within, clock);
    if (span) {
      findings.push(
        finding(['urgencies', at, 'answer', 'within'], `${within} cannot be used on ${clock}`, span),
      );
    }
    for (const receiver of receivers) {
      if (clockRuns(clock, calendarOf(terms, receiver.id))) continue;
      findings.push(
        finding(
          ['urgencies', at, 'answer', 'clock'],
          `the clock ${clock} never runs at ${receiver.name}, which has no such hours`,
          `give ${receiver.id} opening hours ${clock === 'working-days' ? 'from Monday to Friday' : 'on at least one day'}, or use the clock elapsed`,
        ),
      );
    }
    urgency.accept.forEach((role, which) => {
      const path = ['urgencies', at, 'accept', which];
      const can: readonly Ability[] | undefined = roleOf(terms, role)?.can;
      if (!can) findings.push(unknownRole(path, role));
      else if (!can.includes('answer')) {
        findings.push(
          finding(
            path,
            `the role ${role} cannot answer handovers`,
            `add answer to what ${role} can, or name another role`,
          ),
        );
      } else if (!terms.people.some((person) => person.positions.some((one) => one.role === role))) {
        findings.push(
          finding(
            path,
            `nobody has the role ${role}`,
            'give somebody at a receiving provider this role, or remove it here',
          ),
        );
      }
    });
    return findings;
  });
}

function checkReasons(terms: Agreement): Finding[] {
  const findings: Finding[] = [];
  if (!terms.rejection.some((reason) => reason.closes)) {
    findings.push(
      finding(
        ['rejection'],
        'no reason closes the need',
        'mark at least one with closes: true, such as a duplicate',
      ),
    );
  }
  if (!terms.rejection.some((reason) => !reason.closes)) {
    findings.push(
      finding(
        ['rejection'],
        'every reason closes the need, so that a person without a service would be forgotten',
        'mark at least one with closes: false, such as no capacity',
      ),
    );
  }
  return findings;
}

function checkOutside(terms: Agreement): Finding[] {
  return terms.outside.flatMap((sender, at) => {
    const findings: Finding[] = [];
    const { provider, role } = sender.keptBy;
    if (providerOf(terms, sender.id) || terms.outside.findIndex((one) => one.id === sender.id) !== at) {
      findings.push(
        finding(
          ['outside', at, 'id'],
          `the id ${sender.id} is there twice`,
          'give the outside sender its own id',
        ),
      );
    }
    if (!providerOf(terms, provider)) {
      findings.push(unknownProvider(['outside', at, 'keptBy', 'provider'], provider));
    } else if (!roleOf(terms, role)) {
      findings.push(unknownRole(['outside', at, 'keptBy', 'role'], role));
    } else if (peopleInRole(terms, provider, role).length === 0) {
      findings.push(
        finding(
          ['outside', at, 'keptBy'],
          `nobody has the role ${role} at ${provider}, so the cases of ${sender.name} would be kept by nobody`,
          'name a provider and role that somebody has',
        ),
      );
    }
    return findings;
  });
}
