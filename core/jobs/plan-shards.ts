/** Cuts a file into shards: whole row groups only, since a part of one would read the whole again. */

export interface PlannedShard {
  /** First row group. */
  readonly first: number;
  /** Row groups. */
  readonly count: number;
  readonly rows: number;
  /** Number of the first row within the file. */
  readonly firstRow: number;
}

/**
 * Consecutive row groups gathered up to `shardRows` rows; a larger group is a shard by itself. An empty
 * group goes with its neighbour, so every shard has rows, unless the file has none at all: then no shards.
 * Pure: the same footer and size give the same plan on every worker.
 * @throws {RangeError} when `shardRows` is not a positive integer.
 */
export function planShards(
  rowGroups: readonly { readonly rows: number }[],
  shardRows: number,
): PlannedShard[] {
  if (!Number.isInteger(shardRows) || shardRows < 1) {
    throw new RangeError(`shardRows must be a positive integer, not ${shardRows}`);
  }
  const shards: PlannedShard[] = [];
  let open: PlannedShard = { first: 0, count: 0, rows: 0, firstRow: 0 };
  rowGroups.forEach(({ rows }, index) => {
    const overflows = open.rows > 0 && rows > 0 && open.rows + rows > shardRows;
    if (overflows) {
      shards.push(open);
      open = { first: index, count: 0, rows: 0, firstRow: open.firstRow + open.rows };
    }
    open = { ...open, count: open.count + 1, rows: open.rows + rows };
  });
  if (open.rows > 0) shards.push(open);
  return shards;
}
