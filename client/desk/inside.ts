import { startActs } from './acts.ts';
import { startDialogs } from './dialog.ts';
import { attempt } from './form.ts';
import { leave } from './leave.ts';
import { startLive } from './live.ts';
import { find, page } from './page.ts';
import { send } from './send.ts';

/** What every page behind the door does. */
export function startInside(): void {
  const live = startLive();
  startDialogs();
  startActs();
  find('.sign-out').addEventListener('click', () =>
    attempt(page, async () => {
      // Else it may be told of the end before the answer is there, as if somebody else had ended it.
      live.stop();
      await send('/v1/sign-out').catch((error: unknown) => {
        live.start();
        throw error;
      });
      leave('signed-out');
    }),
  );
}
