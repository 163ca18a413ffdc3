import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Agreement } from './agreement/agreement.ts';
import { type AgreementDeps, type Applied, applyAgreement } from './agreement/apply.ts';
import { problemLine, readAgreement } from './agreement/file.ts';
import { BadConfiguration, Invalid, type Problem } from './core/errors.ts';

/** Reads and checks one agreement file. Errors: `Invalid` with every problem by its line. */
export const readAgreementFile = async (path: string): Promise<Agreement> =>
  (await checkAgreementFile(path)).agreement;

/**
 * Reads and checks one agreement file, with what its partners should know although it can be put in force, a
 * line each. Errors: `Invalid` with every problem by its line.
 */
export async function checkAgreementFile(
  path: string,
): Promise<{ readonly agreement: Agreement; readonly warnings: readonly string[] }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new Invalid(`The agreement file ${basename(path)} cannot be read. Check its path.`, []);
  }
  const read = readAgreement(text, basename(path));
  if (read.agreement) return { agreement: read.agreement, warnings: read.warnings.map(problemLine) };
  const { problems } = read;
  throw new Invalid(
    `${basename(path)} cannot be put in force: ${problems.length === 1 ? 'one thing is' : `${problems.length} things are`} wrong.`,
    problems.map(({ file, line, column, field, message, remedy }) => ({
      field: `${file}:${line}:${column}${field === '' ? '' : ` ${field}`}`,
      message: `${message} — ${remedy}`,
    })),
  );
}

/** Paths of the agreement files in a folder, in the order of their names. Errors: `BadConfiguration`. */
export async function agreementFilesIn(folder: string): Promise<string[]> {
  const wrong = (message: string) => new BadConfiguration([{ field: 'BATON_AGREEMENTS', message }]);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    throw wrong('the folder cannot be read: check its path');
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw wrong('the folder holds no .yaml file: put the agreements there');
  return files.map((name) => join(folder, name));
}

export interface AppliedFile {
  readonly file: string;
  readonly applied: Applied;
}

/**
 * Applies every agreement file of a folder, as `serve` does when it starts: what is in force already makes
 * no new version, and what would undo changes entered in Teams is left for an operator to decide.
 * Nothing is applied when any file is wrong. Errors: `BadConfiguration` with every problem of every file.
 */
export async function applyFolder(deps: AgreementDeps, folder: string): Promise<AppliedFile[]> {
  const read: { file: string; agreement: Agreement }[] = [];
  const problems: Problem[] = [];
  for (const path of await agreementFilesIn(folder)) {
    try {
      read.push({ file: basename(path), agreement: await readAgreementFile(path) });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { message } = error;
      problems.push(...(error.problems.length > 0 ? error.problems : [{ field: basename(path), message }]));
    }
  }
  if (problems.length > 0) throw new BadConfiguration(problems);
  const results: AppliedFile[] = [];
  for (const { file, agreement } of read) {
    results.push({
      file,
      applied: await applyAgreement(deps, agreement, { system: 'start' }, { yes: false }),
    });
  }
  return results;
}

/** What became of an agreement that was applied, as lines for a terminal. */
export function appliedLines(applied: Applied): string[] {
  switch (applied.kind) {
    case 'applied':
      return [...applied.changes, `In force as version ${applied.version}.`];
    case 'unchanged':
      return [`Nothing changes: version ${applied.version} is in force as the file says.`];
    case 'would-undo':
      return [
        ...applied.changes,
        'NOT put in force, because of what it would undo or leave to nobody:',
        ...applied.undoes.map((line) => `  ${line}`),
        'Put that right in the file, or apply again with --yes.',
      ];
  }
}
