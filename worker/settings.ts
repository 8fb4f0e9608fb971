/** Reads settings from the environment: every fault is gathered, and all are told at once. */

export type Environment = Readonly<Record<string, string | undefined>>;

export interface NumberSetting {
  readonly name: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

export interface SettingsReader {
  required(name: string, meaning: string): string;
  /** Undefined where it is not set, or blank. */
  optional(name: string): string | undefined;
  number(setting: NumberSetting, fallback?: number): number;
  choice<T extends string>(name: string, fallback: T, allowed: readonly T[]): T;
  /** A fault that the caller has found. */
  fault(sentence: string): void;
  /** @throws {ConfigError} when there was any fault. */
  finish(): void;
}

export class ConfigError extends Error {
  /** @param whose configuration it is, such as `worker` */
  constructor(whose: string, faults: readonly string[]) {
    const list = faults.map((fault) => `  - ${fault}`).join('\n');
    super(`The ${whose}'s configuration has ${faults.length} fault(s):\n${list}`);
    this.name = 'ConfigError';
  }
}

export function createSettingsReader(whose: string, environment: Environment): SettingsReader {
  const faults: string[] = [];
  const textOf = (name: string): string => environment[name]?.trim() ?? '';
  return {
    required(name, meaning) {
      const value = textOf(name);
      if (value === '') faults.push(`${name} is not set: ${meaning}.`);
      return value;
    },
    optional: (name) => textOf(name) || undefined,
    number({ name, min, max, ...setting }, fallback = setting.fallback) {
      const text = textOf(name);
      if (text === '') return fallback;
      const value = Number(text);
      const fits = Number.isInteger(value) && value >= min && value <= max;
      if (!fits) faults.push(`${name} is "${text}": give a whole number from ${min} to ${max}.`);
      return value;
    },
    choice(name, fallback, allowed) {
      const text = textOf(name);
      if (text === '') return fallback;
      const found = allowed.find((value) => value === text);
      if (found === undefined) faults.push(`${name} is "${text}": give one of ${allowed.join(', ')}.`);
      return found ?? fallback;
    },
    fault: (sentence) => void faults.push(sentence),
    finish() {
      if (faults.length > 0) throw new ConfigError(whose, faults);
    },
  };
}
