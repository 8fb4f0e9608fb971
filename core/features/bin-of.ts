/**
 * Bin of a value among ascending edges: bin `i` holds `edges[i - 1] <= value < edges[i]`, the first all below
 * `edges[0]`, the last all from the last edge on. There is one bin more than edges. The training reference and
 * the histograms of a job count by this same function.
 */
export function binOf(edges: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
