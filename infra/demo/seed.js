// The handovers that wait when the demo starts, offered as a partner's system offers them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOT, DEMO } from './places.js';

const HOUR = 3_600_000;

/**
 * Offers every example through the intake. Its file name is the idempotency key, so that a second start
 * adds nothing: times are relative to now, and so the second body differs and is answered 409.
 * @returns {Promise<{ added: number, known: number, problems: string[] }>}
 */
export async function seed(now = Date.now()) {
  const folder = join(DEMO, 'examples');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const result = { added: 0, known: 0, problems: [] };
  for (const file of files) {
    const example = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const response = await fetch(`${BOT}/api/pathways/${example.pathway}/handovers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `demo-${file}` },
      body: JSON.stringify(bodyOf(example, now)),
    });
    if (response.status === 201) result.added += 1;
    else if (response.status === 409) result.known += 1;
    else result.problems.push(`${file}: ${response.status} ${await response.text()}`);
  }
  return result;
}

/**
 * The body of an example, with the times that it gives relative to `now` (milliseconds since 1970).
 * @param {{ neededInHours?: number, reviewInDays?: number, body: object }} example
 */
export function bodyOf({ neededInHours, reviewInDays, body }, now) {
  const made = structuredClone(body);
  if (neededInHours !== undefined) {
    made.content.ask.neededBy = new Date(now + neededInHours * HOUR).toISOString();
  }
  if (reviewInDays !== undefined) {
    made.content.plan.nextReview = new Date(now + reviewInDays * 24 * HOUR).toISOString().slice(0, 10);
  }
  return made;
}
