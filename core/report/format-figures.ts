/** Numbers as people read them, the same on every machine: no locale is asked. */

const NONE = '–';

/** `12,345`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `93.7 %`, its space unbreakable; a dash where there is no figure. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? NONE : `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** `0.123`; a dash where there is no figure. */
export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? NONE : value.toFixed(digits);
}

/** `saturated_fat` and `without-fibre` as words. */
export function words(name: string): string {
  return name.replaceAll(/[_-]/g, ' ');
}
