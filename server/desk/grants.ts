import * as z from 'zod';
import { Problem } from '../errors.ts';
import type { Caller } from '../newsroom.ts';
import { type Grant, may, ROLES } from '../roles.ts';

const MOST = 100;

/** Grants as a chief gives them: at most one for each edition. */
export const Grants = z
  .array(z.strictObject({ role: z.enum(ROLES), edition: z.string().max(40) }))
  .max(MOST)
  .superRefine((grants, context) => {
    for (const [at, { edition }] of grants.entries())
      if (grants.findIndex((other) => other.edition === edition) !== at)
        context.addIssue({ code: 'custom', path: [at, 'edition'], message: 'is granted already' });
  });

/** What stands in one of them and not in the other. */
export function changedGrants(before: readonly Grant[], after: readonly Grant[]): Grant[] {
  return [...without(before, after), ...without(after, before)];
}

/** What `grants` has and `others` have not. */
export function without(grants: readonly Grant[], others: readonly Grant[]): Grant[] {
  return grants.filter(({ role, edition }) => !others.some((one) => one.role === role && one.edition === edition));
}

/** The office's own short note of them. */
export function grantsText(grants: readonly Grant[]): string {
  return grants.map(({ role, edition }) => `${role} in ${edition}`).join(', ') || 'nothing';
}

/** @throws Problem `unknown-edition` @param field where the grants stand in the body */
export function knownEditions(grants: readonly Grant[], editions: ReadonlySet<string>, field = 'grants'): void {
  const unknown = grants.find(({ edition }) => edition !== '*' && !editions.has(edition));
  if (!unknown) return;
  const message = `is not * or one of ${[...editions].join(', ')}`;
  throw new Problem('unknown-edition', `There is no edition "${unknown.edition}".`, { errors: [{ field, message }] });
}

/**
 * Whoever changes who may do something in an edition is a chief there: so nobody grants more than they have. Where no
 * edition is concerned, any chief will do.
 *
 * @throws Problem `forbidden`
 */
export function permitGrants({ actor }: Caller, grants: readonly Grant[]): void {
  const lacking = grants.find(({ edition }) => !may(actor, 'staff', edition));
  if (!lacking && may(actor, 'staff')) return;
  const where = !lacking
    ? 'the newsroom'
    : lacking.edition === '*'
      ? 'all editions'
      : `the edition "${lacking.edition}"`;
  throw new Problem('forbidden', `This concerns ${where}, and needs the role chief there.`);
}
