import type { Post } from '../support/posts.ts';
import { type Monday, PROVIDERS, STAFF, type Who } from './monday-world.ts';

/** What somebody did for one decision. */
export interface Effort {
  readonly presses: number;
  readonly fields: number;
  readonly characters: number;
}

/** What kinds of decisions cost, on the phone and elsewhere. */
export class Costs {
  readonly #kinds = new Map<string, Effort & { readonly times: number }>();

  add(kind: string, { presses, fields, characters }: Effort): void {
    const so = this.#kinds.get(kind) ?? { times: 0, presses: 0, fields: 0, characters: 0 };
    this.#kinds.set(kind, {
      times: so.times + 1,
      presses: so.presses + presses,
      fields: so.fields + fields,
      characters: so.characters + characters,
    });
  }

  get decisions(): number {
    return [...this.#kinds.values()].reduce((sum, { times }) => sum + times, 0);
  }

  print(title: string): void {
    console.log(`${title.padEnd(34)}times  presses  fields  characters, each`);
    for (const [kind, { times, presses, fields, characters }] of this.#kinds) {
      const each = [
        (presses / times).toFixed(1),
        (fields / times).toFixed(1),
        Math.round(characters / times),
      ];
      console.log(
        `  ${kind.padEnd(32)}${String(times).padEnd(7)}${each.map((one) => String(one).padEnd(9)).join('')}`,
      );
    }
  }
}

/** Every message since the day began, and who said or asked for it. */
export interface Heard {
  readonly posts: readonly Post[];
  /** Whose press led to a message. */
  readonly said: ReadonlyMap<Post, Who>;
  /** What somebody typed a command to get. */
  readonly asked: ReadonlySet<Post>;
}

const COLUMNS = [
  'messages',
  'cards',
  'lines',
  'Accepted by',
  'in person',
  'asked for',
  'own words back',
  'same line twice',
  'case twice',
  'silent edits',
] as const;

/** What each person got to read, a row each; returns how many messages all of them read. */
export function printHeard(monday: Monday, { posts, said, asked }: Heard): number {
  console.log(`${'person'.padEnd(9)}${COLUMNS.map((name) => name.padEnd(name.length + 2)).join('')}`);
  let total = 0;
  for (const who of ['alex', ...Object.keys(monday.people)] as Who[]) {
    const places = new Set(
      PROVIDERS.filter((one) => STAFF[one].includes(who)).map((one) => monday.channel(one).conversationId),
    );
    const chat = monday.chatOf(who).conversationId;
    const got = posts.filter(({ conversationId }) => {
      const [place = ''] = conversationId.split(';');
      return place === chat || places.has(place);
    });
    const cards = got.filter(({ card }) => card !== undefined);
    const lines = got.filter(({ card }) => card === undefined);
    const cases = cards.filter((post) => !asked.has(post)).flatMap((post) => casesOf(post).slice(0, 1));
    const row: Record<(typeof COLUMNS)[number], number> = {
      messages: got.length,
      cards: cards.length,
      lines: lines.length,
      'Accepted by': lines.filter(({ text }) => text.includes('Accepted by')).length,
      'in person': got.filter(({ conversationId }) => conversationId === chat).length,
      'asked for': got.filter((post) => asked.has(post)).length,
      'own words back': lines.filter((post) => said.get(post) === who).length,
      'same line twice': lines.length - new Set(lines.map(({ text }) => text)).size,
      'case twice': cases.length - new Set(cases).size,
      'silent edits': cards.reduce((sum, { edits }) => sum + edits, 0),
    };
    total += got.length;
    console.log(
      `${who.padEnd(9)}${COLUMNS.map((name) => String(row[name]).padEnd(name.length + 2)).join('')}`,
    );
  }
  return total;
}

/** The lines by what they say, the commonest first. */
export function printLines(posts: readonly Post[]): void {
  const kinds = new Map<string, number>();
  for (const { text, card } of posts) {
    if (card !== undefined) continue;
    const kind = text
      .replace(/^Case \S+: /, '')
      .replace(/[.:,].*$/s, '')
      .replace(/by .*$/, 'by …');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const [kind, times] of [...kinds].sort((a, b) => b[1] - a[1])) {
    console.log(`  line ×${String(times).padEnd(3)} ${kind}`);
  }
}

const casesOf = ({ card }: Post): string[] =>
  [...JSON.stringify(card ?? {}).matchAll(/"caseId":"([^"]+)"/g)].flatMap(([, id]) => id ?? []);
