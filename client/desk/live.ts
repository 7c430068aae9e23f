import { leave } from './leave.ts';
import { find, words } from './page.ts';

const LEAST_MS = 1_000;
const MOST_MS = 30_000;
/** A line that carries nothing for so many beats is dead, whatever the browser believes: after a sleep, for one. */
const BEATS = 2.5;

type State = 'live' | 'connecting' | 'reconnecting';

/**
 * Whether the session still holds, told by the server the moment that it does not. A page out of sight lets go of its
 * stream, since browsers open six to a server and some people have more tabs; it asks again when it comes into sight.
 */
export function startLive(): { start: () => void; stop: () => void } {
  let stream: EventSource | undefined;
  let beatMs = 0;
  let next = 0;
  let failures = 0;
  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
  addEventListener('pagehide', stop);
  // Out of the browser's memory, where it may show what has ended long ago.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  if (!document.hidden) start();
  return { start, stop };

  function start(): void {
    stop();
    stream = new EventSource('/v1/desk/live');
    stream.addEventListener('hello', ({ data }) => {
      failures = 0;
      beatMs = JSON.parse(data).heartbeatMs;
      heard();
      show('live');
    });
    stream.addEventListener('beat', heard);
    stream.addEventListener('signed-out', () => leave('ended'));
    stream.addEventListener('error', retry);
  }

  function heard(): void {
    again(BEATS * beatMs);
  }

  /** The browser comes back by itself from a broken line, but not from an answer that it does not understand. */
  async function retry(): Promise<void> {
    show('reconnecting');
    const given = stream;
    if (given?.readyState !== EventSource.CLOSED) return;
    const answer = await fetch('/v1/me').catch(() => undefined);
    if (answer?.status === 401) return leave('ended');
    const most = Math.min(MOST_MS, LEAST_MS * 2 ** failures++);
    if (stream === given) again(LEAST_MS + Math.random() * (most - LEAST_MS));
  }

  function again(ms: number): void {
    clearTimeout(next);
    next = setTimeout(() => {
      show('reconnecting');
      start();
    }, ms);
  }

  function stop(): void {
    clearTimeout(next);
    stream?.close();
    stream = undefined;
  }
}

function show(state: State): void {
  const line = find('.state');
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.textContent = words[state];
}
