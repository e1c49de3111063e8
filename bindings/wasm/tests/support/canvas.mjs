// A fake image decoder and canvas for Node, whose pixels tests can inspect.

/** All created canvases. @type {Canvas[]} */
export const canvases = [];

/** The part of `OffscreenCanvas` and its context that the package uses. */
class Canvas {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.canvas = this;
    this.data = new Uint8ClampedArray(width * height * 4);
    canvases.push(this);
  }

  getContext() {
    return this;
  }

  /** @param {number} width @param {number} height */
  createImageData(width, height) {
    return { data: new Uint8ClampedArray(width * height * 4) };
  }

  /** @param {{ data: Uint8ClampedArray }} image */
  putImageData({ data }) {
    this.data.set(data);
  }

  /** Clears everything, whatever the arguments are. */
  clearRect() {
    this.data.fill(0);
  }

  /** @param {{ rows: Uint8Array[] }} image @param {number} _ @param {number} y */
  drawImage({ rows }, _, y) {
    for (const [index, row] of rows.slice(-y, -y + this.height).entries())
      this.data.set(row, index * this.width * 4);
  }

  /** @param {number} _x @param {number} _y @param {number} width @param {number} height */
  getImageData(_x, _y, width, height) {
    return { data: this.data.slice(0, width * height * 4) };
  }
}

/**
 * Installs a decoder that returns this image, and a canvas that fails from the given strip on. The
 * returned function removes them.
 *
 * @param {{ rows: Uint8Array[], width: number, height: number }} image
 * @param {number} [unreadable]
 */
export function fakeBrowser(image, unreadable = Infinity) {
  const browser = /** @type {any} */ (globalThis);
  canvases.length = 0;
  let reads = 0;
  browser.createImageBitmap = async () => ({ ...image, close() {} });
  browser.OffscreenCanvas = class extends Canvas {
    /** @param {[number, number, number, number]} area */
    getImageData(...area) {
      // The test pattern has another width.
      if (this.width === image.width && ++reads >= unreadable) throw new Error("unreadable");
      return super.getImageData(...area);
    }
  };
  return () => {
    delete browser.createImageBitmap;
    delete browser.OffscreenCanvas;
  };
}
