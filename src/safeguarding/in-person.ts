import { noticeCard } from '../core/cards.ts';
import type { CardView, Reply } from '../core/routes.ts';

/** Says nothing of what is not shown. */
const INSTEAD = noticeCard({
  title: 'Ask in person',
  text: 'This is not shown where others read it. Open a chat with Baton, say hello, and ask there.',
});

/** A concern's words are for one person's eyes; where others read along they see nothing of it. */
export const inPerson = (view: CardView): Reply => ({ kind: 'card', private: true, view, instead: INSTEAD });
