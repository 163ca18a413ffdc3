/**
 * Loaded before the bot (`node --import`), writes into the file named by TORTURE_MARKS how many commits are
 * under way at this moment. What was written with one system call survives the process that is killed, so
 * the file says whether the kill fell inside a commit: between BEGIN and the end of COMMIT for the embedded
 * store, between sending a batch and its answer for Cosmos DB. Nothing else of the bot is changed.
 */
import { openSync, writeSync } from 'node:fs';
import { StatementSync } from 'node:sqlite';

const file = openSync(process.env.TORTURE_MARKS ?? '', 'r+');
const byte = new Uint8Array(1);

function mark(commits: number): void {
  byte[0] = Math.min(255, commits);
  writeSync(file, byte, 0, 1, 0);
}

const run = StatementSync.prototype.run;
StatementSync.prototype.run = function (this: StatementSync, ...values: Parameters<typeof run>) {
  if (this.sourceSQL === 'BEGIN IMMEDIATE') mark(1);
  try {
    return run.apply(this, values);
  } finally {
    if (this.sourceSQL === 'COMMIT') mark(0);
  }
} as typeof run;

if (process.env.BATON_STORE === 'cosmos') {
  const { Items } = await import('@azure/cosmos');
  const batch = Items.prototype.batch;
  let open = 0;
  Items.prototype.batch = async function (...given: Parameters<typeof batch>) {
    mark(++open);
    try {
      return await batch.apply(this, given);
    } finally {
      mark(--open);
    }
  };
}
