/** Figures in few letters, for tiles, tables and axes. */
import { count } from '../../../core/report/format-figures.ts';
import { formatDuration } from '../../../core/report/format-times.ts';

/** `0.4`, `12`, `1,234`, `81k`, `1.2M`. */
export function compact(value: number): string {
  if (value >= 999_500) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 9995) return `${Math.round(value / 1000)}k`;
  return value > 0 && value < 9.95 ? String(Number(value.toFixed(1))) : count(value);
}

/** `0.8 ms`, `14 ms`, `1.2 s`, `3 min 05 s`. */
export function shortTime(seconds: number): string {
  if (seconds >= 0.9995) return formatDuration(seconds);
  const milliseconds = seconds * 1000;
  return `${milliseconds < 9.95 ? Number(milliseconds.toFixed(1)) : Math.round(milliseconds)} ms`;
}

/** `just now`, `12 s`, `4 min`, `2 h`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Of the reader's clock, `14:03:11`. */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

export function megabytes(bytes: number): string {
  return `${count(bytes / 2 ** 20)} MiB`;
}
