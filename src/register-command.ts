import type { Command } from 'commander';
import type { Operations } from './operations.ts';

type Options = Record<'pathway' | 'provider', string> & {
  asOf?: string;
  allOrNothing?: boolean;
  confirm?: boolean;
};

/** Adds `baton register import`. `run`: with the settings read and the store open, says what came of it. */
export function registerCommand(
  program: Command,
  run: (request: Parameters<Operations['importList']>[1]) => Promise<void>,
  progress?: (done: number) => void,
): void {
  const register = program.command('register').description('which cases there are, and who holds them');
  register
    .command('import <file>')
    .description('load or refresh the caseload list of a provider; the agreement names its columns')
    .requiredOption('--pathway <id>', 'the pathway')
    .requiredOption('--provider <id>', 'whose list it is')
    .option('--as-of <time>', 'when the list was true, such as 2026-11-20T18:00; now, unless given')
    .option('--all-or-nothing', 'load nothing when a line is wrong')
    .option('--confirm', 'load this list though it was held: it is the right one, and whole')
    .action((file: string, options: Options) => run({ ...options, file, ...(progress && { progress }) }));
}
