import type { Request, Response } from 'express';
import type { Parts } from '../parts.ts';
import type { Route } from './route.ts';

/** For whoever runs it: is the process up, and may readers be sent to it? */
export function operationRoutes({ engine, followed, admission }: Parts): Route[] {
  return [
    { method: 'get', path: '/healthz', permission: 'public', surface: false, handle: health },
    { method: 'get', path: '/readyz', permission: 'public', surface: false, handle: ready },
  ];

  function health(_request: Request, response: Response): void {
    response.set('Cache-Control', 'no-store').json({ ok: true });
  }

  async function ready(_request: Request, response: Response): Promise<void> {
    const cannotRead = [...followed].filter(([, { follow }]) => !follow.healthy).map(([edition]) => edition);
    const durability = await engine.durability().catch(() => undefined);
    const hears = engine.hears();
    const ready =
      admission.open && hears && cannotRead.length === 0 && durability !== undefined && durability !== 'lacks-replicas';
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready, engine: engine.name, durability: durability ?? 'unreachable', hears, cannotRead });
  }
}
