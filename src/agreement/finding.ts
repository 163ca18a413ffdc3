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
