/**
 * Reads a CSV text (RFC 4180; line ends of any kind; a byte order mark and blank lines are passed over) and hands on
 * each record with the line that it begins on, counted from 1. Gives the line of a quoted value that is never
 * closed, undefined when all is well.
 */
export function readCsv(
  text: string,
  take: (line: number, values: readonly string[]) => void,
): number | undefined {
  const source = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < source.length) {
    const found = source.indexOf('\n', at);
    const end = found === -1 ? source.length : found;
    const plain = source.slice(at, end);
    if (!plain.includes('"')) {
      if (plain.trim() !== '' && !/^[\s,]*$/.test(plain)) take(line, plain.split(','));
      at = end + 1;
      line += 1;
      continue;
    }
    const read = readQuoted(source, at);
    if (!read) return line;
    if (read.values.some((one) => one.trim() !== '')) take(line, read.values);
    at = read.next;
    line += read.lines;
  }
  return undefined;
}

/** One record that has quotes in it, and so perhaps line ends; undefined while a quote is open. */
function readQuoted(
  source: string,
  from: number,
): { readonly values: string[]; readonly next: number; readonly lines: number } | undefined {
  const values: string[] = [];
  let value = '';
  let quoted = false;
  let lines = 1;
  for (let at = from; at <= source.length; at++) {
    const letter = source[at];
    if (quoted && letter === undefined) return undefined;
    if (quoted && letter === '"' && source[at + 1] === '"') {
      value += '"';
      at += 1;
    } else if (letter === '"' && (quoted || value === '')) quoted = !quoted;
    else if (quoted) {
      if (letter === '\n') lines += 1;
      value += letter;
    } else if (letter === ',') {
      values.push(value);
      value = '';
    } else if (letter === '\n' || letter === undefined) {
      return { values: [...values, value], next: at + 1, lines };
    } else value += letter;
  }
  return undefined;
}
