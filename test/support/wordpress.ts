/**
 * What WordPress does with the oEmbed answer of a provider that it found by itself, written from its rules as of
 * version 6: only a bare blockquote and the frame right behind it stay, with few attributes; the frame gets a secret, a
 * sandbox without its own origin, and stays out of sight until it speaks.
 */
export function filteredByWordPress(html: string, secret: string): string {
  const [, blockquote = '', frame] = /(<blockquote>.*?<\/blockquote>)?.*(<iframe.*?><\/iframe>)/s.exec(html) ?? [];
  if (frame === undefined) throw new Error('WordPress embeds nothing without a frame');
  const kept = ['src', 'width', 'height', 'frameborder', 'marginwidth', 'marginheight', 'scrolling', 'title'];
  const attributes = [...frame.matchAll(/ ([a-z]+)="([^"]*)"/g)]
    .filter(([, name = '']) => kept.includes(name))
    .map(([, name, value]) =>
      name === 'src' ? `src="${value}#?secret=${secret}" data-secret="${secret}"` : `${name}="${value}"`,
    );
  const quote = blockquote.replace('<blockquote', `<blockquote class="wp-embedded-content" data-secret="${secret}"`);
  return `${quote}<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted" style="position: absolute; clip: rect(1px, 1px, 1px, 1px);" ${attributes.join(' ')}></iframe>`;
}

/** A page that listens as WordPress does. `late`: its script starts when the frame has long spoken. */
export function wordPressPage(embeds: string, late = false): string {
  return `<!doctype html><title>A blog</title><h1>A blog</h1>${embeds}<script>
    window.heard = [];
    addEventListener('message', ({ data, source }) => heard.push({ data, known: source === frames[0] }));
    (${late} ? (start) => { window.startWordPress = start } : (start) => start())(${listen.toString()});
  </script>`;
}

/** Runs in the page. */
function listen(): void {
  const framesOf = (secret: string) => document.querySelectorAll<HTMLIFrameElement>(`iframe[data-secret="${secret}"]`);
  addEventListener('message', ({ data, source }) => {
    if (!data || (!data.secret && !data.message && !data.value) || /[^a-zA-Z0-9]/.test(data.secret)) return;
    for (const quote of document.querySelectorAll<HTMLElement>(`blockquote[data-secret="${data.secret}"]`))
      quote.style.display = 'none';
    for (const frame of framesOf(data.secret)) {
      if (source !== frame.contentWindow) continue;
      frame.removeAttribute('style');
      if (data.message === 'height')
        frame.height = String(Math.max(200, Math.min(1000, Number.parseInt(data.value, 10))));
      if (data.message !== 'link') continue;
      const [there, here] = [new URL(data.value), new URL(frame.getAttribute('src') ?? '')];
      if (/^https?:$/.test(there.protocol) && there.host === here.host && document.activeElement === frame)
        (top ?? window).location.href = data.value;
    }
  });
  for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe.wp-embedded-content'))
    frame.contentWindow?.postMessage({ message: 'ready', secret: frame.dataset.secret }, '*');
}
