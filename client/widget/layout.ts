import type { Ticker } from '../../shared/ticker.ts';
import type { VNode } from './dom.ts';
import type { Mode } from './status.ts';
import type { World } from './world.ts';

/** What is to be shown, and how the reader stands to it. */
export interface Scene extends Ticker {
  /** How many headlines wait. */
  waiting: number;
  paused: boolean;
  /** A reader is in the middle of something: nothing may move. */
  engaged: boolean;
  announce: Mode;
}

/** What a layout stands on. */
interface Stage {
  readonly root: ShadowRoot;
  /** A sheet of its own, for what only this one ticker needs. */
  readonly sheet: CSSStyleSheet;
  readonly world: World;
  /** Whether a reader is in the middle of something, just now. */
  engaged(): boolean;
  /** Paints the scene again. */
  repaint(): void;
}

/** One way to show a scene, for one ticker. */
export interface Showing {
  /** `put` draws; what must be measured before or after it, is. */
  paint(scene: Scene, put: (section: VNode) => void): void;
  /** A button of its own was pressed. */
  act?(action: string): void;
  /** The reader asked for the newest. */
  reveal?(): void;
  stop?(): void;
}

export interface Layout {
  readonly css: string;
  start(stage: Stage): Showing;
}
