/** Work that was given up, with the reason of each piece. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { count } from '../../../core/report/format-figures.ts';
import type { LetterView, QueueView } from '../page-view.ts';
import { commandLine } from './command-line.ts';

const LISTED_MAX = 4;

export function letters(queue: QueueView | null): TemplateResult | typeof nothing {
  if (queue === null || queue.dead === 0) return nothing;
  const listed = queue.letters.slice(0, LISTED_MAX);
  const more = queue.dead - listed.length;
  return html`
    <ul class="letters">
      ${listed.map(letter)}
    </ul>
    ${more > 0 ? html`<p class="muted">and ${count(more)} more: <code>npx nutrisage dlq list</code></p>` : nothing}
    <p>When the cause is mended: ${commandLine('npx nutrisage dlq redrive --all')}</p>
  `;
}

function letter({ title, failure }: LetterView): TemplateResult {
  const reason =
    failure === null
      ? html`<span class="muted">No worker lived to say why: <code>npx nutrisage dlq list</code></span>`
      : html`${failure.message} <code>${failure.code}</code> <span class="muted">${failure.remedy}</span>`;
  return html`<li><strong>${title}</strong> ${reason}</li>`;
}
