/**
 * Writes an ONNX file with one TreeEnsembleClassifier, by protobuf's wire format. Field numbers: `onnx.proto`
 * (ONNX 1.x). The `onnx` package for Python was refused (a second language for 300 lines), and a generated
 * schema too: eight messages with a few fields each are written here by hand.
 */
import { createHash } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { ModelManifest } from '../../schemas/model.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

const OPSET = 13;
const ML_OPSET = 1;
const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;

/** `AttributeProto.AttributeType`. */
const ATTRIBUTE = { string: 3, floats: 6, ints: 7, strings: 8 } as const;

type WriteBody = (writer: BinaryWriter) => void;

function message(writer: BinaryWriter, field: number, body: WriteBody): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function attribute(writer: BinaryWriter, name: string, type: number, body: WriteBody): void {
  message(writer, 5, () => {
    text(writer, 1, name);
    body(writer);
    integer(writer, 20, type);
  });
}

/** Packed, as proto3 writes repeated numbers: a varint a number, without its tag. */
function integers(writer: BinaryWriter, name: string, values: ArrayLike<number>): void {
  attribute(writer, name, ATTRIBUTE.ints, () =>
    message(writer, 8, () => {
      for (let at = 0; at < values.length; at += 1) writer.int64(values[at] as number);
    }),
  );
}

function floats(writer: BinaryWriter, name: string, values: ArrayLike<number>): void {
  attribute(writer, name, ATTRIBUTE.floats, () =>
    message(writer, 7, () => {
      for (let at = 0; at < values.length; at += 1) writer.float(values[at] as number);
    }),
  );
}

function strings(writer: BinaryWriter, name: string, values: readonly string[]): void {
  attribute(writer, name, ATTRIBUTE.strings, () => {
    for (const value of values) text(writer, 9, value);
  });
}

/** A named tensor of a type whose dimensions are a number, or a name for one that varies. */
function tensor(
  writer: BinaryWriter,
  field: number,
  name: string,
  elementType: number,
  dimensions: readonly (number | string)[],
): void {
  message(writer, field, () => {
    text(writer, 1, name);
    message(writer, 2, () =>
      message(writer, 1, () => {
        integer(writer, 1, elementType);
        message(writer, 2, () => {
          for (const dimension of dimensions) {
            message(writer, 1, () => {
              if (typeof dimension === 'number') integer(writer, 1, dimension);
              else text(writer, 2, dimension);
            });
          }
        });
      }),
    );
  });
}

function writeNode(writer: BinaryWriter, ensemble: TreeEnsemble): void {
  text(writer, 1, 'features');
  text(writer, 2, 'label');
  text(writer, 2, 'probabilities');
  text(writer, 3, 'forest');
  text(writer, 4, 'TreeEnsembleClassifier');
  const { nodes, leaves, classCount } = ensemble;
  floats(writer, 'base_values', ensemble.baseValues);
  integers(writer, 'class_ids', leaves.classes);
  integers(writer, 'class_nodeids', leaves.nodes);
  integers(writer, 'class_treeids', leaves.trees);
  floats(writer, 'class_weights', leaves.weights);
  integers(
    writer,
    'classlabels_int64s',
    Array.from({ length: classCount }, (_, label) => label),
  );
  integers(writer, 'nodes_falsenodeids', nodes.falseNodes);
  integers(writer, 'nodes_featureids', nodes.features);
  // Made for this by the specification, and ignored by runtimes that only predict.
  floats(writer, 'nodes_hitrates', nodes.covers);
  integers(writer, 'nodes_missing_value_tracks_true', nodes.missingTracksTrue);
  strings(
    writer,
    'nodes_modes',
    Array.from(nodes.isLeaf, (isLeaf) => (isLeaf === 1 ? 'LEAF' : 'BRANCH_LT')),
  );
  integers(writer, 'nodes_nodeids', nodes.nodes);
  integers(writer, 'nodes_treeids', nodes.trees);
  integers(writer, 'nodes_truenodeids', nodes.trueNodes);
  floats(writer, 'nodes_values', nodes.values);
  attribute(writer, 'post_transform', ATTRIBUTE.string, () => text(writer, 4, 'SOFTMAX'));
  text(writer, 7, 'ai.onnx.ml');
}

/**
 * Bytes of `model.onnx`: input `features` float32 [N, F], outputs `label` int64 [N] and `probabilities`
 * float32 [N, classes]. Equal ensembles give equal bytes.
 */
export function onnxBytes(ensemble: TreeEnsemble): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, IR_VERSION);
  text(writer, 2, 'nutrisage');
  message(writer, 7, () => {
    message(writer, 1, () => writeNode(writer, ensemble));
    text(writer, 2, 'nutrisage');
    tensor(writer, 11, 'features', FLOAT, ['N', ensemble.featureCount]);
    tensor(writer, 12, 'label', INT64, ['N']);
    tensor(writer, 12, 'probabilities', FLOAT, ['N', ensemble.classCount]);
  });
  for (const [domain, version] of [
    ['', OPSET],
    ['ai.onnx.ml', ML_OPSET],
  ] as const) {
    message(writer, 8, () => {
      text(writer, 1, domain);
      integer(writer, 2, version);
    });
  }
  return writer.finish();
}

/** What a manifest says of the file: its hash, its size, and the forest in it. */
export function manifestEntry(
  onnx: Uint8Array,
  { treeCount, maxDepth }: Pick<TreeEnsemble, 'treeCount' | 'maxDepth'>,
): ModelManifest['onnx'] {
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  return { sha256, bytes: onnx.length, opset: OPSET, mlOpset: ML_OPSET, trees: treeCount, maxDepth };
}
