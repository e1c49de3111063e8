/** Copying a text that is on the page. */

/** Whether it is in the clipboard now. If the browser does not allow that, the text is selected, ready to be copied by hand. */
export async function copy(shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(shown.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
