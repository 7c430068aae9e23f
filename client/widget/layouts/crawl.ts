import { row } from '../../../shared/row.ts';
import { column, newestFlash, settingOf, stateLine, viewOf } from '../../../shared/ticker.ts';
import { announceChoice, pauseButton, waitingButton } from '../controls.ts';
import { h } from '../dom.ts';
import type { Layout } from '../layout.ts';
import css from './crawl.css';

/** CSS pixels a second: a headline of 80 characters takes about ten seconds to pass. */
const SPEED = 60;

/** How often is looked whether a reader wants it to stand. */
const LOOK = 200;

/** The moving line. It scrolls, so that a reader may too, and each headline is in it once. */
export const crawl: Layout = {
  css,
  start({ root, engaged, repaint }) {
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    /** The one that the line begins with: those before it have passed, and come again after the last. */
    let first: string | undefined;
    let at = 0;
    let before: number | undefined;
    let lookedAt = Number.NEGATIVE_INFINITY;
    let stands = false;
    let frame = requestAnimationFrame(move);

    function move(now: number): void {
      frame = requestAnimationFrame(move);
      const passed = now - (before ?? now);
      before = now;
      if (now - lookedAt > LOOK) {
        lookedAt = now;
        stands = still.matches || engaged();
      }
      const view = root.querySelector<HTMLElement>('.view');
      const lead = view?.querySelector('.row');
      if (!view || !lead || stands || view.scrollWidth <= view.clientWidth) return;
      // The browser rounds what it is told; and a reader may have scrolled meanwhile.
      if (Math.abs(Math.abs(view.scrollLeft) - at) > 2) at = Math.abs(view.scrollLeft);
      at += (Math.min(passed, 100) * SPEED) / 1_000;
      const width = lead.getBoundingClientRect().width;
      if (at >= width) {
        at -= width;
        first = lead.nextElementSibling?.getAttribute('data-id') ?? undefined;
        repaint();
      }
      view.scrollLeft = getComputedStyle(view).direction === 'rtl' ? -at : at;
    }

    return {
      paint(scene, put) {
        const { entries, heading } = scene;
        const setting = settingOf(scene);
        const { words } = setting;
        const from = Math.max(
          0,
          entries.findIndex(({ id }) => id === first),
        );
        const flash = newestFlash(entries);
        const rows = [...entries.slice(from), ...entries.slice(0, from)];
        put(
          column(
            h,
            setting,
            heading,
            pauseButton(scene, words),
            stateLine(h, scene, setting, scene.paused),
            viewOf(
              h,
              words,
              heading,
              rows.map((entry) => row(h, entry, setting, entry === flash)),
            ),
            waitingButton(scene, words),
            announceChoice(scene.announce, words),
          ),
        );
      },
      reveal() {
        first = undefined;
        at = 0;
        root.querySelector('.view')?.scrollTo(0, 0);
      },
      stop: () => cancelAnimationFrame(frame),
    };
  },
};
