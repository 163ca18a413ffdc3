import type { Section } from '../core/pages.ts';
import { dayText, whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import { OUTCOMES } from './todo.ts';
import { byText, ownerText } from './words.ts';

/** What somebody is to do about it, and what became of each: for those who answer for it. */
export function todoSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  const { all = [], over = [] } = concern.todos ?? {};
  const when = (at: string): string => whenText(at, now, today.zone);
  const entries = all.flatMap(({ n, what, owner, due, dueAt, by, at }) => {
    const ended = over.find((one) => one.n === n);
    const late = !ended && dueAt <= now ? ', overdue' : '';
    return [
      {
        label: `Action ${n} for ${ownerText(owner, today)}, by ${dayText(due, now, today.zone)}${late}. Set by ${byText(by, today)}, ${when(at)}`,
        text: what,
      },
      ...(ended
        ? [
            {
              label: `Action ${n}. ${OUTCOMES[ended.outcome]}: ${byText(ended.by, today)}, ${when(ended.at)}`,
              text: ended.text,
            },
          ]
        : []),
    ];
  });
  return [{ title: 'Actions', tone: 'default', entries }];
}
