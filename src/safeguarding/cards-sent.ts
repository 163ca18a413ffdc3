import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { refOf } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { type Concern, concernLabel } from './concern.ts';
import { raiserText, ringOf } from './words.ts';

/**
 * The answer to whoever has sent a concern, as things stand then: the reference, whether anybody has seen it, whom to
 * ring, and where to look later. `changed`: what they sent differs from what had been sent before.
 */
export function receiptCard(concern: Concern, today: Agreement, now: Instant, changed = false): CardView {
  const ring = ringOf(concern, today);
  const { opened, urgent, closed } = concern;
  const said = raiserText(concern, today, now);
  const lines = [
    ...(changed
      ? ['It had been sent before you changed it. Open it and press Add to this concern for what is new.']
      : []),
    ...(opened || closed
      ? []
      : [
          urgent
            ? `Do not wait for an answer: ring ${ring.name} now, ${ring.phone}.`
            : `If it cannot wait, ring ${ring.name}: ${ring.phone}.`,
        ]),
    'Your card about it in your chat with Baton says when it is seen. Press Open to look now.',
    'If anybody is in danger now, ring 999.',
  ];
  const open = {
    verb: 'concern.view' satisfies Verb,
    title: 'Open',
    style: 'default',
    data: refOf(concern, today),
  };
  return {
    card: 'safeguarding/notice',
    data: {
      kicker: 'Your concern is sent',
      tone: opened ? 'emphasis' : 'warning',
      label: concernLabel(concern.concernId),
      what: '',
      headline: said,
      lines: lines.map((text) => ({ text })),
      rows: [{ buttons: [open] }],
    },
    summary: `${concernLabel(concern.concernId)}. ${said}`,
  };
}
