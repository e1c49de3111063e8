/** Copying a text that is on the page. */

/**
 * Whether it is in the clipboard now. If the browser does not allow that, what is shown is selected, ready to be copied by hand,
 * once `show` has brought it to sight.
 */
export async function copy(shown: HTMLElement, text = shown.textContent ?? "", show?: () => void): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    show?.();
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
