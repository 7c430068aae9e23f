import type { NextFunction, Request, Response } from 'express';
import type { Permission } from '../roles.ts';

/**
 * One line of the route table. `permission` is who may ask at all; what the caller may do to which item is checked on
 * the item. `surface`: readers can see items there, so a kill must reach it.
 */
export interface Route {
  method: 'get' | 'post';
  path: string;
  permission: 'public' | Permission;
  surface: boolean;
  /** What its headers say other than all others do, also with a refusal. */
  headers?: Middleware;
  handle: (request: Request, response: Response) => unknown;
}

export type Middleware = (request: Request, response: Response, next: NextFunction) => unknown;
