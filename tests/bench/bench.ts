// `npm run bench [-- NAME]`: what Baton costs, beside what the same costs without it. Ends with 1 if an aim is missed.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { say } from './figures.ts';

const BENCHES: Readonly<Record<string, () => Promise<boolean>>> = {
  turn: async () => (await import('./turn.ts')).turn(),
  delivery: async () => (await import('./delivery.ts')).delivery(),
  accept: async () => (await import('./accept.ts')).accept(),
  intake: async () => (await import('./intake.ts')).intake(),
  timers: async () => (await import('./timers.ts')).timers(),
  burst: async () => (await import('./burst.ts')).burst(),
  start: async () => (await import('./start.ts')).start(),
  memory: async () => (await import('./memory.ts')).memory(),
  linkage: async () => (await import('./linkage.ts')).linkage(),
  reconciliation: async () => (await import('./reconciliation.ts')).reconciling(),
  import: async () => (await import('./import.ts')).importing(),
};

const [name, ...more] = process.argv.slice(2);
if (more.length > 0 || (name !== undefined && !Object.hasOwn(BENCHES, name))) {
  console.error(`npm run bench -- [${Object.keys(BENCHES).join('|')}]`);
  process.exit(64);
}

const load = (): string =>
  loadavg()
    .map((one) => one.toFixed(2))
    .join(' ');
say(
  `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, load ${load()} before`,
);
const missed: string[] = [];
for (const [each, run] of Object.entries(BENCHES)) {
  if (name !== undefined && name !== each) continue;
  say();
  if (!(await run())) missed.push(each);
}
say();
say(`load ${load()} after`);
if (missed.length > 0) say(`missed: ${missed.join(', ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
