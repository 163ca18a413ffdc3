import type { Agreements } from '../agreement/current.ts';
import { type Actor, actorRef, type Position } from '../core/actors.ts';
import type { Head } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { dutyEnds, onDuty, type RotaDoc, runs } from '../rota/rota.ts';
import type { Loaded } from '../store/turn.ts';
import type { Duty, Ground } from './draft.ts';
import type { Escalation, Matter, Subject } from './escalation.ts';

export interface GroundDeps {
  readonly agreements: Agreements;
  readonly rota: {
    read(pathwayId: string): Promise<Pick<RotaDoc, 'shifts' | 'away'>>;
    /** Has Baton a way to this person? */
    reached(pathwayId: string, person: string): Promise<boolean>;
  };
  /** What can climb, by the prefix of its subject. */
  readonly subjects: Readonly<Record<string, Subject>>;
}

/** Nobody's cards stand anywhere. */
export const NOWHERE: Matter['routes'] = { receiver: [], holder: [] };

/** Brings together what a rule about an escalation decides from. */
export function createGrounds({ agreements, rota, subjects }: GroundDeps) {
  const subjectOf = (subject: string): Subject | undefined => {
    const prefix = subject.split(':')[0] ?? '';
    return Object.hasOwn(subjects, prefix) ? subjects[prefix] : undefined;
  };

  async function dutyOf(pathwayId: string, now: Instant): Promise<Duty> {
    const book = await rota.read(pathwayId);
    // A rota names everybody for weeks; only those whose duty runs now can be asked.
    const people = new Set([
      ...book.shifts.filter((shift) => runs(shift, now)).map(({ person }) => person),
      ...book.away.filter((away) => runs(away, now)).flatMap(({ cover }) => cover ?? []),
    ]);
    const reached = new Set<string>();
    await Promise.all(
      [...people].map(async (person) => {
        if (await rota.reached(pathwayId, person)) reached.add(person);
      }),
    );
    return {
      on: (provider, roles) =>
        onDuty(book, now, { provider, ...(roles && { roles }) }, (person) => reached.has(person)),
      ends: (person, provider) => dutyEnds(book, person, provider, now),
    };
  }

  /** `version`: of the agreement whose ladder counts. */
  async function groundOf(
    pathwayId: string,
    version: number,
    routes: Matter['routes'],
    actor: Actor,
    position: Position | undefined,
    now: Instant,
  ): Promise<Ground> {
    const inForce = await agreements.inForce(pathwayId);
    if (!inForce) throw new Error('an escalation belongs to a pathway in force');
    const agreed =
      inForce.version === version
        ? inForce.terms
        : ((await agreements.version(pathwayId, version))?.terms ?? inForce.terms);
    return {
      agreed,
      today: inForce.terms,
      duty: await dutyOf(pathwayId, now),
      routes,
      now,
      by: actorRef(actor, position),
    };
  }

  async function loadedGround(
    loaded: Loaded<Head>,
    escalation: Escalation,
    actor: Actor,
    position: Position | undefined,
    now: Instant,
  ): Promise<Ground> {
    const matter = await subjectOf(escalation.subject)?.matter(loaded, escalation.subject);
    const { pathwayId } = loaded.key;
    return groundOf(pathwayId, escalation.agreementVersion, matter?.routes ?? NOWHERE, actor, position, now);
  }

  return { subjectOf, groundOf, loadedGround };
}
