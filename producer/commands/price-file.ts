/** Reads and checks the file that `--prices` names. */
import { createParser, SchemaError } from '../../schemas/parse.ts';
import { PriceChanges, Prices } from '../../schemas/prices.ts';
import { CommandError } from '../command-error.ts';
import { readTextFile } from '../inputs/text-file.ts';

const parsePrices = createParser('the price table', PriceChanges);

/** @throws {CommandError} `file-missing` or `bad-prices`, naming every fault. */
export async function readPriceFile(path: string): Promise<PriceChanges> {
  const text = await readTextFile('price file', path);
  try {
    return parsePrices.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SchemaError || cause instanceof SyntaxError)) throw cause;
    const reason = cause instanceof SchemaError ? cause.message : `it is not JSON (${cause.message})`;
    throw new CommandError(
      'bad-prices',
      `the price file ${path} cannot be used: ${reason}`,
      `It is a JSON object of US dollars, such as {"date": "2027-01", "vcpuHourArm": 0.03}, with any of: ${Object.keys(Prices.properties).join(', ')}.`,
      { cause },
    );
  }
}
