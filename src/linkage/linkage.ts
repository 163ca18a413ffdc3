/**
 * Finding the same person, without anybody to learn from: probabilistic linkage after Fellegi and Sunter (1969).
 * Pure functions over columns that know nothing of the rest. Two ways in: `link` for a whole register at once
 * (or `linking`, step by step, for whoever has threads), `createIndex` for one person against a register. What they
 * give is a suggestion with its reasons; people decide.
 */
export { BANDS, type Band } from './bands.ts';
export { type Columns, createColumns, type GrowingColumns } from './columns.ts';
export { type Answer, createHand, type Task } from './hand.ts';
export type { Model } from './learn.ts';
export { createKeys, type Linked, link, linking, type Step, type Suggestion } from './link.ts';
export type { Person } from './person.ts';
export { type Measured, measure, type Quality } from './quality.ts';
export { createIndex, type RegisterIndex } from './register-index.ts';
