import { startAccount } from './account.ts';
import { startInside } from './inside.ts';
import { startJoin } from './join.ts';
import { startKeys } from './keys.ts';
import { page } from './page.ts';
import { startSignIn } from './sign-in.ts';
import { startStaff } from './staff.ts';

const OUTSIDE: Record<string, () => void> = { 'sign-in': startSignIn, join: startJoin };
const INSIDE: Record<string, () => void> = { account: startAccount, staff: startStaff, keys: startKeys };

/** The script of the newsroom's side: what it does is up to the page that it stands in. */
const name = page.dataset.page ?? '';
const outside = OUTSIDE[name];
if (outside) outside();
else startInside();
INSIDE[name]?.();
