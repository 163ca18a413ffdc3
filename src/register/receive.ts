import type { PartnerActor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid } from '../core/errors.ts';
import { readTime } from '../core/local-time.ts';
import type { Claims } from '../store/claim.ts';
import type { Register } from './commands.ts';
import type { ListImport } from './import.ts';
import type { Imported, ListAnswer, SentList } from './list.ts';
import type { ListFile } from './reading.ts';

interface ReceiveDeps {
  readonly claims: Claims;
  readonly lists: Pick<ListImport, 'importList'>;
  readonly register: Pick<Register, 'inForce'>;
  readonly now: () => Instant;
}

/**
 * Takes lists from partners' systems. The same request again gives the first answer; what is refused keeps nothing,
 * and leaves its key free. Errors: as `importList`; `Refused` `idempotency-mismatch`; `Invalid` for a time that is none.
 */
export function createListReceiver({ claims, lists, register, now }: ReceiveDeps) {
  /** A sender who did not wait for the answer asks again while the first try is still under way. */
  const underWay = new Map<string, Promise<ListAnswer>>();

  async function receive(
    actor: PartnerActor,
    sent: SentList,
    name: string,
    body: string,
  ): Promise<ListAnswer> {
    const { pathwayId, provider, asOf, allOrNothing, confirmed, bytes } = sent;
    const known = await claims.answered<ListAnswer>(pathwayId, name, body);
    if (known) return known;
    const { terms } = await register.inForce(pathwayId);
    const when = asOf === undefined ? undefined : readTime(asOf, terms.zone);
    if (when?.wrong !== undefined) {
      throw new Invalid('Nothing was loaded.', [{ field: 'as-of', message: when.wrong }]);
    }
    const file: ListFile = {
      provider,
      ...(when && { asOf: when.at }),
      allOrNothing,
      confirmed,
      bytes,
      begins: async () => void (await claims.take(pathwayId, name, body, () => provider)),
    };
    const answer = answerOf(await lists.importList(pathwayId, actor, file, now()));
    await claims.answer(pathwayId, name, answer);
    return answer;
  }

  return async (actor: PartnerActor, sent: SentList): Promise<ListAnswer> => {
    const { pathwayId, provider, idempotencyKey, hash, asOf, allOrNothing } = sent;
    const name = await claims.name(pathwayId, 'list', provider, idempotencyKey);
    // Whether it is confirmed is not part of it: the same request, confirmed, is the same list.
    const body = JSON.stringify([hash, asOf ?? null, allOrNothing]);
    const same = `${name} ${body}`;
    const running = underWay.get(same) ?? receive(actor, sent, name, body);
    underWay.set(same, running);
    try {
      return await running;
    } finally {
      underWay.delete(same);
    }
  };
}

const answerOf = ({ list, baseline, lines, fresh, updated, same, unowned, wrong }: Imported): ListAnswer => ({
  list: { id: list.id, asOf: list.asOf },
  baseline,
  lines,
  cases: { new: fresh, updated, same },
  unowned,
  wrong: { lines: wrong.lines, values: wrong.values },
  errors: wrong.first,
});
