/**
 * How many calls to a service may be under way at once, by what it answers: one that throttles halves the number, each call
 * that passes adds its share of one, as TCP does. So threads and workers that share a table settle below what it takes
 * instead of running against its limit for ever.
 */

export interface CallWindow {
  /** Calls that may be under way now. */
  readonly size: number;
  /** Fulfilled when another call may begin. */
  enter(): Promise<Call>;
}

/** One call's place in the window. */
export interface Call {
  /** Gives the place back; called once. */
  leave(wasThrottled: boolean): void;
}

/** @param sizeMax calls at once while nothing is throttled; at least 1, and where the window begins */
export function createCallWindow(sizeMax: number): CallWindow {
  let size = sizeMax;
  let underWay = 0;
  /** Counts the halvings: calls that began before one say nothing about the window since. */
  let halvings = 0;
  const waiting: (() => void)[] = [];

  function admit(): void {
    while (waiting.length > 0 && underWay < Math.floor(size)) {
      underWay += 1;
      waiting.shift()?.();
    }
  }

  return {
    get size() {
      return Math.floor(size);
    },
    async enter() {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      const begunAt = halvings;
      return {
        leave(wasThrottled) {
          underWay -= 1;
          if (!wasThrottled) size = Math.min(sizeMax, size + 1 / size);
          else if (begunAt === halvings) {
            size = Math.max(1, size / 2);
            halvings += 1;
          }
          admit();
        },
      };
    },
  };
}
