import type { Agreements } from '../agreement/current.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { ROTA_HEAD, type Rota, type RotaDoc, rotaKey } from './rota.ts';

export interface RotaDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly agreements: Agreements;
  /** Has Baton a way to the person's own chat that does not fail? */
  readonly reached: (pathwayId: string, person: string) => Promise<boolean>;
  /** Wakes the sender of this pathway's notices; called after a commit that raised some. */
  readonly kick: (pathwayId: string) => void;
  /** Called after the rota changed: what is running is planned anew. Called again after a crash. */
  readonly moved: (pathwayId: string) => Promise<void>;
}

/** A rota as it stands, and who of it counts: only those whom Baton has reached. */
export interface OnCall extends Rota {
  readonly reached: (person: string) => boolean;
}

/** Changes who is on duty, and says who is. */
export function createRota(deps: RotaDeps) {
  const { store, agreements } = deps;

  /** The shifts and absences, as far as today's agreement has the people in these roles. */
  async function read(pathwayId: string): Promise<Rota> {
    const [stored, agreement] = await Promise.all([
      store.get<RotaDoc>(rotaKey(pathwayId), ROTA_HEAD),
      agreements.inForce(pathwayId),
    ]);
    return { shifts: stored?.doc.shifts ?? [], away: agreement ? (stored?.doc.away ?? []) : [] };
  }

  /** The rota, with whom of its people Baton reaches at this moment. */
  async function onCall(pathwayId: string): Promise<OnCall> {
    const rota = await read(pathwayId);
    const people = new Set([
      ...rota.shifts.map(({ person }) => person),
      ...rota.away.flatMap(({ cover }) => cover ?? []),
    ]);
    const found = await Promise.all(
      [...people].map(async (person) => ((await deps.reached(pathwayId, person)) ? [person] : [])),
    );
    const reached = new Set(found.flat());
    return { ...rota, reached: (person) => reached.has(person) };
  }

  return { read, onCall };
}

export type RotaCommands = ReturnType<typeof createRota>;
