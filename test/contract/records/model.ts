import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Records, Stored, Write } from '../../../server/records.ts';
import { freshStore, type Open } from '../harness.ts';
import { officeAct } from './given.ts';

/** The contract in a few lines: what any sequence of calls comes to when nothing ends meanwhile. */
class Model {
  readonly #held = new Map<string, Stored>();
  acts = 0;

  put(kind: string, id: string, value: unknown, expects: number): boolean {
    return this.#all([{ kind, id, expects, value }]);
  }

  take(kind: string, id: string): Stored | undefined {
    const taken = this.#held.get(`${kind} ${id}`);
    this.#held.delete(`${kind} ${id}`);
    return taken;
  }

  increment(kind: string, id: string, by: number): number {
    const { version, value } = this.#held.get(`${kind} ${id}`) ?? { version: 0, value: 0 };
    const count = Number(value) + by;
    this.#held.set(`${kind} ${id}`, { version: version + 1, value: count });
    return count;
  }

  change(writes: readonly Write[]): boolean {
    const done = this.#all(writes);
    if (done) this.acts += 1;
    return done;
  }

  list(kind: string): (Stored & { id: string })[] {
    return ['a', 'b', 'c'].flatMap((id) => {
      const stored = this.#held.get(`${kind} ${id}`);
      return stored ? [{ id, ...stored }] : [];
    });
  }

  #all(writes: readonly Write[]): boolean {
    const placed = writes.map((write) => ({ ...write, place: `${write.kind} ${write.id}` }));
    if (placed.some(({ place, expects }) => (this.#held.get(place)?.version ?? 0) !== expects)) return false;
    for (const { place, expects, value } of placed)
      if (value === undefined) this.#held.delete(place);
      else this.#held.set(place, { version: expects + 1, value });
    return true;
  }
}

const place = { kind: fc.constantFrom('x', 'y'), id: fc.constantFrom('a', 'b', 'c') };
const expects = fc.constantFrom(0, 0, 1, 1, 2, 3);
const number = fc.integer({ min: -9, max: 9 });
const lifeMs = fc.option(fc.constant(600_000), { nil: undefined });
const write = fc.record({ ...place, expects, value: fc.option(number, { nil: undefined }) });
const call = fc.oneof(
  fc.record({ name: fc.constant('put' as const), ...place, value: number, expects, lifeMs }),
  fc.record({ name: fc.constant('take' as const), ...place }),
  fc.record({ name: fc.constant('increment' as const), ...place, by: number }),
  fc.record({
    name: fc.constant('change' as const),
    writes: fc.uniqueArray(write, { maxLength: 4, selector: ({ kind, id }) => `${kind} ${id}` }),
  }),
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** `round` begins each kind, so that one store serves all rounds. */
async function both(one: Call, model: Model, records: Records, round: string): Promise<[unknown, unknown]> {
  switch (one.name) {
    case 'put': {
      const { kind, id, value, expects, lifeMs } = one;
      return [model.put(kind, id, value, expects), await records.put(round + kind, id, value, expects, lifeMs)];
    }
    case 'take':
      return [model.take(one.kind, one.id), await records.take(round + one.kind, one.id)];
    case 'increment': {
      const { count } = await records.increment(round + one.kind, one.id, one.by, 600_000);
      return [model.increment(one.kind, one.id, one.by), count];
    }
    case 'change': {
      const writes = one.writes.map((write) => ({ ...write, kind: round + write.kind }));
      return [model.change(one.writes), await records.change(writes, officeAct())];
    }
  }
}

export function modelContract(open: Open): void {
  const store = freshStore(open);

  it('come to what the contract says, whatever is asked of them in whatever order', async () => {
    const { records } = store.engine;
    let [round, acts] = [0, 0];
    const property = fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 30 }), async (calls) => {
      const model = new Model();
      const kinds = `${++round}-`;
      const before = acts;
      for (const one of calls) {
        const [expected, answered] = await both(one, model, records, kinds);
        acts = before + model.acts;
        expect(answered, JSON.stringify(one)).toStrictEqual(expected);
      }
      for (const kind of ['x', 'y']) expect(await records.list(kinds + kind)).toStrictEqual(model.list(kind));
      expect((await records.acts(1))[0]?.seq ?? 0).toBe(acts);
    });
    await fc.assert(property, { numRuns: 30 });
  });
}
