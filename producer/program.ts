/** The command line itself: names, options, help. What a command does stands in `commands/`. */
import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SERVICE_LIMITS } from '../core/capacity/service-limits.ts';
import { TASKS_MAX } from '../core/scaling/policy.ts';
import { isJobId } from '../schemas/job-id.ts';
import { LOCAL_STACK_DIRECTORY } from '../schemas/local-stack.ts';
import { ENVIRONMENT } from '../schemas/names.ts';
import { CommandError } from './command-error.ts';
import { leaf, wholeNumber } from './command-line.ts';
import type { Execute, ExecuteAlone } from './commands/command.ts';
import { LETTER_KINDS, type LetterKind } from './commands/dead-letters.ts';
import type { LetterSelection } from './commands/select-letters.ts';
import { REQUIRED_VARIABLES } from './configuration.ts';
import { addGrade, addKey, addLoad } from './endpoint-program.ts';
import { deadlineArgument, type PlanFlags, planOptions, rowsArgument } from './plan-arguments.ts';

export function createProgram(version: string, execute: Execute, executeAlone: ExecuteAlone): Command {
  const program = new Command('nutrisage')
    .description('Grades food products A to E (Nutri-Score), in bulk, on AWS or on one machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText('after', PROGRAM_HELP);
  addSubmit(program, execute);
  addStatus(program, execute);
  addJobs(program, execute);
  addShow(program, execute);
  addDrift(program, execute);
  addDownload(program, execute);
  addDeadLetters(program, execute);
  addLogs(program, execute);
  addPlan(program, executeAlone);
  addGrade(program, executeAlone);
  addKey(program, executeAlone);
  addLoad(program, executeAlone);
  return program;
}

function addSubmit(program: Command, execute: Execute): void {
  leaf(
    program,
    'submit',
    'Grade Parquet files: uploads what is not yet there and starts a job. The same files submitted again are the same job.',
    [
      'nutrisage submit products.parquet --wait',
      'nutrisage submit ./exports/ s3://my-bucket/products/2026/',
      'nutrisage submit shop.parquet --mapping columns.json',
      'nutrisage submit products.parquet --again 1    # grade the same file anew',
    ],
  )
    .argument(
      '<input...>',
      'files, folders (all Parquet files below), s3://bucket/key or s3://bucket/prefix/',
    )
    .option(
      '-w, --wait',
      'show the progress until the job ends, then its summary; exit code 1 when a part failed',
    )
    .option('-m, --mapping <file>', 'JSON file that says which of your columns carries which input')
    .option('--again <number>', 'grade the same files anew, as submission number 1, 2, …', wholeNumber(0), 0)
    .action((inputs: string[], options: { wait?: boolean; mapping?: string; again: number }) =>
      execute(async (context) => {
        const { submit } = await import('./commands/submit.ts');
        const { wait = false, again, mapping: mappingFile } = options;
        const submittedAt = new Date().toISOString();
        const correlation = randomBytes(16).toString('hex');
        return submit({ inputs, wait, again, mappingFile, submittedAt, correlation }, context);
      }),
    );
}

function addStatus(program: Command, execute: Execute): void {
  leaf(
    program,
    'status',
    'How a job stands; of a closed one, its summary. Exit code 1 when a part of it failed.',
    [
      'nutrisage status 0f3a52c1d4e5b697',
      'nutrisage status 0f3a52c1d4e5b697 --wait',
      'nutrisage status 0f3a52c1d4e5b697 --json | jq .summary.counts.grades',
    ],
  )
    .argument('<job>', 'id of the job, as `submit` and `jobs` print it', jobId)
    .option('-w, --wait', 'show the progress until the job ends; gives up after 3 minutes if nobody takes it')
    .action((job: string, { wait = false }: { wait?: boolean }) =>
      execute(async (context) => {
        const { status } = await import('./commands/status.ts');
        return status({ job, wait }, context);
      }),
    );
}

function addJobs(program: Command, execute: Execute): void {
  leaf(program, 'jobs', 'The jobs of late, newest first.', [
    'nutrisage jobs',
    'nutrisage jobs --limit 100 --json',
  ])
    .option('-n, --limit <number>', 'how many', wholeNumber(1, 1000), 20)
    .action((options: { limit: number }) =>
      execute(async (context) => {
        const { jobs } = await import('./commands/jobs.ts');
        return jobs(options, context);
      }),
    );
}

function addShow(program: Command, execute: Execute): void {
  leaf(
    program,
    'show',
    'The latest grade of one product, with its history. Exit code 1 when it was never graded.',
    ['nutrisage show 3017620422003', 'nutrisage show 3017620422003 --json | jq -r .latest.grade'],
  )
    .argument('<code>', 'barcode of the product, leading zeros included')
    .option('-n, --limit <number>', 'how many gradings, the latest included', wholeNumber(1, 1000), 10)
    .action((code: string, { limit }: { limit: number }) =>
      execute(async (context) => {
        const { show } = await import('./commands/show.ts');
        return show({ code, limit }, context);
      }),
    );
}

function addDrift(program: Command, execute: Execute): void {
  leaf(
    program,
    'drift',
    'How far a closed job’s rows lie from those the model was trained on, or from another job: what moved, and by how much.',
    [
      'nutrisage drift 0f3a52c1d4e5b697',
      'nutrisage drift 0f3a52c1d4e5b697 --against 5b1c7e90aa32d4f8    # last month’s delivery',
      'nutrisage drift 0f3a52c1d4e5b697 --json | jq .drift.verdict',
    ],
  )
    .argument('<job>', 'id of the job', jobId)
    .option('--against <job>', 'compare with this job of the same model, not with training', jobId)
    .option('--all', 'show what has not moved too')
    .action((job: string, { against, all = false }: { against?: string; all?: boolean }) =>
      execute(async (context) => {
        const { drift } = await import('./commands/drift.ts');
        return drift({ job, against, isAll: all }, context);
      }),
    );
}

function addDownload(program: Command, execute: Execute): void {
  leaf(
    program,
    'download',
    'Fetch a closed job’s grades and rejects (Parquet, hive layout) and its summary.',
    [
      'nutrisage download 0f3a52c1d4e5b697',
      'nutrisage download 0f3a52c1d4e5b697 --out ./grades-of-today',
      'duckdb -c "SELECT grade, count(*) FROM \'grades-of-today/grades/**/*.parquet\' GROUP BY grade"',
    ],
  )
    .argument('<job>', 'id of the job', jobId)
    .option('-o, --out <dir>', 'folder to write to, made if missing (default: nutrisage-<job>)')
    .action((job: string, { out }: { out?: string }) =>
      execute(async (context) => {
        const { download } = await import('./commands/download.ts');
        return download({ job, out }, context);
      }),
    );
}

function addLogs(program: Command, execute: Execute): void {
  leaf(
    program,
    'logs',
    'What all programs logged about a job, from its submission to its end, in order. Of the local stack; on AWS it says where to look.',
    ['nutrisage logs 0f3a52c1d4e5b697', 'nutrisage logs 0f3a52c1d4e5b697 --json | jq .lines[].msg'],
  )
    .argument('<job>', 'id of the job', jobId)
    .action((job: string) =>
      execute(async (context) => {
        const { logs } = await import('./commands/logs.ts');
        return logs(job, context);
      }),
    );
}

function addPlan(program: Command, executeAlone: ExecuteAlone): void {
  leaf(
    program,
    'plan',
    'What a job of so many rows takes on AWS: tasks, time, costs by service, and which limit binds first. Asks no service.',
    [
      'nutrisage plan --rows 10M',
      'nutrisage plan --rows 1G --deadline 1h --tasks-max 40 --no-table',
      'nutrisage plan --rows 250000 --prices our-prices.json --json | jq .plan.dollars',
    ],
  )
    .requiredOption('-r, --rows <number>', 'rows of the job, such as 250000, 10M or 1.5G', rowsArgument)
    .option(
      '-d, --deadline <time>',
      'from submission to the last grade, such as 20min or 1h',
      deadlineArgument,
    )
    .option('--no-table', 'grades go to Parquet alone, not to DynamoDB too')
    .option('--tasks-max <number>', 'the most tasks that may run', wholeNumber(1, 5000), TASKS_MAX)
    .option(
      '--rate <rows/s>',
      'rows that one thread grades in a second; the default is well below what was measured',
      wholeNumber(1),
    )
    .option(
      '--table-writes <number>',
      'writes a second that the table of grades takes at once; the default is that of a new one',
      wholeNumber(1),
      SERVICE_LIMITS.newTableWritesPerSecond,
    )
    .option('--x86', 'x86_64 processors instead of arm64')
    .option('--spot', 'all tasks on Fargate Spot')
    .option('--prices <file>', 'JSON file with prices of your own')
    .option('--workers-min <number>', 'idle: workers that always run', wholeNumber(0, 1000), 0)
    .option('--endpoints-min <number>', 'idle: endpoint tasks that always run', wholeNumber(0, 1000), 0)
    .action((options: PlanFlags) =>
      executeAlone(async () => {
        const { plan } = await import('./commands/plan.ts');
        return plan(planOptions(options));
      }),
    );
}

function addDeadLetters(program: Command, execute: Execute): void {
  const dlq = program
    .command('dlq')
    .description('The dead-letter queue: what was given up, and giving it another try.')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  const filtered = (command: Command): Command =>
    command
      .option('--code <code>', 'only what was given up for this reason, such as object-missing')
      .addOption(new Option('--kind <kind>', 'only work of this kind').choices(LETTER_KINDS));
  const selected = (command: Command, all: string): Command =>
    filtered(
      command
        .argument('[job...]', 'ids of jobs', (job: string, before: string[] = []) => [...before, jobId(job)])
        .option('--all', all),
    );

  filtered(
    leaf(dlq, 'list', 'What was given up: job, shard, file, reason and remedy.', [
      'nutrisage dlq list',
      'nutrisage dlq list --code object-missing --json',
    ]),
  ).action((filters: LetterFilters) =>
    execute(async (context) => {
      const { dlqList } = await import('./commands/dlq-list.ts');
      return dlqList(selectionOf({ ...filters, all: true }, []), context);
    }),
  );
  selected(
    leaf(dlq, 'show', 'All that is known of it: the messages as they are, and the ledger’s records.', [
      'nutrisage dlq show 0f3a52c1d4e5b697',
    ]),
    'everything in the dead-letter queue',
  ).action((jobs: string[], filters: LetterFilters) =>
    execute(async (context) => {
      const { dlqShow } = await import('./commands/dlq-show.ts');
      return dlqShow(selectionOf(filters, jobs), context);
    }),
  );
  selected(
    leaf(dlq, 'redrive', 'Send what was given up back to the workers, once its cause is mended.', [
      'nutrisage dlq redrive 0f3a52c1d4e5b697',
      'nutrisage dlq redrive --all --code store-unavailable',
    ]),
    'everything in the dead-letter queue',
  ).action((jobs: string[], filters: LetterFilters) =>
    execute(async (context) => {
      const { dlqRedrive } = await import('./commands/dlq-redrive.ts');
      return dlqRedrive(selectionOf(filters, jobs), context);
    }),
  );
  selected(
    leaf(dlq, 'discard', 'Throw away for good what can not be mended; says what it would be without --yes.', [
      'nutrisage dlq discard 0f3a52c1d4e5b697 --yes',
      'nutrisage dlq discard --all --kind unknown --yes',
    ]),
    'everything in the dead-letter queue',
  )
    .option('--yes', 'do it')
    .action((jobs: string[], { yes = false, ...filters }: LetterFilters & { yes?: boolean }) =>
      execute(async (context) => {
        const { dlqDiscard } = await import('./commands/dlq-discard.ts');
        return dlqDiscard({ ...selectionOf(filters, jobs), isMeant: yes }, context);
      }),
    );
}

interface LetterFilters {
  readonly all?: boolean;
  readonly code?: string;
  readonly kind?: LetterKind;
}

/** @throws {CommandError} `usage` when neither a job nor everything is meant, or both. */
function selectionOf({ all = false, code, kind }: LetterFilters, jobs: readonly string[]): LetterSelection {
  if (all !== jobs.length > 0) return { all, jobs, code, kind };
  const what = all ? 'both --all and a job are given' : 'it is not said what is meant';
  throw new CommandError('usage', what, 'Name the jobs (`nutrisage dlq list` shows them), or say --all.');
}

function jobId(text: string): string {
  if (isJobId(text)) return text;
  throw new InvalidArgumentError(
    'A job id has 16 hexadecimal digits, such as 0f3a52c1d4e5b697; `nutrisage jobs` lists them.',
  );
}

const variables = REQUIRED_VARIABLES.sqs
  .map(([name, meaning]) => `  ${name.padEnd(33)} ${meaning}`)
  .join('\n');

const PROGRAM_HELP = `
Where it works:
  On one machine: start the local stack with \`npm run local\`; commands given in the same folder find it by
  themselves (in ./${LOCAL_STACK_DIRECTORY}, or where ${ENVIRONMENT.localDirectory} says).
  On AWS: set these, and the usual AWS_REGION and credentials:
${variables}
  ${ENVIRONMENT.gradesTable.padEnd(33)} DynamoDB table of grades, for \`show\`
  ${ENVIRONMENT.endpointUrl.padEnd(33)} address of the HTTP endpoint, for \`grade\` and \`load\`; with ${ENVIRONMENT.apiKey}
  Self-hosted: the last three, ${ENVIRONMENT.queue}=bullmq, and ${ENVIRONMENT.redisUrl}.

Examples:
  $ nutrisage submit products.parquet --wait
  $ nutrisage show 3017620422003
  $ nutrisage grade --sugars 32 --energy-kj 1900
  $ nutrisage dlq list

Exit codes: 0 done, 1 a job failed or a thing is not there, 2 bad usage or input, 3 a service cannot be reached.
\`nutrisage <command> --help\` tells more.`;
