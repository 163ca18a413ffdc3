import { type Escalation, live, nextAt } from './escalation.ts';

/** The escalation with its places: all of them by start, the running ones by what comes next, and those that ask somebody. */
export function listed<E extends Escalation>(escalation: E): E {
  const { caseId, subject, startedAt, parties } = escalation;
  const name = `${caseId}|${subject}`;
  const started = `${startedAt}|${name}`;
  const lists: Record<string, string> = { escalations: started };
  const providers = new Set(Object.values(parties));
  for (const provider of providers) lists[`escalations@${provider}`] = started;
  const next = escalation.state === 'running' ? nextAt(escalation) : undefined;
  if (next !== undefined) {
    const place = `${next}|${name}`;
    lists['escalations.open'] = place;
    for (const provider of providers) lists[`escalations.open@${provider}`] = place;
    for (const person of new Set(live(escalation).flatMap(({ asked }) => asked))) {
      lists[`escalations.mine@${person}`] = place;
    }
  }
  return { ...escalation, lists };
}
