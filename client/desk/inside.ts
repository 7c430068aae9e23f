import { startActs } from './acts.ts';
import { startDialogs } from './dialog.ts';
import { attempt } from './form.ts';
import { leave } from './leave.ts';
import { startLive } from './live.ts';
import { find, page } from './page.ts';
import { send } from './send.ts';

/** What every page behind the door does. */
export function startInside(): void {
  startLive();
  startDialogs();
  startActs();
  find('.sign-out').addEventListener('click', () =>
    attempt(page, async () => {
      await send('/v1/sign-out');
      leave('signed-out');
    }),
  );
}
