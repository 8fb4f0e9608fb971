/** `POST /grade`: one item or a list. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ItemFault, RejectedItem } from '../../../schemas/http.ts';
import { EXPLAINED_ITEMS_MAX } from '../../../schemas/http.ts';
import type { DeskJob, GradingDesk, SingleSink } from '../grading/grading-desk.ts';
import type { ServingModel } from '../grading/serving-model.ts';
import type { Spend } from './authentication.ts';
import { parseJson } from './json-body.ts';
import { ProblemError } from './problem.ts';
import { refuseQuery } from './query.ts';
import { sendJson, sendProblem } from './send.ts';

export interface GradeRoutePorts {
  readonly desk: GradingDesk<FastifyReply>;
  /** @throws {ProblemError} `not-ready` while there is none to grade with. */
  readonly model: () => ServingModel;
  readonly listItemsMax: number;
  /** @throws {ProblemError} `overloaded` where a request may not be taken now. */
  readonly admit: () => void;
  readonly spend: Spend;
}

/** A body of this size is parsed at once, in 0.1 ms; a larger one has a turn of its own. */
const PARSED_AT_ONCE_BYTES = 16_384;
/** What an item takes at the least, for a guess at a list that is not parsed. */
const ITEM_BYTES = 100;

export function addGradeRoute(app: FastifyInstance, ports: GradeRoutePorts): void {
  // Before the body is read.
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    ports.admit();
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') throw new ProblemError('unsupported-media-type');
    done();
  };
  app.post('/grade', { onRequest }, (request, reply) => {
    const isExplained = readExplain(request);
    const model = ports.model();
    if (isExplained && model.explain === undefined) throw new ProblemError('not-explainable');
    // Bytes, as the parser of bodies leaves them; without a content type and without a body it is not asked.
    const bytes = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    if (bytes.length > PARSED_AT_ONCE_BYTES) {
      gradeMany(ports, request, reply, isExplained, () => parseJson(bytes), bytes.length / ITEM_BYTES);
      return;
    }
    const value = parseJson(bytes);
    if (Array.isArray(value) || isExplained) {
      gradeMany(ports, request, reply, isExplained, () => value, Array.isArray(value) ? value.length : 1);
      return;
    }
    ports.spend(request, reply, 1);
    ports.desk.gradeOne(value, reply);
  });
}

/** @throws {ProblemError} `invalid-query` */
function readExplain({ raw, query }: FastifyRequest): boolean {
  if (raw.url === '/grade') return false;
  refuseQuery(query, ['explain']);
  const { explain } = query as { readonly explain?: unknown };
  if (explain === undefined || explain === 'false') return false;
  if (explain === 'true') return true;
  throw new ProblemError('invalid-query', { detail: 'The query’s `explain` is neither `true` nor `false`.' });
}

/** Answers of single items, by their replies. */
export const singleAnswers: SingleSink<FastifyReply> = {
  graded: sendJson,
  rejected: (reply, outcome) => sendProblem(reply, rejectedProblem(outcome)),
  invalid: (reply, faults) => sendProblem(reply, invalidProblem(faults)),
  failed(reply, error) {
    if (!reply.sent) reply.send(error);
  },
};

function rejectedProblem({ reasons, values }: RejectedItem): ProblemError {
  const detail = reasons.map((reason) => reason.detail).join(' ');
  return new ProblemError('item-rejected', { detail, members: { reasons, values } });
}

function invalidProblem(faults: readonly ItemFault[]): ProblemError {
  const detail = faults.map(({ at, problem }) => `${at === '' ? 'The body' : at} ${problem}.`).join(' ');
  return new ProblemError('invalid-item', { detail, members: { faults: [...faults] } });
}

function gradeMany(
  { desk, listItemsMax, spend }: GradeRoutePorts,
  request: FastifyRequest,
  reply: FastifyReply,
  isExplained: boolean,
  parse: () => unknown,
  rows: number,
): void {
  const itemsMax = isExplained ? Math.min(EXPLAINED_ITEMS_MAX, listItemsMax) : listItemsMax;
  let isList = true;
  const texts: string[] = [];
  const single = (): boolean => !isList;
  const job: DeskJob = {
    isExplained,
    isWanted: () => !reply.raw.destroyed,
    parse() {
      const value = parse();
      isList = Array.isArray(value);
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      checkLength(values.length, itemsMax, isExplained);
      spend(request, reply, values.length);
      return values;
    },
    graded(place, text) {
      texts[place] = text;
    },
    rejected(place, outcome) {
      if (single()) singleAnswers.rejected(reply, outcome);
      texts[place] = JSON.stringify(outcome);
    },
    invalid(place, faults) {
      if (single()) singleAnswers.invalid(reply, faults);
      texts[place] = JSON.stringify({ outcome: 'invalid', faults });
    },
    done(model) {
      if (reply.sent) return;
      sendJson(
        reply,
        single() ? (texts[0] as string) : `{"items":[${texts.join(',')}],"modelVersion":"${model.version}"}`,
      );
    },
    failed: (error) => singleAnswers.failed(reply, error),
  };
  // A longer one is refused when it is parsed: until then it must not count as seconds of work, for which others are shed.
  desk.gradeMany(job, Math.min(rows, itemsMax));
}

function checkLength(length: number, max: number, isExplained: boolean): void {
  if (length === 0) throw new ProblemError('empty-list');
  if (length <= max) return;
  const what = isExplained ? 'With `explain`, a list has' : 'A list has';
  throw new ProblemError('list-too-long', {
    detail: `${what} at most ${max} items; this one has ${length}.`,
  });
}
