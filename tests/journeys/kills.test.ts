import { describe, expect, test } from 'vitest';
import { fellLine } from '../torture/figures.ts';
import { torture } from '../torture/run.ts';

const KILLS = 5;

describe.each(['embedded', 'cosmos'] as const)('a bot on the %s store that is killed under load', (store) => {
  test('keeps all that it answered with success, once, and sends what waited after the restart', async () => {
    const lines: string[] = [];
    const { broken, fell, handovers, accepted, rejected } = await torture({
      store,
      kills: KILLS,
      seed: 20_261_124,
      life: 0.5,
      say: (line) => void lines.push(line),
    });
    console.log(lines.join('\n'));
    expect(broken).toEqual([]);
    expect(Object.values(fell).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
    expect(fell.inCommit + fell.inSend + fell.inRequest).toBeGreaterThan(0);
    expect(lines).toContainEqual(`${store}: ${KILLS} kills: ${fellLine(fell)}`);
    expect(handovers).toBeGreaterThan(20);
    expect(accepted + rejected).toBeGreaterThan(0);
  }, 180_000);
});
