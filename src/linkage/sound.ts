/**
 * How a name sounds, roughly: names that differ by a spelling an English ear would pass over get the same
 * key. After Soundex (Russell 1918), with the first letter in a class too, silent letters and digraphs taken
 * first, and five sounds instead of four. A name in another script is its own key.
 */
export function soundKey(name: string): string {
  if (!/^[a-z]+$/.test(name)) return name;
  const spelt = name
    .replace(/^(?:kn|gn|pn)/, 'n')
    .replace(/^wr/, 'r')
    .replace(/^ps/, 's')
    .replace(/^wh/, 'w')
    .replace(/^mac(?=[^aeiouhk])/, 'mc')
    .replace(/ph/g, 'f')
    .replace(/ght/g, 't')
    .replace(/gh/g, 'g')
    .replace(/(?:tch|sch|ch|sh)/g, 'j')
    .replace(/(?:ck|q)/g, 'k')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/g(?=[eiy])/g, 'j')
    .replace(/x/g, 'ks');
  let key = VOWELS.includes(spelt[0] ?? '') ? 'a' : '';
  let last = '';
  for (const letter of spelt) {
    const sound = CLASSES[letter] ?? '';
    if (sound !== '' && sound !== last) key += sound;
    // A sound said twice with h or w between is one; with a vowel between it is two.
    if (letter !== 'h' && letter !== 'w') last = sound;
    if (key.length === SOUNDS) break;
  }
  return key;
}

const SOUNDS = 5;
const VOWELS = 'aeiouy';
const CLASSES: Readonly<Record<string, string>> = {
  b: 'b',
  p: 'b',
  f: 'f',
  v: 'f',
  c: 'k',
  k: 'k',
  g: 'k',
  j: 'j',
  s: 's',
  z: 's',
  d: 't',
  t: 't',
  l: 'l',
  m: 'm',
  n: 'm',
  r: 'r',
};
