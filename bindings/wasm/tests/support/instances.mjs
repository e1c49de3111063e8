// Records the memories of WebAssembly instances, in Node and in browsers.

/** Collects the memory of every new instance until `stop` is called. */
export function watchMemories() {
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    /** @param {[any, any]} given */
    constructor(...given) {
      super(...given);
      memories.push(/** @type {WebAssembly.Memory} */ (this.exports.memory));
    }
  };
  const stop = () => {
    WebAssembly.Instance = Instance;
  };
  return { memories, stop };
}
