/** From the least to the most: each may do what those before it may. */
export const ROLES = ['viewer', 'reporter', 'editor', 'chief'] as const;
export type Role = (typeof ROLES)[number];

/** What a role is needed for, with the least role that has it. */
const NEEDS = {
  read: 'viewer',
  draft: 'reporter',
  publish: 'editor',
  amend: 'editor',
  hold: 'editor',
  release: 'editor',
  pin: 'editor',
  audience: 'editor',
  audit: 'editor',
  kill: 'chief',
  staff: 'chief',
  keys: 'chief',
} as const satisfies Record<string, Role>;
export type Permission = keyof typeof NEEDS;

/** `edition` is an edition's id or `*` for all of them. */
export interface Grant {
  role: Role;
  edition: string;
}

/** Who asks. `id` is what the audit keeps; people have a `name` as well. */
export interface Actor {
  id: string;
  name?: string;
  grants: readonly Grant[];
}

/** The least role that may do it. */
export function roleFor(permission: Permission): Role {
  return NEEDS[permission];
}

/** @param edition absent: whether the actor may do it in any edition at all */
export function may(actor: Actor, permission: Permission, edition?: string): boolean {
  return actor.grants.some(
    (grant) =>
      ROLES.indexOf(grant.role) >= ROLES.indexOf(NEEDS[permission]) &&
      (edition === undefined || grant.edition === '*' || grant.edition === edition),
  );
}
