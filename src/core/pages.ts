/** One thing that a handover says, under its label; undefined where it was not given. */
export interface Entry {
  readonly label: string;
  readonly text: string | undefined;
}

/** What stands where nothing was given. */
export const NOT_GIVEN = 'Not given';

/** Teams carries cards of 28 KB everywhere; what surrounds the text takes the rest. */
const PAGE_BYTES = 20_000;
/** What one entry's label and layout take. */
const ENTRY_BYTES = 320;
/** A text that does not fit is split only if this much of it fits; else it begins the next page. */
const WORTH_SPLITTING = 2_000;

export interface Section {
  readonly title: string;
  readonly tone: 'default' | 'attention' | 'warning' | 'emphasis';
  readonly entries: readonly Entry[];
}
export interface ShownSection {
  readonly title: string;
  readonly tone: Section['tone'];
  readonly entries: readonly {
    readonly label: string;
    readonly text: string;
    readonly absent: boolean;
    /** Grey labels are read easily on a plain ground, not on a coloured one. */
    readonly subtle: boolean;
  }[];
}

/** Bytes that a text takes inside a card, in UTF-8 and with JSON's escapes. */
export const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** The longest beginning of `text` within `bytes`, and the rest; no character is cut in two. */
export function splitAt(text: string, bytes: number): readonly [string, string] {
  if (bytesOf(text) <= bytes) return [text, ''];
  let used = 0;
  let at = 0;
  for (const character of text) {
    used += bytesOf(character);
    if (used > bytes) break;
    at += character.length;
  }
  return [text.slice(0, at), text.slice(at)];
}

/** `text` within `bytes`; if it had to be shortened it ends in `more`, such as "… (all of it is in the note)". */
export function shortened(text: string, bytes: number, more: string): string {
  const [start, rest] = splitAt(text, bytes);
  return rest === '' ? text : `${start}${more}`;
}

/** `text` in pieces of at most `bytes` each. */
export function pieces(text: string, bytes: number): string[] {
  const all: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const [start, end] = splitAt(rest, bytes);
    all.push(start);
    rest = end;
  }
  return all;
}

/**
 * Sections laid out over pages that each fit a card, in order and nothing left out: a long text runs on to
 * the next page under its label and "(continued)".
 */
export function paged(sections: readonly Section[], pageBytes = PAGE_BYTES): ShownSection[][] {
  const pages: ShownSection[][] = [[]];
  let left = pageBytes;
  const place = (section: Section, entry: ShownSection['entries'][number], cost: number): void => {
    const page = pages.at(-1) ?? [];
    const open = page.at(-1);
    if (open?.title === section.title) {
      page[page.length - 1] = { ...open, entries: [...open.entries, entry] };
    } else {
      page.push({ title: section.title, tone: section.tone, entries: [entry] });
    }
    left -= cost;
  };
  for (const section of sections) {
    for (const entry of section.entries) {
      let label = entry.label;
      let rest = entry.text ?? NOT_GIVEN;
      const absent = entry.text === undefined;
      const subtle = section.tone === 'default';
      while (rest !== '') {
        const room = left - ENTRY_BYTES;
        const whole = bytesOf(rest) <= room;
        if (!whole && room < WORTH_SPLITTING) {
          pages.push([]);
          left = pageBytes;
          continue;
        }
        const [start, end] = splitAt(rest, room);
        place(section, { label, text: start, absent, subtle }, bytesOf(start) + ENTRY_BYTES);
        rest = end;
        label = `${entry.label} (continued)`;
      }
    }
  }
  return pages;
}
