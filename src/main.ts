import { CommanderError } from 'commander';
import { commandLine, EXIT, type Surroundings } from './command-line.ts';
import { BadConfiguration, Conflict, Invalid, Refused, Unavailable } from './core/errors.ts';
import { createLog, type Log, newReference } from './log.ts';

const life: Surroundings = {
  words: process.argv.slice(2),
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  operations: async () => (await import('./operations.ts')).operations,
  compose: async (config, log) => (await import('./compose.ts')).compose(config, log),
  askedToEnd: (log) => signalled(log),
  ...(process.stderr.isTTY && { progress: (done) => void process.stderr.write(`\r${done} `) }),
};

/** Runs one command and gives its exit code. Never throws. */
export async function main(around: Surroundings = life): Promise<number> {
  if (around === life) endWithReader();
  let code: number = EXIT.good;
  const program = commandLine(around, (given) => {
    code = given;
  });
  try {
    await program.parseAsync(around.words, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, around);
  }
}

/** Tells what went wrong in words for the person at the terminal, and chooses the exit code. */
function explain(error: unknown, { env, err }: Surroundings): number {
  if (error instanceof CommanderError) {
    // Help and version are thrown too; commander has written what there was to say.
    return error.exitCode === 0 ? EXIT.good : EXIT.usage;
  }
  if (error instanceof BadConfiguration) {
    for (const { field, message } of error.problems) err(`${field}: ${message}`);
    return EXIT.badConfig;
  }
  if (error instanceof Invalid) {
    err(error.message);
    for (const { field, message } of error.problems) err(`  ${field}: ${message}`);
    return EXIT.badData;
  }
  if (error instanceof Refused) {
    err(error.message);
    return EXIT.doesNotHold;
  }
  if (error instanceof Unavailable || error instanceof Conflict) {
    err(error.message);
    return EXIT.unavailable;
  }
  const reference = newReference();
  createLog(env.LOG_LEVEL === 'silent' ? 'silent' : 'error').error(
    { err: error, reference },
    'a command failed',
  );
  err(`Something went wrong in Baton. Quote the reference ${reference}; the line in the log has more.`);
  return EXIT.doesNotHold;
}

/** Whoever reads the output may stop early (`baton verify … | head -1`); that is no error of ours. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.good : EXIT.doesNotHold);
  });
}

/** One Ctrl-C reaches a process twice when a parent passes it on; a person takes longer than this. */
const SAME_SIGNAL_MS = 700;

/** Resolves at the first SIGTERM or SIGINT; a second one, or a bug nobody caught, ends the process at once. */
function signalled(log: Log): Promise<void> {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error, reference: newReference() }, 'a bug that nothing caught');
      process.exit(EXIT.doesNotHold);
    });
  }
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        const at = performance.now();
        if (first !== undefined && at - first > SAME_SIGNAL_MS) process.exit(EXIT.doesNotHold);
        first ??= at;
        resolve();
      });
    }
  });
}

if (import.meta.main) process.exitCode = await main();
