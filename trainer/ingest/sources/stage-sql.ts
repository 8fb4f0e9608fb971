/** The select that brings one source into the shape of the staged rows, every row of it. */
import { slugOf, sqlName } from '../sql-text.ts';
import { NUTRIENT_COLUMNS } from './output-columns.ts';
import { otherSelections, type SourcePlan } from './plan-source.ts';

/** Functions that the selects use; to be run once per connection. */
export const STAGE_FUNCTIONS = `CREATE OR REPLACE TEMP MACRO slug_of(text) AS ${slugOf('text')}`;

/** `from` is a table function, such as `read_parquet('…')`. */
export function stageSelect(plan: SourcePlan, from: string): string {
  const { prepared, split, amounts } = plan.nutrients;
  const named = NUTRIENT_COLUMNS.map(({ name }, index) => `${amounts[index]} AS ${sqlName(name)}`);
  const given = NUTRIENT_COLUMNS.map(({ name }) => `(${sqlName(name)} IS NOT NULL)::TINYINT`);
  const step = (selections: readonly string[], of: string) =>
    selections.length === 0 ? of : `(SELECT *, ${selections.join(', ')} FROM ${of})`;
  const source = step(split, step(prepared, from));
  const rows = `SELECT ${[...otherSelections(plan), ...named].join(',\n')} FROM ${source}`;
  return `SELECT *, (${given.join(' + ')})::TINYINT AS inputs_given FROM (${rows})`;
}
