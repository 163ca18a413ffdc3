import type { CardView, TypedRoute } from './routes.ts';

/** The typed commands, the five most used first (the order given), with what each does. */
export function helpCard(commands: readonly Pick<TypedRoute, 'command' | 'usage' | 'help'>[]): CardView {
  const row = ({ command, usage, help }: (typeof commands)[number]): object => ({
    typed: [command, usage].filter((part) => part !== '').join(' '),
    help,
  });
  return {
    card: 'core/help',
    data: {
      first: commands.slice(0, 5).map(row),
      rest: commands.slice(5).map(row),
      others: commands.length > 5,
    },
    summary: `What you can type: ${commands
      .slice(0, 5)
      .map(({ command }) => command)
      .join(', ')}.`,
  };
}

/** One or two calm sentences under a title. Both from the code, never from a person. */
export function noticeCard({ title, text }: { readonly title: string; readonly text: string }): CardView {
  return { card: 'core/notice', data: { title, text }, summary: `${title}. ${text}` };
}

/** "Done", with what that means. */
export const doneCard = (text: string): CardView => noticeCard({ title: 'Done', text });

/** A list with how many there are in all of it, said under its title. */
export const withTotal = (view: CardView, total: string | undefined): CardView =>
  total === undefined ? view : { ...view, data: { ...view.data, total } };
