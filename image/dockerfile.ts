/** Reads the plain instructions that our Dockerfiles are made of; anything else is refused. */

export interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

export interface BuildStage {
  /** What follows FROM, with build arguments filled in. */
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

const KEYWORDS = [
  'ARG',
  'FROM',
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'EXPOSE',
  'VOLUME',
  'HEALTHCHECK',
  'CMD',
];

/** @throws {Error} for an instruction that is none of ours. */
export function readStages(dockerfile: string): readonly BuildStage[] {
  const stages: { from: string; name: string; instructions: Instruction[] }[] = [];
  const defaults: Record<string, string> = {};
  for (const { keyword, text } of instructionsOf(dockerfile)) {
    const stage = stages.at(-1);
    if (keyword === 'FROM') {
      const [image = '', , name = `${stages.length}`] = text.split(/\s+/);
      stages.push({ from: filled(image, defaults), name, instructions: [] });
    } else if (stage === undefined) {
      const [name = '', value = ''] = text.split('=');
      defaults[name] = value;
    } else stage.instructions.push({ keyword, text });
  }
  return stages;
}

/** Comments left out, continued lines put together. */
function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, keyword = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    // A document behind `<<` is not known to every engine, and would be lines of its own here.
    if (!KEYWORDS.includes(keyword) || text.includes('<<'))
      throw new Error(`"${line}" is no instruction that a plain build knows.`);
    return { keyword, text: text.trim() };
  });
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** `A=1 B=2` of ENV. */
export function readEnvironment(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** `["node", "worker/main.ts"]` of CMD, and of HEALTHCHECK behind its options. */
export function readCommand(text: string): readonly string[] {
  const array: unknown = JSON.parse(text.slice(text.indexOf('[')));
  if (Array.isArray(array) && array.every((part) => typeof part === 'string')) return array;
  throw new Error(`"${text}" is no list of words.`);
}
