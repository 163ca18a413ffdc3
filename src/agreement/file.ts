import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod/v4';
import { Agreement } from './agreement.ts';
import { checkAgreement } from './check.ts';
import { type Finding, finding } from './finding.ts';
import { warnAgreement } from './warn.ts';

/** One thing wrong with an agreement file: where it stands, what is wrong, and what to do. */
export interface FileProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Dotted path, such as `providers[1].holdsAs`; empty for the file as a whole. */
  readonly field: string;
  readonly message: string;
  readonly remedy: string;
}

export type ReadAgreement =
  | {
      readonly agreement: Agreement;
      /** What the partners should know, in the order of its lines; it stops nothing. */
      readonly warnings: readonly FileProblem[];
      readonly problems?: undefined;
    }
  | { readonly agreement?: undefined; readonly problems: readonly FileProblem[] };

/**
 * Reads one agreement file (YAML 1.2): either the agreement, checked whole, or everything that is wrong with it in
 * the order of its lines. `fileName` is only repeated in the problems.
 */
export function readAgreement(yamlText: string, fileName: string): ReadAgreement {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (found: Finding, key = false): FileProblem => ({
    file: fileName,
    ...at(offsetOf(document, found.path, key)),
    field: fieldName(found.path),
    message: found.message,
    remedy: found.remedy,
  });

  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => ({
        file: fileName,
        ...at(error.pos[0]),
        field: '',
        message: syntaxMessage(error.code, error.message),
        remedy: SYNTAX_REMEDIES[error.code] ?? 'correct the YAML: look at this line and the one before it',
      })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    const whole = finding(
      [],
      'an alias (*name) has no anchor, or there are too many',
      'write the values out',
    );
    return { problems: [problem(whole)] };
  }
  const parsed = Agreement.safeParse(value);
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) => findingsOf(issue, value));
    return { problems: inOrder(found.map((each) => problem(each, each.atKey))) };
  }
  const findings = checkAgreement(parsed.data);
  if (findings.length > 0) return { problems: inOrder(findings.map((each) => problem(each))) };
  const warnings = inOrder(warnAgreement(parsed.data).map((each) => problem(each)));
  return { agreement: parsed.data, warnings };
}

/** `riverside.yaml:12:5 providers[1].holdsAs: what is wrong — what to do`: one line for a terminal. */
export function problemLine(problem: FileProblem): string {
  const field = problem.field === '' ? '' : ` ${problem.field}:`;
  return `${problem.file}:${problem.line}:${problem.column}${field} ${problem.message} — ${problem.remedy}`;
}

const SYNTAX_REMEDIES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'leave it once',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'line it up with the entries beside it',
  MISSING_CHAR: 'close the quote or bracket, or put the text in quotes',
  MULTIPLE_DOCS: 'keep one agreement in a file: remove the line ---',
};

function syntaxMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is there twice';
  if (code === 'TAB_AS_INDENT') return 'a tab stands where spaces must';
  return `this is not YAML: ${message.split('\n')[0]}`;
}

interface IssueFinding extends Finding {
  /** The problem is the key itself, not what it holds. */
  readonly atKey?: boolean;
}

/** A schema issue as what is wrong and what to do; a message of the schema's own is already what to do. */
function findingsOf(issue: z.core.$ZodIssue, root: unknown): IssueFinding[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const value = path.reduce<unknown>(
    (inside, part) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, part) : undefined),
    root,
  );
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        ...finding([...path, key], `the key ${key} is not known here`, 'correct its spelling or remove it'),
        atKey: true,
      }));
    case 'invalid_type':
      if (value === undefined || value === null) {
        return [finding(path, 'this is missing', `add it: ${KINDS[issue.expected] ?? issue.expected}`)];
      }
      return [
        finding(
          path,
          `this must be ${KINDS[issue.expected] ?? issue.expected}`,
          issue.expected === 'string' ? 'put it in quotes' : 'correct its form',
        ),
      ];
    case 'invalid_value': {
      const allowed = issue.values.map(String).join(', ');
      const missing = value === undefined || value === null;
      return [
        finding(
          path,
          missing ? 'this is missing' : `${short(value)} is not one of the choices`,
          `use one of ${allowed}`,
        ),
      ];
    }
    case 'invalid_key':
      return [
        {
          ...finding(path, 'this key is not one of the choices', 'use mon, tue, wed, thu, fri, sat or sun'),
          atKey: true,
        },
      ];
    default:
      return [
        finding(
          path,
          value === undefined ? 'this is missing' : `${short(value)} cannot be used`,
          issue.message,
        ),
      ];
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list (lines that begin with -)',
  object: 'entries of the form name: value',
  record: 'entries of the form name: value',
  boolean: 'true or false',
  number: 'a number',
};

function short(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'this list' : 'this entry';
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text === '' ? 'an empty text' : text;
}

/** Where a path stands in the text; for what is missing, the nearest thing around it. */
function offsetOf(document: Document.Parsed, path: Finding['path'], atKey: boolean): number {
  if (atKey) {
    const around = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const name = String(path.at(-1));
    const pair = isMap(around)
      ? around.items.find((item) => isScalar(item.key) && String(item.key.value) === name)
      : undefined;
    if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(document.contents) && document.contents.range ? document.contents.range[0] : 0;
}

function fieldName(path: Finding['path']): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('');
}

const inOrder = (problems: FileProblem[]): FileProblem[] =>
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
