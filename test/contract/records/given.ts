import type { OfficeAct } from '../../../server/records.ts';

export function officeAct(fields: Partial<OfficeAct> = {}): OfficeAct {
  return {
    actor: 'staff:chief',
    from: '192.0.2.1',
    action: 'invited',
    subject: 'staff:new',
    editions: ['en'],
    ...fields,
  };
}
