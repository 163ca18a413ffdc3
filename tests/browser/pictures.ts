import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** Counts the steps of a walk; with BATON_PICTURES, a folder, keeps what was on the screen at each, or one part of it. */
export function pictures(
  walk: string,
  page: () => Page,
): { step(name: string, part?: Locator): Promise<void>; taken(): number } {
  const folder = process.env.BATON_PICTURES;
  let steps = 0;
  return {
    async step(name, part) {
      steps += 1;
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      const file = `${walk}-${String(steps).padStart(2, '0')}-${name}.png`;
      await (part ?? page()).screenshot({ path: join(folder, file) });
    },
    taken: () => steps,
  };
}
