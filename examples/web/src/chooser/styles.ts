/**
 * The style sheet of the web component. It is constructed by the script, which the policy of the
 * page around it does not forbid (`style-src` is about sheets in the document).
 */

import base from "../styles/base.css?inline";
import card from "../styles/card.css?inline";
import chooser from "../styles/chooser.css?inline";
import handIn from "../styles/hand-in.css?inline";
import parts from "../styles/parts.css?inline";

let sheet: CSSStyleSheet | undefined;

export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    // `all: initial` comes first, so that it takes nothing back of what follows.
    sheet.replaceSync(inOwnUnits([chooser, base, parts, card, handIn].join("\n")));
  }
  return sheet;
}

/**
 * Replaces `rem`, the text size of the page around the component, which often is not the reader's.
 * A page sets `--ownprint-size` if its own text has another size than the browser's default.
 */
function inOwnUnits(css: string): string {
  return css.replace(/@media[^{]*\{|(\d*\.?\d+)rem\b/g, (found, size?: string) =>
    size === undefined ? found : `calc(${size} * var(--ownprint-size, 16px))`,
  );
}
