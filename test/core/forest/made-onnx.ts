/** ONNX files of tree ensembles, right and wrong ones: what the trainer never writes is needed here too. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export interface MadeNode {
  readonly tree: number;
  readonly id: number;
  /** @default 'LEAF' */
  readonly mode?: string;
  readonly feature?: number;
  readonly value?: number;
  readonly whenTrue?: number;
  readonly whenFalse?: number;
  readonly missingTracksTrue?: number;
  readonly cover?: number;
}

export interface MadeWeight {
  readonly tree: number;
  readonly id: number;
  readonly sum: number;
  readonly value: number;
}

export interface MadeEnsemble {
  readonly nodes: readonly MadeNode[];
  readonly weights: readonly MadeWeight[];
  readonly featureCount: number;
  /** 0 makes a regressor. */
  readonly classCount: number;
  readonly baseValues?: readonly number[];
  /** @default left out, which means NONE */
  readonly transform?: string;
}

/** In what a file differs from that of the ensemble. */
export interface OnnxChanges {
  readonly operator?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, MadeAttribute>>;
  /** Attributes that are left out. */
  readonly without?: readonly string[];
  readonly inputType?: number;
  readonly inputDimensions?: readonly (number | string)[];
  readonly outputs?: readonly string[];
  /** Nodes beside the ensemble. */
  readonly moreNodes?: number;
  readonly initializers?: number;
  readonly functions?: number;
  readonly graphs?: number;
  /** Numbers each with a tag of its own, as proto2 wrote them. */
  readonly isUnpacked?: boolean;
  /** An attribute that is written twice. */
  readonly attributeTwice?: string;
  /** Fields of no meaning in graph, node, tensors and types. */
  readonly hasStrayNumbers?: boolean;
}

export type MadeAttribute =
  | { readonly floats: readonly number[] }
  | { readonly integers: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly text: string }
  | { readonly integer: number }
  | { readonly tensor: true };

/** `AttributeProto.AttributeType`. */
const TYPES = { tensor: 4, text: 3, integer: 2, floats: 6, integers: 7, strings: 8 } as const;
const FLOAT = 1;
const INT64 = 7;

/** The attributes that an ensemble is written as. */
export function attributesOf(ensemble: MadeEnsemble): Record<string, MadeAttribute> {
  const { nodes, weights, classCount, baseValues, transform } = ensemble;
  const ofNodes = (pick: (node: MadeNode) => number | undefined): MadeAttribute => ({
    integers: nodes.map((node) => pick(node) ?? 0),
  });
  const isRegressor = classCount === 0;
  const prefix = isRegressor ? 'target' : 'class';
  const labels = Array.from({ length: classCount }, (_, label) => label);
  return {
    ...(baseValues === undefined ? {} : { base_values: { floats: baseValues } }),
    [`${prefix}_ids`]: { integers: weights.map(({ sum }) => sum) },
    [`${prefix}_nodeids`]: { integers: weights.map(({ id }) => id) },
    [`${prefix}_treeids`]: { integers: weights.map(({ tree }) => tree) },
    [`${prefix}_weights`]: { floats: weights.map(({ value }) => value) },
    ...(isRegressor ? { n_targets: { integer: 1 } } : { classlabels_int64s: { integers: labels } }),
    nodes_falsenodeids: ofNodes(({ whenFalse }) => whenFalse),
    nodes_featureids: ofNodes(({ feature }) => feature),
    ...(nodes.some(({ cover }) => cover !== undefined)
      ? { nodes_hitrates: { floats: nodes.map(({ cover }) => cover ?? 0) } }
      : {}),
    nodes_missing_value_tracks_true: ofNodes(({ missingTracksTrue }) => missingTracksTrue),
    nodes_modes: { strings: nodes.map(({ mode }) => mode ?? 'LEAF') },
    nodes_nodeids: ofNodes(({ id }) => id),
    nodes_treeids: ofNodes(({ tree }) => tree),
    nodes_truenodeids: ofNodes(({ whenTrue }) => whenTrue),
    nodes_values: { floats: nodes.map(({ value }) => value ?? 0) },
    ...(transform === undefined ? {} : { post_transform: { text: transform } }),
  };
}

export function madeOnnx(ensemble: MadeEnsemble, changes: OnnxChanges = {}): Uint8Array {
  const isRegressor = ensemble.classCount === 0;
  const writer = new BinaryWriter();
  const message = (field: number, body: () => void): void => {
    writer.tag(field, WireType.LengthDelimited).fork();
    body();
    writer.join();
  };
  const text = (field: number, value: string): void => {
    writer.tag(field, WireType.LengthDelimited).string(value);
  };
  const integer = (field: number, value: number): void => {
    writer.tag(field, WireType.Varint).int64(value);
  };
  const stray = (): void => {
    if (changes.hasStrayNumbers === true) integer(99, 7);
  };
  const tensor = (field: number, name: string, type: number, dimensions: readonly (number | string)[]) =>
    message(field, () => {
      text(1, name);
      stray();
      message(2, () => {
        stray();
        message(1, () => {
          stray();
          integer(1, type);
          message(2, () => {
            for (const dimension of dimensions) {
              message(1, () => {
                if (typeof dimension === 'number') integer(1, dimension);
                else text(2, dimension);
              });
            }
          });
        });
      });
    });
  const attribute = (name: string, value: MadeAttribute): void =>
    message(5, () => {
      text(1, name);
      const [kind] = Object.keys(value) as [keyof typeof TYPES];
      if ('text' in value) text(4, value.text);
      if ('integer' in value) integer(3, value.integer);
      if ('tensor' in value) message(5, () => integer(2, FLOAT));
      if ('strings' in value) for (const string of value.strings) text(9, string);
      if ('floats' in value) writeFloats(writer, value.floats, changes.isUnpacked === true);
      if ('integers' in value) writeIntegers(writer, value.integers, changes.isUnpacked === true);
      integer(20, TYPES[kind]);
    });
  const outputs = changes.outputs ?? (isRegressor ? ['probabilities'] : ['label', 'probabilities']);
  const ensembleNode = (): void => {
    text(1, 'features');
    for (const name of isRegressor ? ['probabilities'] : ['label', 'probabilities']) text(2, name);
    text(3, 'forest');
    text(4, changes.operator ?? (isRegressor ? 'TreeEnsembleRegressor' : 'TreeEnsembleClassifier'));
    for (const [name, value] of Object.entries({ ...attributesOf(ensemble), ...changes.attributes })) {
      if (!changes.without?.includes(name)) attribute(name, value);
      if (changes.attributeTwice === name) attribute(name, value);
    }
    text(7, changes.domain ?? 'ai.onnx.ml');
    stray();
  };
  integer(1, 8);
  for (let graph = 0; graph < (changes.graphs ?? 1); graph += 1) {
    message(7, () => {
      message(1, ensembleNode);
      for (let more = 0; more < (changes.moreNodes ?? 0); more += 1) {
        message(1, () => {
          text(1, 'probabilities');
          text(2, `copy${more}`);
          text(4, 'Identity');
        });
      }
      text(2, 'made');
      stray();
      for (let more = 0; more < (changes.initializers ?? 0); more += 1) message(5, () => text(8, `t${more}`));
      tensor(
        11,
        'features',
        changes.inputType ?? FLOAT,
        changes.inputDimensions ?? ['N', ensemble.featureCount],
      );
      for (const name of outputs) {
        if (name === 'label') tensor(12, name, INT64, ['N']);
        else tensor(12, name, FLOAT, ['N', Math.max(ensemble.classCount, 1)]);
      }
    });
  }
  for (const [domain, version] of [
    ['', 13],
    ['ai.onnx.ml', 1],
  ] as const) {
    message(8, () => {
      text(1, domain);
      integer(2, version);
    });
  }
  for (let more = 0; more < (changes.functions ?? 0); more += 1) message(25, () => text(1, `f${more}`));
  return writer.finish();
}

function writeFloats(writer: BinaryWriter, values: readonly number[], isUnpacked: boolean): void {
  if (isUnpacked) {
    for (const value of values) writer.tag(7, WireType.Bit32).float(value);
    return;
  }
  writer.tag(7, WireType.LengthDelimited).fork();
  for (const value of values) writer.float(value);
  writer.join();
}

function writeIntegers(writer: BinaryWriter, values: readonly number[], isUnpacked: boolean): void {
  if (isUnpacked) {
    for (const value of values) writer.tag(8, WireType.Varint).int64(value);
    return;
  }
  writer.tag(8, WireType.LengthDelimited).fork();
  for (const value of values) writer.int64(value);
  writer.join();
}
