import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, newStore, startTestService, type TestService } from '../support/service.ts';
import { type Member, memberAs } from '../support/staff.ts';

describe.each(ENGINES)('on the %s engine', (engine) => {
  let service: TestService;
  let remove: () => Promise<void>;
  let chief: Member;

  beforeAll(async () => {
    const store = await newStore(engine);
    remove = store.remove;
    service = await startTestService(store.env);
    chief = await memberAs(service, 'chief');
  });

  afterAll(async () => {
    await service.close();
    await remove();
  });

  it('begins with a cookie that no script reads and no other site sends', () => {
    expect(chief.given).toHaveLength(1);
    expect(chief.given[0]).toMatch(/^motograph=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  });
});
