/** Elements made in one expression. Text is set as text, so nothing that was typed becomes markup. */
type Child = Node | string | null;
type Attributes = Readonly<Record<string, string>>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A bar of the given share; the colour follows from the style sheet, or from a grade. */
export function bar(share: number, grade?: string): HTMLElement {
  const fill = element('b', grade === undefined ? {} : { 'data-grade': grade });
  // Set by script: a style attribute would need a looser policy.
  fill.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return element('span', { class: 'track', 'aria-hidden': 'true' }, fill);
}

export function letter(grade: string): HTMLElement {
  return element('span', { class: 'letter', 'data-grade': grade }, grade.toUpperCase());
}

/** @throws {Error} when the page lacks it */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} called ${id}.`);
  return found;
}
