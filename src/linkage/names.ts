/** What lists write where no name is known. Such a name says nothing and counts as missing. */
const PLACEHOLDERS = new Set(
  (
    'unknown unk notknown notgiven notstated notrecorded notapplicable none nil null blank refused missing ' +
    'test testpatient patient dummy baby babyboy babygirl babyof infant newborn twin twinone twintwo male ' +
    'female unnamed anonymous anon noname nosurname x xx xxx xxxx xxxxx tbc tba'
  ).split(' '),
);

const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'rev', 'sir', 'dame', 'lady', 'lord']);

/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Nobody's name is longer; what is has something else in it. */
const LONGEST = 32;

/**
 * A name as it is compared: lower case letters of any script without accents, spaces, hyphens and titles;
 * empty for a placeholder such as "Unknown", "N/A" or "Baby". Takes any text.
 */
export function plainName(text: string): string {
  let lower = text.toLowerCase();
  if (/[^a-z]/.test(lower)) lower = lettersOnly(lower);
  return PLACEHOLDERS.has(lower) ? '' : lower.slice(0, LONGEST);
}

function lettersOnly(lower: string): string {
  if (/^\s*n\s*[/.]\s*[ak]\.?\s*$/.test(lower)) return '';
  const words = lower
    .normalize('NFKD')
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}'’`]+/u)
    .map((word) => word.replace(/\P{L}/gu, ''))
    .filter((word) => word !== '');
  if (words.every((word) => PLACEHOLDERS.has(word))) return '';
  return (words.length > 1 ? words.filter((word) => !TITLES.has(word)) : words).join('');
}
