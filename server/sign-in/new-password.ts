import * as z from 'zod';
import type { StoredPassword, StoredTotp } from '../desk/account.ts';
import { invalidFields } from '../errors.ts';
import type { Grounds } from './ceremony.ts';
import { type Passwords, passwordProblem } from './password.ts';
import { Code, type Totps } from './totp.ts';

/** A password with the code that shows that its TOTP is set up. */
export const MadePassword = z.strictObject({ ceremony: z.string(), password: z.string().max(1_000), code: Code });

/** @throws Problem `invalid`, `wrong-proof`, `too-many` */
export async function newPassword(
  { passwords, totps }: { passwords: Passwords; totps: Totps },
  { ceremony, password, code }: z.infer<typeof MadePassword>,
  name: string,
  grounds: Grounds,
): Promise<{ password: StoredPassword; totp: StoredTotp }> {
  const problem = passwordProblem(password, name);
  if (problem) throw invalidFields([{ field: 'password', message: problem }]);
  const hash = await passwords.hash(password);
  return { password: hash, totp: await totps.made(ceremony, code, grounds) };
}
