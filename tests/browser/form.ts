import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Client } from './playground.ts';

// The offer form, filled in the Playground.

/** Where the walks of the usual demo send what they offer. */
export const HOSPICE = "St Anne's Hospice";

/** Fills whatever a step of the form asks, as somebody with nothing special to say would. */
export async function fillsStep(client: Client, card: Locator): Promise<void> {
  for (const group of await card.getByRole('radiogroup').all()) {
    const calm = group.getByRole('radio', { name: /^(None|Given|Same day)/ });
    await ((await calm.count()) > 0 ? calm.first() : group.getByRole('radio').first()).check();
  }
  for (const input of await card.locator('input, textarea').all()) {
    const type = await input.getAttribute('type');
    if (type === 'radio' || type === 'checkbox' || (await input.inputValue()) !== '') continue;
    if (/NHS|Postcode|reason|what is known/.test(await labelOf(input))) continue;
    if (type === 'tel') await input.fill('01632 960002');
    else if ((await input.getAttribute('placeholder'))?.startsWith('day/month'))
      await input.fill('07/03/1942');
    else if ((await input.getAttribute('role')) === 'combobox') {
      if ((await input.getAttribute('aria-required')) !== 'true') continue;
      const shown = (await input.getAttribute('placeholder')) ?? '';
      if (shown.includes('date')) await picksDay(client, input);
      else await picks(client, input, shown.includes('time') ? '23:30' : HOSPICE);
    } else await input.fill('Walked in the browser');
  }
}

/** The words beside an input, as a screen reader says them. */
const labelOf = (input: Locator): Promise<string> =>
  input.evaluate((node) => {
    const ids = (node.getAttribute('aria-labelledby') ?? '').split(' ');
    return ids.map((id: string) => node.ownerDocument.getElementById(id)?.textContent ?? '').join(' ');
  });

/** The answer to a press and the card as all see it come in either order: waits until neither changes it. */
export async function standsStill(card: Locator): Promise<void> {
  let before = '';
  const unchanged = async (): Promise<boolean> => {
    const now = await card.innerText();
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(unchanged, { timeout: 10_000, interval: 500 }).toBe(true);
}

/** Opens a drop-down list and takes one of its answers; the last, where it does not have that one. */
async function picks(client: Client, list: Locator, answer: string): Promise<void> {
  await list.click();
  const options = client.page.getByRole('option');
  await options.first().waitFor();
  const wanted = options.filter({ hasText: answer });
  await ((await wanted.count()) > 0 ? wanted.first() : options.last()).click();
  await expect.poll(() => list.inputValue(), { timeout: 10_000 }).not.toBe('');
}

/** Opens the calendar of a date input and takes the last day that it shows. */
export async function picksDay(client: Client, input: Locator): Promise<void> {
  await input.click();
  await client.page.getByRole('dialog').getByRole('gridcell').last().click();
  await expect.poll(() => input.inputValue(), { timeout: 10_000 }).not.toBe('');
}
