/** Copies text of the page. */

/**
 * Returns `true` if the text was copied to the clipboard. If the browser does not allow it, `show`
 * makes the element visible, and its content is selected for copying by hand.
 */
export async function copy(
  shown: HTMLElement,
  text = shown.textContent ?? "",
  show?: () => void,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    show?.();
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
