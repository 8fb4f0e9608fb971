/**
 * Writes a grown forest as a booster of XGBoost's own: each tree five times, once a grade, with that grade's leaf
 * values. So libxgboost itself predicts, explains and saves it, and every check against libxgboost means what it says.
 * `trainer/onnx/share-trees.ts` puts the five together again for ONNX.
 */
import Type from 'typebox';
import { createParser } from '../../schemas/parse.ts';
import type { GrownForest } from './grow-forest.ts';

/** What is changed; all other members pass as they are. */
const StructureJson = Type.Object({
  learner: Type.Object({
    gradient_booster: Type.Object({
      model: Type.Object({
        gbtree_model_param: Type.Record(Type.String(), Type.Unknown()),
        trees: Type.Array(
          Type.Object({
            left_children: Type.Array(Type.Integer()),
            split_conditions: Type.Array(Type.Number()),
            base_weights: Type.Array(Type.Number()),
          }),
        ),
        iteration_indptr: Type.Optional(Type.Array(Type.Integer())),
      }),
    }),
    learner_model_param: Type.Intersect([
      Type.Object({ base_score: Type.String() }),
      Type.Record(Type.String(), Type.Unknown()),
    ]),
  }),
});
const parser = createParser('the forest’s JSON', StructureJson);

/**
 * XGBoost's JSON of a `multi:softprob` booster with `classCount` trees a round. The margins before the first tree
 * become part of its leaves (a booster of 1.7 has one base score for all classes), and everything is divided by the
 * temperature: what the booster gives is calibrated.
 */
export function boosterJson(forest: GrownForest, temperature: number): string {
  const { classCount } = forest;
  const whole = parser.parse(JSON.parse(forest.structure));
  const { gradient_booster: booster, learner_model_param: parameters } = whole.learner;
  const rounds = booster.model.trees.slice(0, forest.steps.length);
  const trees = rounds.flatMap((tree, round) =>
    Array.from({ length: classCount }, (_, label) => {
      const values = tree.split_conditions.map((condition, node) => {
        if (tree.left_children[node] !== -1) return condition;
        const base = round === 0 ? (forest.baseMargins[label] ?? 0) : 0;
        return Math.fround(((forest.steps[round]?.[node * classCount + label] ?? 0) + base) / temperature);
      });
      const weights = tree.base_weights.map((weight, node) =>
        tree.left_children[node] === -1 ? (values[node] ?? 0) : weight,
      );
      return { ...tree, id: round * classCount + label, split_conditions: values, base_weights: weights };
    }),
  );
  const isList = parameters.base_score.trim().startsWith('[');
  const zeros = `[${new Array(classCount).fill('0E0').join(',')}]`;
  return withFloats({
    ...whole,
    learner: {
      ...whole.learner,
      gradient_booster: {
        ...booster,
        model: {
          ...booster.model,
          gbtree_model_param: { ...booster.model.gbtree_model_param, num_trees: String(trees.length) },
          trees,
          tree_info: trees.map((_, tree) => tree % classCount),
          ...(booster.model.iteration_indptr === undefined
            ? {}
            : { iteration_indptr: [...rounds.keys(), rounds.length].map((round) => round * classCount) }),
        },
      },
      learner_model_param: {
        ...parameters,
        base_score: isList ? zeros : '0E0',
        num_class: String(classCount),
      },
      objective: {
        name: 'multi:softprob',
        softmax_multiclass_param: { num_class: String(classCount) },
      },
    },
  });
}

/** XGBoost's reader tells numbers from integers by how they are written: 0 in a list of floats is refused, 0E0 is not. */
function withFloats(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /"(base_weights|loss_changes|split_conditions|sum_hessian)":\[([^\]]*)\]/g,
    (_, name: string, list: string) => `"${name}":[${list.replaceAll(/(^|,)(-?\d+)(?=,|$)/g, '$1$2E0')}]`,
  );
}
