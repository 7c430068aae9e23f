export interface Grant {
  role: string;
  edition: string;
}

const PREFIX = 'grant:';

/** What is chosen. */
export function grantsIn(form: HTMLFormElement): Grant[] {
  return selects(form).flatMap(({ name, value }) =>
    value === '' ? [] : [{ role: value, edition: name.slice(PREFIX.length) }],
  );
}

/** Chooses what somebody has. Resolves with what the form has no choice for, since its user has no say there. */
export function chooseGrants(form: HTMLFormElement, grants: readonly Grant[]): Grant[] {
  const all = selects(form);
  for (const select of all)
    select.value = grants.find(({ edition }) => `${PREFIX}${edition}` === select.name)?.role ?? '';
  return grants.filter(({ edition }) => !all.some(({ name }) => name === `${PREFIX}${edition}`));
}

function selects(form: HTMLFormElement): HTMLSelectElement[] {
  return [...form.querySelectorAll<HTMLSelectElement>(`select[name^="${PREFIX}"]`)];
}
