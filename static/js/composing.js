// Who writes Chinese types letters first, and chooses characters after. A box that searches while one types hears of
// the characters alone.
addEventListener("input", (event) => event.isComposing && event.stopPropagation(), true);
addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
