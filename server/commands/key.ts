import type { Role } from '../roles.ts';
import { operator, print, say, withOffice } from './office.ts';

export function addKey(name: string, { role, edition }: { role: Role; edition: string[] }): Promise<void> {
  return withOffice(async ({ keys }) => {
    const { id, key } = await keys.add(operator(), { name, role, editions: edition });
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
  return withOffice(async ({ keys }) => {
    await keys.revoke(operator(), id);
    say(`Key ${id} is revoked.`);
  });
}
