import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TREE_DEPTH_MAX } from '../../../core/forest/forest.ts';
import { orderKey } from '../../../core/forest/order-key.ts';
import { readForest } from '../../../core/forest/read-forest.ts';
import { type MadeEnsemble, madeOnnx, type OnnxChanges } from './made-onnx.ts';
import { chain, change, PLAIN, refusalOf, THREE, weightsOf, withNode } from './plain-ensemble.ts';

const withAttributes = (attributes: NonNullable<OnnxChanges['attributes']>): Uint8Array =>
  change({}, { attributes });
const two = (sums: readonly number[], part: Partial<MadeEnsemble> = {}): Uint8Array =>
  change({
    classCount: 2,
    nodes: PLAIN.nodes.slice(0, 3),
    weights: [...weightsOf(0, 1, sums), ...weightsOf(0, 2, sums)],
    ...part,
  });

describe('readForest', () => {
  it('numbers nodes depth first, true side first, with one kind of condition', () => {
    const { nodes, treeStarts, weights, ...rest } = readForest(madeOnnx(PLAIN));
    expect([...treeStarts]).toEqual([0, 3, 8]);
    expect([...nodes.features]).toEqual([1, -1, -1, 0, 1, -1, -1, -1]);
    expect([...nodes.depths]).toEqual([0, 1, 1, 0, 1, 2, 2, 1]);
    expect([nodes.trueChildren[3], nodes.falseChildren[3]]).toEqual([4, 7]);
    expect([nodes.trueChildren[4], nodes.falseChildren[4]]).toEqual([5, 6]);
    // `<= -0` is `< the number after 0`.
    expect([nodes.limits[0], nodes.limits[3]]).toEqual([orderKey(5), 1]);
    expect([...nodes.missingIsTrue]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...(nodes.covers ?? [])]).toEqual([3, 1, 2, 3, 2.5, 1.25, 1.25, 0.5]);
    expect([...weights.starts]).toEqual([0, 0, 3, 6, 6, 6, 9, 12, 15]);
    expect([...weights.sums]).toEqual([...THREE, ...THREE, ...THREE, ...THREE, ...THREE]);
    expect(rest).toEqual({
      featureCount: 2,
      form: 'multiclass',
      transform: 'SOFTMAX',
      sumCount: 3,
      outputCount: 3,
      labels: [0, 1, 2],
      baseValues: new Float32Array(3),
      outputNames: { label: 'label', scores: 'probabilities' },
    });
  });

  it('reads the shipped model', () => {
    const forest = readForest(readFileSync(new URL('../../../fixtures/model/model.onnx', import.meta.url)));
    expect(forest).toMatchObject({ featureCount: 23, form: 'multiclass', sumCount: 5 });
    expect(forest.treeStarts.length).toBeGreaterThan(100);
  });

  it('leaves aside what it does not know', () => {
    expect(readForest(change({}, { hasStrayNumbers: true }))).toEqual(readForest(madeOnnx(PLAIN)));
  });

  it('reads lists that are written number by number', () => {
    expect(readForest(change({}, { isUnpacked: true }))).toEqual(readForest(madeOnnx(PLAIN)));
  });

  it('reads ids that are not counted from 0, in any order, and negative labels', () => {
    const id = (old: number): number => 1000 - old * 3;
    const renamed = change(
      {
        nodes: PLAIN.nodes.map((node) => ({
          ...node,
          tree: node.tree + 7,
          id: id(node.id),
          whenTrue: id(node.whenTrue ?? 0),
          whenFalse: id(node.whenFalse ?? 0),
        })),
        weights: PLAIN.weights.map((weight) => ({ ...weight, tree: weight.tree + 7, id: id(weight.id) })),
      },
      { attributes: { classlabels_int64s: { integers: [-1, 2 ** 40, 3] } } },
    );
    expect(readForest(renamed)).toEqual({ ...readForest(madeOnnx(PLAIN)), labels: [-1, 2 ** 40, 3] });
  });

  it('takes text labels, and a file that does not give out its label', () => {
    const texts = { classlabels_strings: { strings: ['rot', 'grün', 'blau'] } } as const;
    const read = readForest(
      change({}, { without: ['classlabels_int64s'], attributes: texts, outputs: ['probabilities'] }),
    );
    expect(read.labels).toEqual(['rot', 'grün', 'blau']);
  });

  it('lets missing values go to the false side where nothing is said of them', () => {
    const read = readForest(change({}, { without: ['nodes_missing_value_tracks_true'] }));
    expect(read.nodes.missingIsTrue.every((isTrue) => isTrue === 0)).toBe(true);
  });

  it.each([
    ['there are none', PLAIN.nodes.map(({ cover: _, ...node }) => node)],
    ['they are 1 everywhere, as some exporters write', PLAIN.nodes.map((node) => ({ ...node, cover: 1 }))],
    [
      'one is negative',
      PLAIN.nodes.map((node, at) => ({ ...node, cover: [3, -1, 4][at] ?? node.cover ?? 1 })),
    ],
    [
      'a branch has none',
      PLAIN.nodes.map((node, at) => ({ ...node, cover: at < 3 ? 0 : (node.cover ?? 1) })),
    ],
  ])('tells no covers where %s', (_, nodes) => {
    expect(readForest(change({ nodes })).nodes.covers).toBeUndefined();
  });

  it('tells forms apart', () => {
    const form = (onnx: Uint8Array): unknown => {
      const read = readForest(onnx);
      return [read.form, read.sumCount, read.outputCount];
    };
    expect(form(two([0, 1]))).toEqual(['pair', 2, 2]);
    expect(form(two([0], { transform: 'LOGISTIC' }))).toEqual(['binary-positive', 1, 2]);
    const negative = [...weightsOf(0, 1, [0]), { tree: 0, id: 2, sum: 0, value: -1 }];
    expect(form(two([0], { weights: negative, transform: 'NONE' }))).toEqual(['binary', 1, 2]);
    const regression = change({
      classCount: 0,
      transform: 'NONE',
      weights: PLAIN.weights.filter(({ sum }) => sum === 0),
    });
    expect(form(regression)).toEqual(['regression', 1, 1]);
  });
});

/** Files that no program may run. */
const DAMAGED: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['no bytes', new Uint8Array(0), /0 graphs/],
  ['text', new TextEncoder().encode('not a model'), /fit|wire|field|graphs|ends/],
  ['a graph of nothing', Uint8Array.of(58, 0), /no node/],
  [
    'an attribute twice',
    change({}, { attributeTwice: 'nodes_values' }),
    /attribute nodes_values is there twice/,
  ],
  ['two graphs', change({}, { graphs: 2 }), /2 graphs/],
  [
    'a child that is not there',
    withNode(0, { whenFalse: 9 }),
    /tree 0: node 0 leads to node 9, which is not there/,
  ],
  ['a child with a broken id', withNode(0, { whenFalse: -1 }), /node -1, which is not there/],
  ['a branch that leads to itself', withNode(0, { whenTrue: 0 }), /reached already: trees have no cycles/],
  ['a cycle', withNode(6, { whenFalse: 0 }), /tree 1: node 3 leads to node 0, which is reached already/],
  ['a node that two lead to', withNode(6, { whenFalse: 1 }), /reached already/],
  [
    'a node that none leads to',
    change({ nodes: [...PLAIN.nodes, { tree: 1, id: 5 }] }),
    /1 nodes that its first one/,
  ],
  ['two nodes of one id', withNode(2, { id: 1 }), /tree 0 has two nodes 1/],
  ['a feature that rows lack', withNode(0, { feature: 2 }), /node 0 looks at feature 2, and rows have 2/],
  ['a negative feature', withNode(0, { feature: -1 }), /feature -1/],
  ['a mode that there is not', withNode(0, { mode: 'BRANCH_LU' }), /mode BRANCH_LU, which there is not/],
  ['a leaf without weights', change({ weights: PLAIN.weights.slice(3) }), /a leaf has no weight \(tree 0/],
  [
    'a weight of no class',
    change({ weights: [...PLAIN.weights, { tree: 0, id: 1, sum: 3, value: 1 }] }),
    /class 3 of 3/,
  ],
  [
    'a weight of no node',
    change({ weights: [...PLAIN.weights, { tree: 0, id: 9, sum: 0, value: 1 }] }),
    /node 9 of tree 0/,
  ],
  [
    'a weight of no tree',
    change({ weights: [...PLAIN.weights, { tree: 5, id: 0, sum: 0, value: 1 }] }),
    /node 0 of tree 5/,
  ],
  ['no tree', change({ nodes: [], weights: [] }), /no tree/],
  [
    'columns of different length',
    withAttributes({ nodes_values: { floats: [1] } }),
    /thresholds has 1 entries where 8/,
  ],
  [
    'weights of different length',
    withAttributes({ class_ids: { integers: [1] } }),
    /weights: sums has 1 entries/,
  ],
  [
    'half the words on missing values',
    withAttributes({ nodes_missing_value_tracks_true: { integers: [1] } }),
    /missing/,
  ],
  ['half the covers', withAttributes({ nodes_hitrates: { floats: [1] } }), /hitRates/],
  ['a transform that there is not', change({ transform: 'SOFTMIN' }), /no transform SOFTMIN/],
  ['labels of two kinds', withAttributes({ classlabels_strings: { strings: ['a', 'b', 'c'] } }), /two kinds/],
  ['a chain deeper than any runtime survives', chain(TREE_DEPTH_MAX + 1), /more than 1000 levels/],
];

/** Files that may be models, of kinds that are ONNX Runtime's. */
const UNSUPPORTED: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'a second node',
    change({}, { moreNodes: 1, outputs: ['label', 'copy0'] }),
    /not a lone tree ensemble: it has 2 nodes/,
  ],
  ['constants', change({}, { initializers: 1 }), /1 constants/],
  ['functions of its own', change({}, { functions: 1 }), /functions/],
  ['another operator', change({}, { operator: 'LinearClassifier' }), /ai\.onnx\.ml\.LinearClassifier/],
  ['another domain', change({}, { domain: 'com.example' }), /com\.example\.TreeEnsembleClassifier/],
  [
    'float64 thresholds',
    withAttributes({ nodes_values_as_tensor: { tensor: true } }),
    /nodes_values_as_tensor is a tensor/,
  ],
  [
    'an attribute of a later version',
    withAttributes({ nodes_splits: { floats: [1] } }),
    /nodes_splits is not known/,
  ],
  ['another mode', withNode(0, { mode: 'BRANCH_GT' }), /tree 0: node 0 has the mode BRANCH_GT/],
  ['a threshold that is no number', withNode(0, { value: Number.NaN }), /threshold of tree 0 is NaN/],
  ['float64 rows', change({}, { inputType: 11 }), /not float32/],
  ['rows of a width that is not said', change({}, { inputDimensions: ['N', 'F'] }), /width of its input/],
  ['rows of one dimension', change({}, { inputDimensions: [2] }), /width of its input/],
  ['an output from nowhere', change({}, { outputs: ['probabilities', 'other'] }), /makes its output other/],
  ['no scores among the outputs', change({}, { outputs: ['label'] }), /scores are no output/],
  [
    'trees in pieces',
    change({
      nodes: [PLAIN.nodes[0], ...PLAIN.nodes.slice(3), ...PLAIN.nodes.slice(1, 3)].flatMap((n) => n ?? []),
    }),
    /do not stand together/,
  ],
  [
    'a weight at a branch',
    change({ weights: [...PLAIN.weights, { tree: 0, id: 0, sum: 0, value: 1 }] }),
    /is no leaf/,
  ],
  [
    'a leaf with two weights for one class',
    change({ weights: [...PLAIN.weights, { tree: 0, id: 1, sum: 2, value: 1 }] }),
    /two weights for class 2/,
  ],
  [
    'an infinite weight',
    change({ weights: PLAIN.weights.map((weight) => ({ ...weight, value: 1 / 0 })) }),
    /is Infinity/,
  ],
  ['an infinite base value', change({ baseValues: [0, 0, 1 / 0] }), /base value/],
  ['base values for some classes', change({ baseValues: [0, 1] }), /2 base values for 3 sums/],
  [
    'classes that not every row comes to',
    change({ weights: PLAIN.weights.filter(({ sum, id }) => sum < 2 || id === 4) }),
    /not reached on every path/,
  ],
  ['other transforms', change({ transform: 'PROBIT' }), /PROBIT/],
  [
    'one class',
    change({ classCount: 1, weights: PLAIN.weights.filter(({ sum }) => sum === 0) }),
    /1 classes/,
  ],
  ['no labels', change({}, { without: ['classlabels_int64s'] }), /0 classes/],
  ['two classes with base values', two([0, 1], { baseValues: [0, 0] }), /base values with two classes/],
  ['two classes of which one is spoken of', two([1]), /only the second/],
  ['one sum for two classes with SOFTMAX', two([0]), /one sum for two classes/],
  [
    'a regression with a transform',
    change({ classCount: 0, weights: PLAIN.weights.filter(({ sum }) => sum === 0) }),
    /regression with SOFTMAX/,
  ],
  ['no word on targets', change({ classCount: 0 }, { without: ['n_targets'] }), /0 targets/],
  ['several targets', change({ classCount: 0 }, { attributes: { n_targets: { integer: 3 } } }), /3 targets/],
  [
    'another way to add up',
    change({ classCount: 0 }, { attributes: { aggregate_function: { text: 'MAX' } } }),
    /MAX/,
  ],
];

describe('a file that is refused', () => {
  it.each(DAMAGED)('as damaged, for %s', (_, onnx, reason) => {
    const refusal = refusalOf(onnx);
    expect(refusal.message).toMatch(reason);
    expect(refusal.kind).toBe('damaged');
  });

  it.each(UNSUPPORTED)('for another program, for %s', (_, onnx, reason) => {
    const refusal = refusalOf(onnx);
    expect(refusal.message).toMatch(reason);
    expect(refusal.kind).toBe('unsupported');
  });
});
