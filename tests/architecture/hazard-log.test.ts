import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const LOG = readFileSync(new URL('docs/hazard-log.md', ROOT), 'utf8');

/** What DCB0129 wants of each hazard, as the rows of its table here. */
const FIELDS = [
  'Cause',
  'Effect',
  'Harm',
  'Existing controls',
  'Severity',
  'Likelihood',
  'Risk',
  'Residual severity',
  'Residual likelihood',
  'Residual risk',
  'Owner',
  'Status',
];

interface Hazard {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
  /** The new controls, each with the tests that it names. */
  readonly controls: readonly { readonly text: string; readonly tests: readonly string[] }[];
}

const hazards = LOG.split(/^### /m)
  .slice(1)
  .map((text): Hazard => {
    const section = text.split(/^## /m)[0] ?? '';
    const rows = [...section.matchAll(/^\| (\w[^|]*) \| ([^|]+) \|$/gm)];
    return {
      id: /^H-\d\d/.exec(section)?.[0] ?? section.slice(0, 20),
      fields: new Map(rows.map(([, name = '', value = '']) => [name.trim(), value.trim()])),
      controls: [...section.matchAll(/^- ((?:.|\n(?! *\n|-))*)/gm)].map(([, control = '']) => ({
        text: control,
        tests: [...control.matchAll(/`(tests\/[^`]+)`/g)].map((match) => match[1] ?? ''),
      })),
    };
  });

/** The matrix as the log prints it: risk by likelihood, then severity. */
const matrix = new Map(
  [...LOG.matchAll(/^\| ([1-5]) [A-Z][a-z ]+ \|((?: [1-5] \|){5})$/gm)].map(([, likelihood, cells = '']) => [
    Number(likelihood),
    cells.split('|').slice(0, 5).map(Number),
  ]),
);

describe('the hazard log', () => {
  it('has hazards numbered without a gap, since none is ever deleted', () => {
    expect(hazards.length).toBeGreaterThan(9);
    expect(hazards.map((hazard) => hazard.id)).toEqual(
      hazards.map((_, index) => `H-${String(index + 1).padStart(2, '0')}`),
    );
  });

  it('says of each all that the standard asks for', () => {
    for (const { id, fields, controls } of hazards) {
      expect([id, [...fields.keys()]]).toEqual([id, FIELDS]);
      expect([id, controls.length > 0]).toEqual([id, true]);
    }
  });

  it('rates each by its own matrix, and no residual risk above the first', () => {
    expect([...matrix.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
    for (const { id, fields } of hazards) {
      const [severity = 0, likelihood = 0, risk, laterSeverity = 0, laterLikelihood = 0, laterRisk] = [
        'Severity',
        'Likelihood',
        'Risk',
        'Residual severity',
        'Residual likelihood',
        'Residual risk',
      ].map((name) => Number(fields.get(name)));
      expect([id, risk]).toEqual([id, matrix.get(likelihood)?.[severity - 1]]);
      expect([id, laterRisk]).toEqual([id, matrix.get(laterLikelihood)?.[laterSeverity - 1]]);
      expect([id, (laterRisk ?? 9) <= (risk ?? 0)]).toEqual([id, true]);
    }
  });

  it('names for each control a test that exists', () => {
    const named = new Set<string>();
    for (const { id, controls } of hazards)
      for (const { text, tests } of controls) {
        expect([id, text, tests.length > 0]).toEqual([id, text, true]);
        for (const test of tests) named.add(test);
      }
    console.log(`hazard log: ${hazards.length} hazards, ${named.size} tests named`);
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((test) => !existsSync(new URL(test, ROOT))).sort()).toEqual([]);
  });
});
