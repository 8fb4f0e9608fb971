/** Puts a model folder into the registry, as the trainer lays it out. What is there already stays. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { type CurrentModel, ModelManifest } from '../../schemas/model.ts';
import { CURRENT_MODEL_KEY, MODEL_FILES, modelKey } from '../../schemas/model-keys.ts';
import { createParser } from '../../schemas/parse.ts';
import { StackError } from './stack-error.ts';

const manifestParser = createParser('manifest of the model', ModelManifest);

/**
 * Copies every file of `folder` to `models/<version>/` and, where no model is current, makes this one current.
 *
 * @returns the version in the folder's manifest.
 * @throws {StackError} when the folder holds no manifest.
 * @throws {SchemaError} when the manifest is not as expected.
 */
export async function publishModel(s3: S3Client, bucket: string, folder: string): Promise<string> {
  const version = await readVersion(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  // The manifest last: a version with a manifest is whole.
  for (const name of names.sort(
    (left, right) => Number(left === MODEL_FILES.manifest) - Number(right === MODEL_FILES.manifest),
  )) {
    await putIfAbsent(s3, {
      Bucket: bucket,
      Key: modelKey(version, name),
      // Whole, as models are megabytes: the SDK does not retry a stream, and warns of it.
      Body: await readFile(join(folder, name)),
    });
  }
  const current: CurrentModel = { version, promotedAt: new Date().toISOString() };
  await putIfAbsent(s3, {
    Bucket: bucket,
    Key: CURRENT_MODEL_KEY,
    Body: `${JSON.stringify(current, null, 2)}\n`,
    ContentType: 'application/json',
  });
  return version;
}

async function readVersion(folder: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(join(folder, MODEL_FILES.manifest), 'utf8');
  } catch (cause) {
    throw new StackError(
      `There is no model in ${folder}: it has no readable ${MODEL_FILES.manifest}.`,
      'Give the folder of a trained model with --model, or train one.',
      { cause },
    );
  }
  return manifestParser.parse(JSON.parse(text)).version;
}

async function putIfAbsent(s3: S3Client, input: PutObjectCommandInput): Promise<void> {
  try {
    await s3.send(new PutObjectCommand({ ...input, IfNoneMatch: '*' }));
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return;
    throw error;
  }
}
