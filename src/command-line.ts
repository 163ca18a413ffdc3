import { Command, InvalidArgumentError } from 'commander';
import { type Config, type Environment, readConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import type { App, Operations } from './operations.ts';
import { registerCommand } from './register-command.ts';

/** The exit codes people's scripts rely on; after sysexits(3). */
export const EXIT = {
  good: 0,
  doesNotHold: 1,
  usage: 64,
  badData: 65,
  unavailable: 69,
  badConfig: 78,
} as const;

/** What the command line is given: by the process in life, by a test otherwise. */
export interface Surroundings {
  /** The words after the command's own name. */
  readonly words: readonly string[];
  readonly env: Environment;
  out(line: string): void;
  err(line: string): void;
  /** Loaded when a command needs them, so that help and usage errors are quick. */
  operations(): Promise<Operations>;
  /** Wires the whole, to be listened with. */
  compose(config: Config, log: Log): Promise<App>;
  /** Resolves when the process is asked to end. */
  askedToEnd(log: Log): Promise<void>;
  /** Shows how far long work is; absent where nobody watches. */
  readonly progress?: (done: number) => void;
}

/**
 * Every command of `baton`. `finish` hears the exit code of one that ran to its end; none: good. What a command throws
 * is the caller's to explain.
 */
export function commandLine(around: Surroundings, finish: (code: number) => void): Command {
  const { env, out, err } = around;
  /** Reads the settings before the command does anything. */
  const withConfig = async (
    run: (config: Config, operations: Operations) => Promise<void>,
  ): Promise<void> => {
    const config = readConfig(env);
    await run(config, await around.operations());
  };
  const say = ({ good, lines }: { good: boolean; lines: readonly string[] }): void => {
    for (const line of lines) out(line);
    finish(good ? EXIT.good : EXIT.doesNotHold);
  };
  /** As lines, or the same as JSON. */
  const sayEither = (
    { good, lines, json }: { good: boolean; lines: readonly string[]; json: object },
    asJson: boolean,
  ): void => say({ good, lines: asJson ? [JSON.stringify(json)] : lines });

  const program = new Command('baton')
    .description('Keeps the interface between the providers of a shared pathway, in Microsoft Teams.')
    .exitOverride()
    .showHelpAfterError('(baton --help lists the commands)')
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => err(text.trimEnd()),
    });

  program
    .command('serve')
    .description('run the bot, the intake and the timers')
    .action(async () => {
      const config = readConfig(env);
      const log = createLog(config.logLevel);
      const app = await around.compose(config, log);
      const { url } = await app.listen();
      if (config.teams.kind === 'unsigned') {
        log.warn('no MICROSOFT_APP_ID: unsigned activities are accepted, from this machine only');
      }
      if (config.intakeKeys.length === 0) {
        log.warn('no BATON_INTAKE_KEYS: the intake answers this machine only');
      }
      log.info({ url }, 'serving');
      await around.askedToEnd(log);
      log.info('ending: finishing what is under way; a second signal ends at once');
      await app.close();
      log.info('ended');
    });

  const agreement = program.command('agreement').description('what the partners of a pathway agreed');
  agreement
    .command('check <file>')
    .description('validate an agreement file, and show how it differs from what is in force')
    .option('--replay', 'show what the recorded handovers would have done under its ladder; reads only')
    .option('--days <number>', 'replay the handovers offered in so many days (92)', daysBack)
    .option('--json', 'the replay as JSON')
    .action((file: string, options: { replay?: boolean; days?: number; json?: boolean }, command: Command) =>
      withConfig(async (config, operations) => {
        const { replay = false, days = 92, json = false } = options;
        if (!replay) {
          if (json || options.days !== undefined) command.error('error: --days and --json go with --replay');
          return say(await operations.checkAgreement(file, config));
        }
        const shown = around.progress && { progress: around.progress };
        sayEither(await operations.replayAgreement(config, file, { days, ...shown }), json);
      }),
    );
  agreement
    .command('apply <file>')
    .description('show the difference to what is in force, and put the file in force')
    .option('--yes', 'also when that undoes what was entered in Teams')
    .action((file: string, { yes = false }: { yes?: boolean }) =>
      withConfig(async (config, operations) => say(await operations.applyAgreement(config, file, yes))),
    );

  const rota = program.command('rota').description('who is on duty');
  rota
    .command('import <file>')
    .description(
      'put the shifts of a CSV file (person,provider,role,from,to) on the rota; all of them or none',
    )
    .requiredOption('--pathway <id>', 'the pathway')
    .action((file: string, { pathway }: { pathway: string }) =>
      withConfig(async (config, operations) => say(await operations.importRota(config, pathway, file))),
    );

  const training = program.command('training').description('until when people are trained');
  training
    .command('import <file>')
    .description('hold the training dates of a CSV file (person,course,done,expires); all of them or none')
    .requiredOption('--pathway <id>', 'the pathway')
    .action((file: string, { pathway }: { pathway: string }) =>
      withConfig(async (config, operations) => say(await operations.importTraining(config, pathway, file))),
    );

  registerCommand(
    program,
    (request) =>
      withConfig(async (config, operations) => {
        const { lines, problems } = await operations.importList(config, request);
        for (const line of lines) out(line);
        for (const { field, message } of problems) err(`  ${field}: ${message}`);
        if (problems.length > 0) finish(EXIT.badData);
      }),
    around.progress,
  );

  program
    .command('escalations')
    .description(
      'how quickly what nobody answered was acknowledged and clinically reviewed, and who was asked',
    )
    .requiredOption('--pathway <id>', 'the pathway')
    .requiredOption('--from <day>', 'the first day on which they began, such as 2026-11-01')
    .requiredOption('--to <day>', 'the last day')
    .option('--json', 'as JSON')
    .action(
      ({ pathway, json = false, ...days }: Record<'pathway' | 'from' | 'to', string> & { json?: boolean }) =>
        withConfig(async (config, operations) => {
          sayEither(await operations.escalations(config, pathway, days), json);
        }),
    );

  program
    .command('reconcile')
    .description('compare the register with the partners’ lists, and print what disagrees by partner')
    .requiredOption('--pathway <id>', 'the pathway')
    .option('--json', 'as JSON')
    .action(({ pathway, json = false }: { pathway: string; json?: boolean }) =>
      withConfig(async (config, operations) => {
        sayEither(await operations.reconcile(config, pathway, around.progress), json);
      }),
    );

  program
    .command('digest')
    .description('what is open now between all partners, by ids: printed as one page, or into files')
    .requiredOption('--pathway <id>', 'the pathway')
    .option('--csv <file>', 'every figure and every line, for a spreadsheet')
    .option('--print <file>', 'one page of plain text')
    .action(({ pathway, ...files }: { pathway: string; csv?: string; print?: string }) =>
      withConfig(async (config, operations) => say(await operations.digest(config, pathway, files))),
    );

  program
    .command('safeguarding')
    .description('a month’s figures about safeguarding concerns from which no small number can be worked out')
    .requiredOption('--pathway <id>', 'the pathway')
    .requiredOption('--month <month>', 'the month in which they were raised, such as 2026-11')
    .option('--csv <file>', 'the same figures for a spreadsheet')
    .action(({ pathway, month, csv }: { pathway: string; month: string; csv?: string }) =>
      withConfig(async (config, operations) =>
        say(await operations.safeguarding(config, pathway, month, csv)),
      ),
    );

  program
    .command('verify')
    .description('recompute the audit chains of a pathway; names the first broken link')
    .requiredOption('--pathway <id>', 'the pathway')
    .option('--safeguarding', 'say also how much is kept apart for safeguarding, and what of it is broken')
    .option('--json', 'as JSON')
    .action(
      ({
        pathway,
        safeguarding = false,
        json = false,
      }: {
        pathway: string;
        safeguarding?: boolean;
        json?: boolean;
      }) =>
        withConfig(async (config, operations) => {
          sayEither(await operations.verify(config, pathway, safeguarding), json);
        }),
    );

  program
    .command('export')
    .description(
      'write everything held about a pathway but safeguarding concerns as JSON Lines, one file a kind',
    )
    .requiredOption('--pathway <id>', 'the pathway')
    .requiredOption('--out <folder>', 'where to write; made if missing')
    .option('--safeguarding', 'write the safeguarding concerns instead; recorded in each of them')
    .action(
      ({
        pathway,
        out: folder,
        safeguarding = false,
      }: {
        pathway: string;
        out: string;
        safeguarding?: boolean;
      }) =>
        withConfig(async (config, operations) =>
          say(await operations.exportTo(config, pathway, folder, safeguarding)),
        ),
    );

  program
    .command('doctor')
    .description('check settings, store, Teams credentials, agreements, clock and calendar')
    .action(() =>
      withConfig(async (config, operations) => {
        const findings = await operations.doctor(config);
        const lines = findings.map(({ what, wrong }) =>
          wrong === undefined ? `good   ${what}` : `MEND   ${what}: ${wrong}`,
        );
        say({ good: findings.every(({ wrong }) => wrong === undefined), lines });
      }),
    );

  program
    .command('offer <file>')
    .description('offer the referral in a BaRS message (FHIR R4, JSON) through the running intake')
    .requiredOption('--pathway <id>', 'the pathway')
    .requiredOption('--from <partner>', 'who offers')
    .requiredOption('--to <provider>', 'who is asked to take it')
    .option('--urgency <id>', 'an urgency of the agreement')
    .option('--url <address>', 'the address of the running Baton; this machine unless given')
    .option('--key-file <file>', 'a file that holds the partner’s key')
    .action(
      (
        file: string,
        options: Record<'pathway' | 'from' | 'to', string> &
          Partial<Record<'urgency' | 'url' | 'keyFile', string>>,
      ) =>
        withConfig(async (config, operations) =>
          say(await operations.offer({ url: `http://localhost:${config.port}`, ...options, file })),
        ),
    );

  program
    .command('link <file>')
    .description('find the same person in a CSV file (id,provider,given,surname,dob,postcode,nhs)')
    .option('--labels <file>', 'who is who (id_a,id_b or id,entity): also tells how good it is')
    .option('--json', 'as JSON Lines')
    .action(async (file: string, options: { labels?: string; json?: boolean }) => {
      const { link } = await around.operations();
      say(await link(file, { ...options, ...(around.progress && { progress: around.progress }) }));
    });

  program
    .command('simulate')
    .description('run simulated pathways in which everything goes wrong, and check what must hold')
    .requiredOption('--seeds <number>', 'how many worlds', wholeNumber)
    .requiredOption('--weeks <number>', 'how many weeks of each', wholeNumber)
    .option('--from <seed>', 'the first seed', wholeNumber, 1)
    .option('--only <places>', 'only these happenings, as a broken world told them', places)
    .option('--json', 'as JSON')
    .action(
      async ({
        json = false,
        ...options
      }: Record<'seeds' | 'weeks' | 'from', number> & { only?: readonly number[]; json?: boolean }) => {
        const { simulate } = await around.operations();
        sayEither(
          await simulate({ ...options, ...(around.progress && { progress: around.progress }) }),
          json,
        );
      },
    );

  return program;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1.');
  return Number(text);
}

function daysBack(text: string): number {
  const days = wholeNumber(text);
  if (days > 36_500) throw new InvalidArgumentError('Write at most 36500 days.');
  return days;
}

function places(text: string): number[] {
  if (!/^\d+(?:,\d+)*$/.test(text)) throw new InvalidArgumentError('Write numbers with commas between.');
  return text.split(',').map(Number);
}
