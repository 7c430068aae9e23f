import { row } from '../../../shared/row.ts';
import { column, newestFlash, settingOf, stateLine, viewOf } from '../../../shared/ticker.ts';
import { announceChoice, button, pauseButton, waitingButton } from '../controls.ts';
import { h } from '../dom.ts';
import type { Layout } from '../layout.ts';
import { later } from '../world.ts';
import css from './headline.css';

/** How long each is shown. */
const EACH = 8_000;

/** One headline at a time. */
export const headline: Layout = {
  css,
  start({ world, engaged, repaint }) {
    /** The one that is shown, and the newest one that was there then. */
    let [current, newest]: (string | undefined)[] = [];
    let ids: string[] = [];
    const turn = (by: number) => {
      const at = ids.indexOf(current ?? '');
      current = ids[(at + by + ids.length) % ids.length];
      turnAfter(EACH);
    };
    // With reduced motion nothing changes by itself but what is new.
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const turnAfter = later(world, () => {
      if (engaged() || still.matches) turnAfter(EACH);
      else turn(1);
      repaint();
    });
    turnAfter(EACH);
    return {
      paint(scene, put) {
        const { entries, engaged, heading } = scene;
        const setting = settingOf(scene);
        const { words, edition } = setting;
        ids = entries.map(({ id }) => id);
        if (!ids.includes(current ?? '') || (!engaged && newest !== ids[0])) current = ids[0];
        newest = ids[0];
        const at = ids.indexOf(current ?? '');
        const entry = entries[at];
        put(
          column(
            h,
            setting,
            heading,
            viewOf(h, words, heading, entry ? [row(h, entry, setting, entry === newestFlash(entries))] : []),
            h(
              'footer',
              { class: 'foot' },
              stateLine(h, scene, setting, scene.paused),
              waitingButton(scene, words),
              announceChoice(scene.announce, words),
              h('span', { class: 'zone' }, edition.zoneLabel),
              button('previous', '‹', words.previous),
              h('span', { class: 'place' }, `${at + 1}/${ids.length}`),
              button('next', '›', words.next),
              pauseButton(scene, words),
            ),
          ),
        );
      },
      act(does) {
        turn(does === 'next' ? 1 : -1);
      },
      reveal() {
        current = ids[0];
      },
      stop: () => turnAfter(),
    };
  },
};
