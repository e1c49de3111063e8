// Runs measurements alternately, because the speed of shared machines drifts.

export const TURNS = 7;

/**
 * Runs each measurement once per turn. A first turn is not counted.
 *
 * @template {string} Name
 * @param {Record<Name, () => Promise<number>>} measurements
 * @returns {Promise<Record<Name, number[]>>}
 */
export async function takeTurns(measurements) {
  const times = /** @type {Record<Name, number[]>} */ ({});
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const name of /** @type {Name[]} */ (Object.keys(measurements))) {
      const milliseconds = await measurements[name]();
      if (turn > 0) (times[name] ??= []).push(milliseconds);
    }
  }
  return times;
}

/**
 * Returns the median of the ratios of the turns. @param {number[]} above @param {number[]} below
 */
export function ratio(above, below) {
  return median(above.map((value, turn) => value / below[turn])).toFixed(2);
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
