import { showActionsAgain } from './actions/show-again.ts';
import type { Agreement } from './agreement/agreement.ts';
import type { Route } from './core/change.ts';
import { showAgain } from './handovers/show-again.ts';
import { showMismatchesAgain } from './reconciliation/show-again.ts';
import { showUnownedAgain } from './register/show-again.ts';
import { showConcernsAgain } from './safeguarding/show-again.ts';
import type { Store } from './store/store.ts';
import type { RunTurn } from './store/turn.ts';

export interface AgainGround {
  readonly store: Store;
  readonly run: RunTurn;
  readonly termsOf: (pathwayId: string) => Promise<Agreement | undefined>;
}

const AGAIN = [showAgain, showActionsAgain, showUnownedAgain, showMismatchesAgain, showConcernsAgain];

/** Posts anew what is open at one route: in a channel that of its provider, in person that of each of theirs. */
export async function showOpenAgain(
  { store, run, termsOf }: AgainGround,
  pathwayId: string,
  at: Route,
): Promise<void> {
  const person = at.to === 'person' ? at.person : undefined;
  const positions = (await termsOf(pathwayId))?.people.find(({ key }) => key === person)?.positions ?? [];
  const all = at.to === 'channel' ? [at.provider] : positions.map(({ provider }) => provider);
  const providers = [...new Set(all)];
  for (const again of AGAIN) {
    await again({ store, run }, pathwayId, at, providers);
  }
}
