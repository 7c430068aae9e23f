interface FieldError {
  field: string;
  message: string;
}

/** The server said no, or nothing. `kind` is the last word of the problem's type. */
export class Refused extends Error {
  readonly kind: string;
  readonly errors: readonly FieldError[];
  /** Seconds. */
  readonly retryAfter: string;

  constructor(kind: string, errors: readonly FieldError[] = [], retryAfter = '') {
    super(kind);
    this.kind = kind;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** @throws Refused */
export async function send<T>(path: string, body: unknown = {}): Promise<T> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, application/problem+json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (!answer) throw new Refused('offline');
  // A proxy in front of the server may answer with a page of its own.
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said as T;
  const kind = /[\w-]+$/.exec(said.type ?? '')?.[0] ?? 'other';
  throw new Refused(kind, said.errors, answer.headers.get('Retry-After') ?? '');
}
