import { settingOf, ticker } from '../../../shared/ticker.ts';
import { announceChoice, pauseButton, waitingButton } from '../controls.ts';
import { h } from '../dom.ts';
import type { Layout } from '../layout.ts';
import { stillnessIn } from '../stillness.ts';

/** The rolling column. */
export const list: Layout = {
  css: '',
  start({ root, sheet }) {
    const stillness = stillnessIn(sheet);
    const find = (name: string) => root.querySelector(name);
    return {
      paint(scene, put) {
        const { words } = settingOf(scene);
        const rows = find('.rows');
        if (!scene.engaged) stillness.release();
        else if (rows) stillness.hold(rows);
        put(
          ticker(h, scene, {
            paused: scene.paused,
            head: pauseButton(scene, words),
            edge: waitingButton(scene, words),
            foot: announceChoice(scene.announce, words),
          }),
        );
        if (rows) stillness.fit(rows);
      },
      reveal() {
        find('.view')?.scrollTo(0, 0);
      },
    };
  },
};
