import { AGAIN } from '../../../src/jobs/presenter.ts';
import { actionsOf } from '../../support/posts.ts';
import type { Taken } from '../connector.ts';

/** A prompt as it came to one person. */
export interface Prompt {
  readonly caseId: string;
  readonly n: number;
  readonly chat: string;
  /** It said that it may have come before. */
  readonly isRepeat: boolean;
  readonly post: Taken;
}

/** What a card that was just posted asks somebody; undefined where it is no prompt. */
export function promptOf(post: Taken): Prompt | undefined {
  const ask = actionsOf(post.card).find(({ verb }) => verb === 'escalation.acknowledge');
  const { caseId, n } = (ask?.data ?? {}) as { caseId?: string; n?: number };
  if (caseId === undefined || n === undefined) return undefined;
  return { caseId, n, chat: post.conversationId, isRepeat: post.first.startsWith(AGAIN.trim()), post };
}

/** Does it still ask, as it reads now? */
export const stillAsks = ({ post }: Prompt): boolean =>
  actionsOf(post.card).some(({ verb }) => verb.startsWith('escalation.'));
