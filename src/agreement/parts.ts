import { z } from 'zod/v4';
import { WORKING_CLOCKS } from '../core/working-time.ts';

/** A short name that people never see on a card: lower-case letters, digits and hyphens. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'use 1 to 40 lower-case letters, digits and hyphens, such as st-annes',
  );
export const Label = z.string().trim().min(1, 'write a name').max(80, 'use at most 80 characters');
export const Phone = z
  .string()
  .regex(/^[+0-9][0-9 ()]{5,20}$/, 'write a telephone number, such as 0300 123 4567');
export const TimeOfDay = z
  .string()
  .regex(
    /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/,
    'write a time such as 08:00, or 24:00 for the end of the day',
  );
export const Duration = z
  .string()
  .regex(/^(?:\d+(?:m|h|d))+$/, 'write a length of time such as 30m, 2h or 1h30m; d counts days');

export const ClockName = z.enum(WORKING_CLOCKS);
