import { describe, expect, it } from 'vitest';
import { PHONE } from './browser';
import { axeFindsNothing, gallery, SCREENS, show } from './screens';

gallery();

describe('axe, phone', () => axeFindsNothing({ size: PHONE, touch: true }));

describe('at 360 px', () => {
  it.each(Object.entries(SCREENS))('%s needs no sideways scrolling', async (_title, screen) => {
    const here = await show(screen, { size: { width: 360, height: 740 }, touch: true });
    try {
      const wide = await here.page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.querySelectorAll('main *, dialog *')]
          .filter((item) => item.getBoundingClientRect().right > width + 1 && !item.closest('[role=grid], .table-box, .tabs, .hidden-text'))
          .slice(0, 5)
          .map((item) => item.outerHTML.slice(0, 120));
      });
      expect(wide).toEqual([]);
    } finally {
      await here.context.close();
    }
  });

  it.each([
    ['large type', 'teacher', '/today', 'ol.lessons'],
    ['large type', 'parent', '/diary', '.week'],
    ['large type', 'deputy', '/board', 'table'],
  ])('%s of %s fits too', async (_type, who, path, ready) => {
    const here = await show({ who, path: () => path, ready }, { size: { width: 360, height: 740 }, touch: true }, { large: true });
    expect(await here.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await here.context.close();
  });
});
