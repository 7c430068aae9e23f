import type { Publication } from '../payload.ts';

/** A server that broadcasts, while it runs. */
export interface Peer {
  name: string;
  port: number;
  /** Whose CPU and memory are its own. */
  pids: number[];
  kind: 'ws' | 'eio' | 'sse';
  /** What readers ask for. */
  path: string;
  /** Frames that greet a reader. */
  ready: number;
  /** Where a publication is posted. */
  door: { path: string; headers: Record<string, string>; body: (publication: Publication) => string };
  stop: () => Promise<void>;
}

/** Undefined when it cannot run here; it says why. */
export type StartPeer = () => Promise<Peer | undefined>;
