// Records the byte arrays that code creates, in Node and in browsers.

/** Collects every new `Uint8Array` until `stop` is called. */
export function watchArrays() {
  /** @type {Uint8Array[]} */
  const arrays = [];
  const Plain = Uint8Array;
  let isWatching = true;
  globalThis.Uint8Array = /** @type {any} */ (
    class extends Plain {
      /** @param {any[]} given */
      constructor(...given) {
        super(.../** @type {[any]} */ (given));
        if (isWatching) arrays.push(this);
      }
    }
  );
  const stop = () => {
    isWatching = false;
    globalThis.Uint8Array = Plain;
  };
  return { arrays, stop };
}

/** Returns `true` if the array was transferred or overwritten. @param {ArrayLike<number>} bytes */
export function isEmpty(bytes) {
  return Array.prototype.every.call(bytes, (byte) => byte === 0);
}
