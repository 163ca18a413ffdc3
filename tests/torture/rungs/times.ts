/** Real milliseconds, all of them. */

/** A lease holds so long without renewal, and each process looks so often. */
export const LEASE_MS = 2_000;
export const POLL_MS = 250;
/** Beyond the poll: for the turns before it in the same look, on a machine with as many processes as cores or more. */
export const MARGIN_MS = 1_000;
/** A process that was not let run for so long counts as paused for that time. */
export const STALL_MS = 300;
