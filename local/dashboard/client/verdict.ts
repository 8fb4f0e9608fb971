/** The one line that says how things stand: the worst of all that is wrong. */
import { count } from '../../../core/report/format-figures.ts';
import type { AlarmView, PageView } from '../page-view.ts';

export interface Verdict {
  readonly level: 'well' | 'lost' | AlarmView['severity'];
  readonly headline: string;
}

export function verdictOf(view: PageView, isLost: boolean): Verdict {
  if (isLost) return { level: 'lost', headline: 'No connection to the stack' };
  const raised = view.alarms.filter(({ state }) => state === 'alarm');
  const [gravest] = raised;
  if (gravest !== undefined)
    return { level: gravest.severity, headline: alarmHeadline(gravest, raised.length) };
  if (view.flow.kind === 'stalled') return { level: 'ticket', headline: 'Work stands still' };
  const [fault] = view.faults;
  if (fault !== undefined) return { level: 'ticket', headline: 'Not everything can be seen' };
  const { ready, list } = view.workers;
  if (ready < list.length)
    return { level: 'notice', headline: `${count(ready)} of ${count(list.length)} workers ready` };
  return { level: 'well', headline: 'All well' };
}

function alarmHeadline({ heading }: AlarmView, raised: number): string {
  return raised === 1 ? `Alarm: ${heading}` : `${count(raised)} alarms, first: ${heading}`;
}

/** Of the browser's tab: what is wrong is seen there too. */
export function titleOf(view: PageView, isLost: boolean): string {
  const { level, headline } = verdictOf(view, isLost);
  return level === 'well' ? 'NutriSage' : `● ${headline} · NutriSage`;
}
