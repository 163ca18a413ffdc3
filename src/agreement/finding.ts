/** Something the partners must settle before the agreement can be in force: where, what, and what to do. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}

export const finding = (path: Finding['path'], message: string, remedy: string): Finding => ({
  path,
  message,
  remedy,
});

export const unknownProvider = (path: Finding['path'], id: string): Finding =>
  finding(
    path,
    `the provider ${id} is not in the agreement`,
    'name one of the ids under providers, or add it there',
  );
export const unknownRole = (path: Finding['path'], id: string): Finding =>
  finding(path, `the role ${id} is not in the agreement`, 'name one of the ids under roles, or add it there');

/** What must be there once only: a finding for each that comes again, at its place. */
export const twice = (
  values: readonly string[],
  path: (at: number) => Finding['path'],
  what: string,
): Finding[] =>
  values.flatMap((value, at) =>
    values.indexOf(value) === at
      ? []
      : [finding(path(at), `${what} ${value} is there twice`, 'give each its own, or remove one')],
  );
