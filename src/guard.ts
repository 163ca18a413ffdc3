import { type Agreement, positionCan } from './agreement/agreement.ts';
import { Refused } from './core/errors.ts';
import { type Act, PERMISSIONS, rule } from './core/permissions.ts';
import type { TypedRoute } from './core/routes.ts';

/** The typed command, for those whom the table of permissions allows it. */
export function guard(
  route: TypedRoute,
  termsOf: (pathwayId: string) => Promise<Agreement | undefined>,
): TypedRoute {
  if (!Object.hasOwn(PERMISSIONS, route.command)) throw new Error(`${route.command} has no permission`);
  return {
    ...route,
    async run(asking, args) {
      const terms = await termsOf(asking.pathwayId);
      const named = { markedRecords: terms?.register.markedRecords };
      const ruling = rule(route.command as Act, asking.actor, named, (position, ability) =>
        terms ? positionCan(terms, position, ability) : false,
      );
      if (ruling.allowed) return route.run(asking, args);
      throw new Refused(
        'role',
        `${route.command} is not part of your role. Ask a colleague who can, or your coordinator.`,
      );
    },
  };
}
