import type { z } from 'zod';

/** Start-up cannot go on. The message is one line for a person: what happened, why, what to do. */
export class StartError extends Error {
  override name = 'StartError';
}

/** Each way in which a request can be refused, with its status. Clients tell them apart by the last word of `type`. */
export const PROBLEMS = {
  'broken-json': [400, 'The body is not JSON'],
  'bad-handshake': [400, 'This is no WebSocket handshake'],
  'no-credentials': [401, 'No valid key'],
  'wrong-proof': [401, 'This does not prove who you are'],
  forbidden: [403, 'Not allowed'],
  'prove-again': [403, 'Prove again who you are'],
  'wrong-origin': [403, 'The request comes from another site'],
  'not-found': [404, 'Nothing is here'],
  'unknown-edition': [404, 'No such edition'],
  'unknown-item': [404, 'No such item'],
  'stale-revision': [409, 'The item has changed since'],
  'wrong-state': [409, 'The item is in another state'],
  'last-chief': [409, 'The newsroom would be left without a chief'],
  'last-method': [409, 'There would be no way left to sign in'],
  'name-taken': [409, 'Somebody has this name already'],
  'passkeys-off': [409, 'Passkeys cannot be used at this address'],
  killed: [410, 'The item is killed'],
  'link-over': [410, 'The link is used up or too old'],
  'too-large': [413, 'The body is too large'],
  'not-json': [415, 'The body must be application/json'],
  invalid: [422, 'A field is wrong'],
  'not-unfurled': [422, 'The address tells nothing'],
  'key-reused': [422, 'The idempotency key stands for another request'],
  'too-many': [429, 'Too many attempts'],
  busy: [503, 'No room for one more reader just now'],
  'sso-unavailable': [503, 'The single sign-on does not answer'],
  unavailable: [503, 'The store does not answer'],
  internal: [500, 'Something went wrong on our side'],
  'no-such-format': [501, 'The format is not served'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface FieldError {
  field: string;
  message: string;
}

/** A refusal as RFC 9457 tells it: `message` is the detail, `members` are extension members of the answer. */
export class Problem extends Error {
  override name = 'Problem';
  readonly kind: ProblemKind;
  readonly members: Record<string, unknown>;

  constructor(kind: ProblemKind, detail: string, members: Record<string, unknown> = {}) {
    super(detail);
    this.kind = kind;
    this.members = members;
  }

  get status(): number {
    return PROBLEMS[this.kind][0];
  }

  /** Seconds after which to come again, for what passes. */
  get retryAfter(): number | undefined {
    const { retryAfter } = this.members;
    if (typeof retryAfter === 'number') return retryAfter;
    return this.kind === 'unavailable' ? 1 : undefined;
  }

  get title(): string {
    return PROBLEMS[this.kind][1];
  }
}

/** The input as the schema gives it. @throws Problem `invalid`, naming each wrong field */
export function valid<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input, { error: wording });
  if (result.success) return result.data;
  throw invalidFields(fieldErrors(result.error, 'body'));
}

export function invalidFields(errors: FieldError[]): Problem {
  return new Problem('invalid', `${inWords(errors)}.`, { errors });
}

/** For a person, without the full stop. */
export function inWords(errors: FieldError[]): string {
  return errors.map(({ field, message }) => `${field} ${message}`).join('; ');
}

/** @param whole what the input is called where all of it is wrong */
export function fieldErrors({ issues }: z.ZodError, whole: string): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ field: path ? `${path}.${key}` : key, message: 'is not a known field' }));
    return [{ field: path || whole, message: issue.message }];
  });
}

/** As those who write JSON call what the library calls otherwise. */
const TYPES: Record<string, string> = { record: 'object', int: 'whole number' };

/** The schema's own words come first; these stand in for the library's. */
export function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is required' : `is not of type ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  if (issue.code === 'too_big') return `is above ${issue.maximum}`;
  if (issue.code === 'too_small') return `is below ${issue.minimum}`;
  if (issue.code === 'invalid_value') return `is not one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_format') return `is not a ${issue.format}`;
  return undefined;
}
