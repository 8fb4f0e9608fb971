import { html, type TemplateResult } from 'lit-html';

/** A command to be typed, with a button that copies it. */
export function commandLine(command: string): TemplateResult {
  return html`
    <span class="command">
      <code>${command}</code>
      <button type="button" @click=${(event: Event) => copy(event, command)}>Copy</button>
    </span>
  `;
}

const TOLD_MS = 1500;

function copy({ currentTarget }: Event, command: string): void {
  if (!(currentTarget instanceof HTMLButtonElement)) return;
  const button = currentTarget;
  const tell = (text: string): void => {
    button.textContent = text;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, TOLD_MS);
  };
  navigator.clipboard.writeText(command).then(
    () => tell('Copied'),
    () => tell('Not allowed'),
  );
}
