/** `npm run model -- publish | promote | rollback | list | diff`: parses, acts, prints. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { compareModels } from './compare-models.ts';
import { BRANCHES_MAX_DEFAULT, MARGIN_DEFAULT } from './gates.ts';
import { listModels } from './list-models.ts';
import { type Environment, openRegistry, placeOfRegistry } from './open-registry.ts';
import { type Mover, promote, rollback } from './promote.ts';
import { publishModel } from './publish.ts';
import { RegistryError } from './registry-error.ts';
import { resolveVersion } from './registry-files.ts';
import type { ModelRegistryStore } from './registry-store.ts';
import { renderComparison, renderListing, renderPromotion, renderPublished } from './render-registry.ts';

export interface CommandSurroundings {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

interface PlaceOptions {
  readonly to?: string;
  readonly json?: boolean;
}

interface PromoteFlags extends PlaceOptions {
  readonly margin: number;
  readonly branchesMax: number;
  readonly force?: boolean;
}

/** What a command found or did, for programs and for people. */
interface Answer {
  readonly document: object;
  readonly text: string;
}

type Act = (store: ModelRegistryStore) => Promise<Answer>;

const UNEXPECTED = 1;

/** @returns the exit code: 0 done, 1 refused or failed, 2 asked for wrongly. */
export async function runModelCommand(
  argv: readonly string[],
  surroundings: CommandSurroundings,
): Promise<number> {
  let act: Act | undefined;
  let options: PlaceOptions = {};
  const program = modelProgram(surroundings, (chosen, given) => {
    act = chosen;
    options = given;
  });
  try {
    program.parse([...argv], { from: 'user' });
    if (act === undefined) return 0;
    await answer(act, options, surroundings);
    return 0;
  } catch (error) {
    // Commander has written what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    surroundings.stderr.write(`${errorText(error, options.json === true)}\n`);
    return error instanceof RegistryError ? error.exitCode : UNEXPECTED;
  }
}

async function answer(act: Act, options: PlaceOptions, surroundings: CommandSurroundings): Promise<void> {
  const { environment, workingDirectory, stdout } = surroundings;
  const registry = openRegistry(placeOfRegistry(options.to, environment, workingDirectory));
  try {
    const { document, text } = await act(registry.store);
    stdout.write(`${options.json === true ? JSON.stringify(document, null, 2) : text}\n`);
  } finally {
    registry.close();
  }
}

function errorText(error: unknown, isJson: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const { code, remedy, reasons } =
    error instanceof RegistryError
      ? error
      : { code: 'unexpected', remedy: 'This is a defect of the command; report it.', reasons: [] };
  if (isJson) return JSON.stringify({ error: { code, message, remedy, reasons } });
  return [`model: ${message}.`, ...reasons.map((reason) => `  - ${reason}`), remedy].join('\n');
}

function modelProgram(
  surroundings: CommandSurroundings,
  choose: (act: Act, options: PlaceOptions) => void,
): Command {
  const { environment, workingDirectory, stdout, stderr } = surroundings;
  const program = new Command('npm run model --')
    .description('Publishes models and says which one workers grade with (docs/models.md).')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  const command = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .option('--to <place>', 'the registry: a folder, or s3://bucket[/prefix]')
      .option('--json', 'one JSON document on stdout, errors as JSON on stderr');

  command(
    'publish <folder>',
    'puts a trained model into the registry; what is there is never changed',
  ).action((folder: string, options: PlaceOptions) =>
    choose(async (store) => {
      const published = await publishModel(store, resolve(workingDirectory, folder));
      return { document: published, text: renderPublished(published, store.place) };
    }, options),
  );
  command('promote <version>', 'makes a published model the current one, if it passes the gates')
    .option('--margin <x>', 'loss of accuracy allowed on a slice', numberFrom(0, 1), MARGIN_DEFAULT)
    .option(
      '--branches-max <n>',
      'branches that a row may visit in all trees together',
      numberFrom(1, 1e9),
      BRANCHES_MAX_DEFAULT,
    )
    .option('--force', 'promotes although parity is not told, a slice is worse, or it is slow')
    .action((named: string, flags: PromoteFlags) =>
      choose(async (store) => {
        const limits = { margin: flags.margin, branchesMax: flags.branchesMax, force: flags.force === true };
        const version = await resolveVersion(store, named);
        const promotion = await promote(store, version, limits, moverOf(environment));
        return { document: promotion, text: renderPromotion(promotion) };
      }, flags),
    );
  command('rollback', 'makes the model current that was so before').action((options: PlaceOptions) =>
    choose(async (store) => {
      const promotion = await rollback(store, moverOf(environment));
      return { document: promotion, text: renderPromotion(promotion) };
    }, options),
  );
  command('list', 'shows the models of the registry; * is the current one').action((options: PlaceOptions) =>
    choose(async (store) => {
      const listing = await listModels(store);
      return { document: listing, text: renderListing(listing) };
    }, options),
  );
  command('diff <a> <b>', 'shows two models side by side; `current` names the current one').action(
    (a: string, b: string, options: PlaceOptions) =>
      choose(async (store) => {
        const versions = await Promise.all([resolveVersion(store, a), resolveVersion(store, b)]);
        const comparison = await compareModels(store, ...versions);
        return { document: comparison, text: renderComparison(comparison) };
      }, options),
  );
  return program;
}

function numberFrom(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a number from ${min} to ${max}.`);
  };
}

/** The account's name as the environment tells it: an account without a name, as in a container, has none to ask for. */
function moverOf(environment: Environment): Mover {
  const user = environment['USER'] || environment['LOGNAME'] || environment['USERNAME'] || 'unknown';
  return { by: `${user}@${hostname()}`, at: new Date(), move: randomUUID() };
}
