import { isUtf8 } from 'node:buffer';
import express, { type Request } from 'express';
import * as z from 'zod';
import { Problem, valid } from '../errors.ts';
import type { Middleware } from './route.ts';

const LARGEST_BODY = 64 * 1024;

/** Reads the body of a request that comes with one. */
export const readJson: Middleware = express.json({
  limit: LARGEST_BODY,
  type: 'application/json',
  inflate: false,
  // What is JSON but no object would else be told to be no JSON.
  strict: false,
  verify,
});

/** A byte that is no UTF-8 would be published as a question mark in a box. */
function verify(_request: unknown, _response: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8' || !isUtf8(body)) throw new Error('not UTF-8');
}

/** No body at all is an empty one, so that a hold is one short request. @throws Problem `not-json` */
export function jsonOf(request: Request): unknown {
  if (request.body !== undefined) return request.body;
  const empty = (request.get('Content-Length') ?? '0') === '0' && request.get('Transfer-Encoding') === undefined;
  if (empty) return {};
  throw new Problem('not-json', 'Send the body with "Content-Type: application/json".');
}

const NoFields = z.strictObject({});

/** For what is said by the address alone: a field that is not heeded would be a promise. @throws Problem `invalid` */
export function demandNoFields(request: Request): void {
  valid(NoFields, jsonOf(request));
}
