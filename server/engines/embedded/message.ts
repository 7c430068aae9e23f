import type { Position } from '../../../shared/position.ts';
import type { Outcome } from '../../engine.ts';
import type { OfficeAct } from '../../records.ts';
import type { Step } from '../step.ts';

/** `request` is what the idempotency key stands for: compared with the digest of then, never stored. */
export interface Asked {
  step: Step;
  request: string;
}

/** What the main thread asks of the writer, each with its answer. */
export interface Commands {
  commit: { with: { asked: Asked[]; bulk: boolean }; answer: Outcome[] };
  rotate: { with: { edition: string; seen: Position }; answer: string };
  /** Makes sure that the edition has its row. */
  know: { with: { edition: string }; answer: true };
  put: { with: RecordWrite & { value: string }; answer: boolean };
  take: { with: { kind: string; id: string }; answer: RecordRow | undefined };
  increment: {
    with: { kind: string; id: string; by: number; lifeMs: number };
    answer: { count: number; leftMs: number };
  };
  change: { with: { writes: RecordWrite[]; act: OfficeAct }; answer: boolean };
}

/** A value is JSON; without one the record is removed. */
export interface RecordWrite {
  kind: string;
  id: string;
  expects: number;
  value: string | undefined;
  lifeMs: number | undefined;
}

/** A record as it is in its table: the value is JSON. */
export interface RecordRow {
  version: number;
  value: string;
}

export type CommandName = keyof Commands;

export type Command = { [Name in CommandName]: { name: Name; with: Commands[Name]['with'] } }[CommandName];

export type ToWriter = { ask: number; command: Command } | 'close';

export type Answer = { ask: number; answer: Commands[CommandName]['answer'] } | { ask: number; problem: string };

/** First whether it could open the database. */
export type FromWriter = { durability: string } | { refused: string } | { answers: Answer[] };

export interface WriterSettings {
  file: string;
  editions: string[];
  logLength: number;
}
