/** Reads and checks the file that `--mapping` names. */
import { MAPPING_TARGETS, mappingTarget, repeatedTargets } from '../../core/parquet/mapping-targets.ts';
import { nearestName } from '../../core/parquet/near-names.ts';
import { Mapping } from '../../schemas/mapping.ts';
import { createParser, SchemaError } from '../../schemas/parse.ts';
import { CommandError } from '../command-error.ts';
import { readTextFile } from './text-file.ts';

const parseMapping = createParser('the mapping', Mapping);
const EXAMPLE = '{"columns": {"code": "ean", "sugars_100g": {"column": "sugar_mg", "unit": "mg"}}}';

/** @throws {CommandError} `file-missing` or `bad-mapping`, naming every fault. */
export async function readMappingFile(path: string): Promise<Mapping> {
  const text = await readTextFile('mapping file', path);
  return checkMapping(path, text);
}

/** Whether a file has the columns is for the worker to say: it opens the file, and names what is missing. */
function checkMapping(path: string, text: string): Mapping {
  const mapping = parse(path, text);
  const names = Object.keys(mapping.columns);
  if (names.length === 0) {
    throw new CommandError(
      'bad-mapping',
      `the mapping file ${path} maps no column`,
      `Write it so: ${EXAMPLE}.`,
    );
  }
  const unknown = names.filter((name) => mappingTarget(name) === undefined);
  if (unknown.length > 0) {
    throw new CommandError(
      'bad-mapping',
      `the mapping file ${path} names what no input is called: ${unknown.map(withNearest).join(', ')}`,
      `On the left of each pair stands one of: ${MAPPING_TARGETS.join(', ')}.`,
    );
  }
  const repeated = repeatedTargets(names);
  if (repeated.length > 0) {
    const groups = repeated.map((group) => group.map((name) => `"${name}"`).join(' and '));
    throw new CommandError(
      'bad-mapping',
      `the mapping file ${path} names one input twice: ${groups.join(', ')}`,
      'Keep the one whose column carries it.',
    );
  }
  return mapping;
}

function withNearest(name: string): string {
  const near = nearestName(name, MAPPING_TARGETS);
  return near === undefined ? `"${name}"` : `"${name}" (did you mean "${near}"?)`;
}

function parse(path: string, text: string): Mapping {
  try {
    return parseMapping.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new CommandError(
        'bad-mapping',
        `the mapping file ${path} is not JSON: ${cause.message}`,
        `Write it so: ${EXAMPLE}.`,
        { cause },
      );
    }
    if (cause instanceof SchemaError) {
      throw new CommandError('bad-mapping', `${path}: ${cause.message}`, `Write it so: ${EXAMPLE}.`, {
        cause,
      });
    }
    throw cause;
  }
}
