/** What comes by in pieces of so many; the last has what is left. Only one piece is held at a time. */
export async function* windows<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let window: T[] = [];
  for await (const one of all) {
    window.push(one);
    if (window.length < size) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
