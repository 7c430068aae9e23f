import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineUnavailable } from '../../engine.ts';
import { StartError } from '../../errors.ts';
import type { Answer, Command, CommandName, Commands, FromWriter, ToWriter, WriterSettings } from './message.ts';

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** The main thread's side of the writer thread. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #durability: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #asked = 0;
  /** Why it takes no more commands. */
  #over: string | undefined;
  #answered: () => void = () => undefined;

  private constructor(worker: Worker, durability: string) {
    this.#worker = worker;
    this.#durability = durability;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (message: FromWriter) => {
      if ('answers' in message) this.#take(message.answers);
    });
    worker.on('error', (error: Error) => this.#fail(error.message));
    worker.on('exit', () => this.#fail('it has ended'));
  }

  /** @throws StartError */
  static async open(settings: WriterSettings): Promise<WriterThread> {
    // The published package holds JavaScript, a checkout TypeScript.
    const script = new URL(`./writer${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: settings });
    const durability = await new Promise<string>((resolve, reject) => {
      worker.once('error', (error: Error) =>
        reject(new StartError(`Cannot start the database's thread: ${error.message}`)),
      );
      worker.once('message', (message: FromWriter) => {
        if ('durability' in message) resolve(message.durability);
        else reject(new StartError('refused' in message ? message.refused : 'The database answers out of turn.'));
      });
    });
    return new WriterThread(worker, durability);
  }

  /** Calls `listener` before each batch of answers is given, when what they tell is on the disk. */
  onAnswered(listener: () => void): void {
    this.#answered = listener;
  }

  /** @throws EngineUnavailable when it takes no more commands */
  durability(): string {
    this.#check();
    return this.#durability;
  }

  async ask<Name extends CommandName>(name: Name, what: Commands[Name]['with']): Promise<Commands[Name]['answer']> {
    this.#check();
    this.#asked += 1;
    const ask = this.#asked;
    const command = { name, with: what } as Command;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, { resolve, reject });
      this.#worker.postMessage({ ask, command } satisfies ToWriter);
    });
  }

  /** When every command asked for has been answered. */
  async close(): Promise<void> {
    if (!this.#over) {
      this.#over = 'The database is closed.';
      this.#worker.postMessage('close' satisfies ToWriter);
    }
    await this.#ended;
  }

  #check(): void {
    if (this.#over) throw new EngineUnavailable(this.#over);
  }

  #take(answers: Answer[]): void {
    this.#answered();
    for (const given of answers) {
      const waiting = this.#waiting.get(given.ask);
      this.#waiting.delete(given.ask);
      if ('problem' in given) waiting?.reject(new EngineUnavailable(given.problem));
      else waiting?.resolve(given.answer as never);
    }
  }

  #fail(reason: string): void {
    this.#over ??= `The database's thread does not work any more: ${reason}. Start again.`;
    for (const { reject } of this.#waiting.values()) reject(new EngineUnavailable(this.#over));
    this.#waiting.clear();
  }
}
