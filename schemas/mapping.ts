/** A user's mapping file: which of their columns carries which input, and in which unit. */
import Type, { type Static } from 'typebox';

export const MappedColumn = Type.Union([
  Type.String({ minLength: 1, description: 'Name of the source column; unit as the target’s.' }),
  Type.Object(
    {
      column: Type.String({ minLength: 1 }),
      unit: Type.Optional(
        Type.Union([
          Type.Literal('g'),
          Type.Literal('mg'),
          Type.Literal('kJ'),
          Type.Literal('kcal'),
          Type.Literal('%'),
        ]),
      ),
    },
    { additionalProperties: false },
  ),
]);
export type MappedColumn = Static<typeof MappedColumn>;

export const Mapping = Type.Object(
  {
    columns: Type.Record(Type.String({ minLength: 1 }), MappedColumn, {
      description: 'Flat Open Food Facts column name (such as `sugars_100g`) to the source column.',
    }),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;
