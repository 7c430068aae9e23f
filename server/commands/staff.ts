import { joinLink } from '../http/join-link.ts';
import { type Office, publicUrlOf } from '../office.ts';
import type { Role } from '../roles.ts';
import { operator, print, say, withOffice } from './office.ts';

export function listStaff(): Promise<void> {
  return withOffice(async ({ staff }) => {
    for (const person of await staff.list()) print(person);
  });
}

export function inviteStaff(name: string, { role, edition }: { role: Role; edition: string[] }): Promise<void> {
  return withOffice(async (office) => {
    const grants = edition.map((id) => ({ role, edition: id }));
    const { token, endsAt } = await office.links.invite(operator(), { name, grants });
    show(office, token, `"${name}" comes in with this link`, endsAt);
  });
}

/** The way back for who lost every other one, the last chief too. */
export function recoverStaff(id: string): Promise<void> {
  return withOffice(async (office) => {
    const { token, endsAt } = await office.links.recover(operator(), id);
    show(office, token, 'Whoever opens this link has the account, and nobody else any more', endsAt);
  });
}

function show({ settings }: Office, token: string, what: string, endsAt: string): void {
  say(`${what}: once, until ${endsAt}. It is shown this once:`);
  print(joinLink(publicUrlOf(settings), token));
}
