/** A box that scrolls and holds nothing to focus takes the focus itself, so that keys can scroll it. */
export function scrolled(box: HTMLElement): () => void {
  const look = (): void => {
    const over = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
    if (over) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(look);
  observer.observe(box);
  if (box.firstElementChild) observer.observe(box.firstElementChild);
  look();
  return () => observer.disconnect();
}
