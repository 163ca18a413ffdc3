import { partnerName } from '../agreement/agreement.ts';
import type { Section } from '../core/pages.ts';
import { whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import { BASES } from './decision.ts';
import { byText } from './words.ts';

/** What moved with the case, each time, for those who may know of it but whoever raised it. */
export function moveSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  return (concern.moves ?? []).map(({ to, at, written, read }): Section => {
    const title = `With the case to ${partnerName(today, to)}, ${whenText(at, now, today.zone)}`;
    if (!written)
      return { title, tone: 'warning', entries: [{ label: 'What moves with it', text: 'Not written yet' }] };
    const name = today.people.find(({ key }) => key === written.receiver)?.name ?? written.receiver;
    return {
      title,
      tone: read ? 'default' : 'warning',
      entries: [
        { label: 'Safe way to contact the person', text: written.safeContact },
        { label: 'Risks now', text: written.risks },
        { label: 'What was done', text: written.actions },
        { label: 'What is left to do', text: written.outstanding },
        { label: 'Shared on the basis of', text: BASES[written.basis] },
        {
          label: 'Written by',
          text: `${byText(written.by, today)}, ${whenText(written.at, now, today.zone)}, for ${name}`,
        },
        {
          label: 'Read',
          text: read ? `${byText(read.by, today)}, ${whenText(read.at, now, today.zone)}` : 'Not read yet',
        },
      ],
    };
  });
}
