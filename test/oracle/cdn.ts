import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Snapshot } from '../../shared/wire.ts';
import { seqOf } from './expected.ts';
import type { Verdict } from './verdict.ts';

export interface Cdn {
  readonly url: string;
  close(): void;
}

/** A cache that keeps each answer too long, whatever the origin says of its age. `origin`: the node it asks. */
export async function startCdn(verdict: Verdict, staleMs: number, origin: () => string): Promise<Cdn> {
  const kept = new Map<string, { until: number; body: string }>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const known = kept.get(path);
    try {
      if (!known || known.until < Date.now()) {
        const fetched = await fetch(`${origin()}${path}`);
        if (!fetched.ok) throw new Error(`${fetched.status}`);
        kept.set(path, { until: Date.now() + staleMs, body: await fetched.text() });
      } else judge(path, known.body);
      response.setHeader('Content-Type', 'application/json');
      response.end(kept.get(path)?.body);
    } catch {
      response.statusCode = 502;
      response.end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };

  /** It was stale only if more had been acknowledged than it told of. */
  function judge(path: string, body: string): void {
    const { position, edition } = JSON.parse(body) as Snapshot;
    verdict.fire('stale CDN', path.includes('snapshot') && seqOf(position) < verdict.model.head(edition.id));
  }
}
