/** Takes the picture of the README: the card of a handover as it waits in the Playground's channel. */
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createDemo, openClient } from './playground.ts';

const LIMIT_BYTES = 150_000;
const path = fileURLToPath(new URL('../../docs/images/handover-card.png', import.meta.url));
mkdirSync(new URL('.', new URL('../../docs/images/handover-card.png', import.meta.url)), { recursive: true });

const demo = await createDemo();
try {
  await demo.start();
  const client = await openClient(demo.playgroundUrl, 1280);
  try {
    await client.goes("St Anne's Hospice");
    const card = await client.card('M.E.', 'Handover offered');
    await card.screenshot({ path });
  } finally {
    await client.close();
  }
} finally {
  await demo.end();
}
const { size } = statSync(path);
console.log(`${path}: ${size} bytes`);
if (size > LIMIT_BYTES) process.exitCode = 1;
