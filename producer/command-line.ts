/** What all commands have in common on the command line. */
import { type Command, InvalidArgumentError } from 'commander';

/** A command that does something, with `--json`, its help and examples. */
export function leaf(
  parent: Command,
  nameAndArguments: string,
  description: string,
  examples: readonly string[],
): Command {
  const shown = examples.map((example) => `  $ ${example}`).join('\n');
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'print one JSON document and nothing else; errors as JSON on stderr')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nExamples:\n${shown}`);
}

/** For commander: a whole number in a range. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const isInRange = /^\d+$/.test(text) && value >= min && value <= max;
    if (isInRange) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Give a whole number ${range}.`);
  };
}
