/** Entry of a thread that does what the key of an inspected file says; the shape it answers tells which thread it was. */
import { BroadcastChannel, parentPort, threadId, workerData } from 'node:worker_threads';
import type { ThreadReply, ThreadSettings, ThreadTask } from '../../../worker/threads/thread-protocol.ts';

const settings = workerData as ThreadSettings;
const interrupt = new Int32Array(settings.interrupt);

/** The types of Node.js leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: { readonly panic: () => void } };
};

/** (module (func (export "panic") unreachable)): the trap that a panic of a Rust library ends in. */
const PANIC = Uint8Array.from(
  [
    [0, 97, 115, 109, 1, 0, 0, 0],
    [1, 4, 1, 96, 0, 0],
    [3, 2, 1, 0],
    [7, 9, 1, 5, 112, 97, 110, 105, 99, 0, 0],
    [10, 5, 1, 3, 0, 0, 11],
  ].flat(),
);

function panic(): void {
  new WebAssembly.Instance(new WebAssembly.Module(PANIC)).exports.panic();
}

function reply(value: ThreadReply): void {
  parentPort?.postMessage(value);
}

function answer(key: string, recycle = false): void {
  const inspection = { rows: 1, rowGroups: [{ rows: 1, bytes: 1 }], shape: `${key} by ${threadId}` };
  reply({ kind: 'inspected', inspection, recycle });
}

/** Tells the test that a task has begun. */
const channel = new BroadcastChannel(settings.dataBucket);

/** Resolves when the test says that word. */
function hear(word: string): Promise<void> {
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data === word) resolve();
    };
  });
}

async function act(key: string): Promise<void> {
  const [verb = '', word = ''] = key.split(' ');
  switch (verb) {
    case 'wait': {
      const heard = hear(word);
      channel.postMessage(`begun ${key}`);
      await heard;
      return answer(key);
    }
    case 'until-interrupted': {
      channel.postMessage(`begun ${key}`);
      while (Atomics.load(interrupt, 0) === 0) await new Promise(setImmediate);
      const error = { code: 'interrupted', message: 'It stops.', remedy: 'None.' } as const;
      return reply({ kind: 'failed', error, recycle: false });
    }
    case 'fail': {
      const error = { code: 'not-parquet', message: `${key} is a CSV.`, remedy: 'Convert it.' } as const;
      return reply({ kind: 'failed', error, recycle: false });
    }
    case 'recycle':
      return answer(key, true);
    case 'exit':
      return process.exit(3);
    case 'panic':
      setImmediate(panic);
      return;
    case 'throw':
      setImmediate(() => {
        throw new Error('It broke.');
      });
      return;
    case 'answer-and-die':
      answer(key);
      throw new Error('It broke after the answer.');
    case 'out-of-memory':
      setImmediate(() => {
        throw Object.assign(new Error('Worker terminated due to reaching memory limit'), {
          code: 'ERR_WORKER_OUT_OF_MEMORY',
        });
      });
      return;
    case 'graded':
      return reply({ kind: 'graded', shard: {} as never, recycle: false });
    default:
      return answer(key);
  }
}

/** A model's version says what becomes of its check; a right one has 16 hex digits. */
function check(version: string): void {
  const loaded = { kind: 'model-loaded', version } as const;
  if (version === 'run-by-kernel') reply({ ...loaded, engine: 'forest', fallback: undefined });
  if (version === 'fall-back') reply({ ...loaded, engine: 'onnxruntime', fallback: 'it is no forest' });
  const isGood = /^[0-9a-f]{16}$|^run-by-kernel$|^fall-back$/.test(version);
  if (isGood) reply({ kind: 'model-checked', recycle: false });
  else void act(version);
}

parentPort?.on('message', (task: ThreadTask) => {
  if (task.kind === 'check-model') check(task.version);
  else void act(task.kind === 'inspect' ? task.input.key : 'grade');
});
reply({ kind: 'ready' });
