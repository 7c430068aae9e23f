/**
 * What the iframe page does beside showing the ticker: it tells the service which site it stands in, and speaks to a
 * WordPress page around it. WordPress frames a page with `sandbox="allow-scripts"` and `#?secret=…`; from then on it
 * sets the height that the page reports with that secret, and opens the links it reports, on the page's own host only.
 */
const ticker = document.querySelector('motograph-ticker');

/** Set before the element starts. Browsers tell a frame the origin of the page around it, and no more. */
const site = document.referrer && new URL(document.referrer).hostname;
if (site && site !== location.hostname) ticker?.setAttribute('site', site);

if (parent !== window) {
  addEventListener('message', ({ source, data }) => {
    if (source === parent && data?.message === 'ready' && data.secret === secret()) tellHeight();
  });
  // It may give the secret only once the page is there.
  addEventListener('hashchange', tellHeight);
  document.addEventListener('click', follow);
  new ResizeObserver(tellHeight).observe(document.documentElement);
  // WordPress clips the frame away until it speaks, and a browser observes no sizes in what nobody sees.
  tellHeight();
}

function secret(): string | undefined {
  return /[?&]secret=([a-zA-Z0-9]+)/.exec(location.hash)?.[1];
}

function tellHeight(): void {
  tell('height', Math.ceil(document.documentElement.getBoundingClientRect().height));
}

/** Nobody else can read much in it, so it may be said to any origin: the page cannot know which it is. */
function tell(message: 'height' | 'link', value: number | string): void {
  if (secret()) parent.postMessage({ message, value, secret: secret() }, '*');
}

/** A row's link goes by its id over our host, any other to the edition's page there. */
function follow(event: MouseEvent): void {
  const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  const path = event.composedPath().filter((node) => node instanceof HTMLElement);
  if (!secret() || modified || !path.some((node) => node instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  const id = path.find(({ dataset }) => dataset.id)?.dataset.id;
  tell('link', new URL(id ? `/r/${id}` : `/${ticker?.getAttribute('edition')}`, location.href).href);
}
