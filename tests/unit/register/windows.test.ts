import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windows } from '../../../src/register/windows.ts';

async function* upTo(count: number): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) yield n;
}

it('gives all that comes by, in order, in whole pieces and one last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 12 }),
      async (count, size) => {
        const pieces: number[][] = [];
        for await (const piece of windows(upTo(count), size)) pieces.push(piece);
        expect(pieces.flat()).toEqual(Array.from({ length: count }, (_, n) => n));
        expect(pieces.map(({ length }) => length)).toEqual(
          Array.from({ length: Math.ceil(count / size) }, (_, at) => Math.min(size, count - at * size)),
        );
      },
    ),
  );
});
