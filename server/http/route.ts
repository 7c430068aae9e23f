import type { NextFunction, Request, Response } from 'express';
import type { Permission } from '../roles.ts';

/**
 * One line of the route table. `permission` is who may ask at all; what the caller may do to which item is checked on
 * the item. `public` are the readers; all else is the newsroom's side: `guest` is whoever comes to its door, `self`
 * whoever has signed in, about themselves. `surface`: readers can see items there, so a kill must reach it.
 */
export interface Route {
  method: 'get' | 'post';
  path: string;
  permission: 'public' | 'guest' | 'self' | Permission;
  surface: boolean;
  /** Only for people who have proven who they are within the last ten minutes: what outlasts a stolen session. */
  fresh?: true;
  /** Shown to people: who is not signed in is led to the page where that is done. */
  page?: true;
  /** What its headers say other than all others do, also with a refusal. */
  headers?: Middleware;
  handle: (request: Request, response: Response) => unknown;
}

export type Middleware = (request: Request, response: Response, next: NextFunction) => unknown;
