/** Command line of the programs here: flags by Node's own parser, whole numbers checked, every fault in one message. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { StackError } from './stack/stack-error.ts';

/** A whole number from `min` to `max`; what is none becomes a fault that names its source. */
export type NumberReader = (
  source: string,
  text: string,
  range: readonly [min: number, max: number],
) => number;

/** One of the words allowed; what is none becomes a fault that names its source. */
export type ChoiceReader = <T extends string>(
  source: string,
  text: string,
  allowed: readonly [T, ...T[]],
) => T;

type Values<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T }>
>['values'];

/**
 * @param command how it is called, such as `npm run local`: errors point to its help.
 * @param settle makes the options of the flags' values.
 * @throws {StackError} for a flag that is none, or with every number that does not fit.
 */
export function readArguments<T extends ParseArgsOptionsConfig, Options>(
  command: string,
  args: readonly string[],
  flags: T,
  settle: (values: Values<T>, number: NumberReader, choice: ChoiceReader) => Options,
): Options {
  const remedy = `See ${command} -- --help.`;
  const faults: string[] = [];
  const number: NumberReader = (source, text, [min, max]) => {
    const value = Number(text);
    const fits = /^\d+$/.test(text) && value >= min && value <= max;
    if (!fits) faults.push(`${source} is "${text}": give a whole number from ${min} to ${max}`);
    return fits ? value : min;
  };
  const choice: ChoiceReader = (source, text, allowed) => {
    const found = allowed.find((word) => word === text);
    if (found === undefined) faults.push(`${source} is "${text}": give one of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  };
  const options = settle(parse(args, flags, remedy), number, choice);
  if (faults.length > 0) throw new StackError(`${faults.join('; ')}.`, remedy);
  return options;
}

function parse<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  flags: T,
  remedy: string,
): Values<T> {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (cause) {
    throw new StackError(cause instanceof Error ? cause.message : String(cause), remedy, { cause });
  }
}
