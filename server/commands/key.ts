import { Problem } from '../errors.ts';
import type { Role } from '../roles.ts';
import { print, say, withOffice } from './office.ts';

export function addKey(name: string, { role, edition }: { role: Role; edition: string[] }): Promise<void> {
  return withOffice(async ({ file, keys, clock }) => {
    if (name.trim() === '') throw new Problem('invalid', 'The name is empty; say whose key it is.');
    const unknown = edition.find((id) => id !== '*' && !file.editions.has(id));
    if (unknown) throw new Problem('unknown-edition', `There is no edition "${unknown}".`);
    const grants = edition.map((id) => ({ role, edition: id }));
    const { id, key } = await keys.add(name, grants, new Date(clock.now()));
    say(`Key ${id} (${role}, edition ${edition.join(', ')}) for "${name}". It is shown this once:`);
    print(key);
  });
}

export function listKeys(): Promise<void> {
  return withOffice(async ({ keys }) => {
    for (const key of await keys.list()) print(key);
  });
}

export function revokeKey(id: string): Promise<void> {
  return withOffice(async ({ keys, clock }) => {
    if (!(await keys.revoke(id, new Date(clock.now())))) throw new Problem('not-found', `There is no key ${id}.`);
    say(`Key ${id} is revoked.`);
  });
}
