/** One record as a list holds it: raw text, as it came. Everything but the id may be empty. */
export interface Person {
  readonly id: string;
  /** The list that it comes from; pairs within one list are found too. */
  readonly provider?: string;
  readonly given?: string;
  readonly surname?: string;
  /** `YYYY-MM-DD`, `YYYYMMDD` or `DD/MM/YYYY`. */
  readonly dob?: string;
  readonly postcode?: string;
  readonly nhs?: string;
}
