import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mock, startMock } from '../mock/server.mjs';
import { launch, logIn, type Look, visit } from './browser';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TODAY = '2026-11-18';

/** A screen that is looked at in every theme and width. */
export interface Screen {
  who: string | null;
  path: (mock: Mock) => string;
  ready: string;
  act?: (page: Page) => Promise<void>;
  /** A panel lies over the page: what it half covers cannot be pressed now anyway. */
  covered?: boolean;
}

const journal = (mock: Mock, view: string) =>
  `/journals/${mock.world.maths.journalId}?view=${view}&lesson=${mock.world.columns.find((item) => item.date === TODAY)!.lessonId}`;

const draft = (mock: Mock) => `/timetable?version=${mock.world.timetables.all[0]!.timetable.timetableId}&view=class&of=${mock.world.own.classId}`;

const plan = (mock: Mock) => `/lesson-plans/${mock.world.maths.groupId}/${mock.world.maths.subjectId}`;

const sheet = (mock: Mock, at: number) => `/control-sheets/${mock.world.control.monitorings[at]!.monitoringId}`;

export const SCREENS: Record<string, Screen> = {
  'log in': { who: null, path: () => '/login', ready: 'form' },
  'registration, code': { who: null, path: () => '/register', ready: 'form' },
  registration: { who: null, path: () => '/register?code=K7QF-2MXD', ready: 'dl' },
  'not found': { who: 'teacher', path: () => '/nothing', ready: 'h1' },
  'teacher today': { who: 'teacher', path: () => '/today', ready: 'ol.lessons' },
  'an empty day': { who: 'teacher', path: () => '/today?date=2026-11-22', ready: '.empty' },
  'lesson card': {
    who: 'teacher',
    path: () => '/today',
    ready: 'ol.lessons',
    act: async (page) => {
      await page.getByRole('button', { name: 'Тема и ДЗ' }).nth(1).click();
      await page.waitForSelector('dialog[open]');
    },
  },
  'events of a class': { who: 'teacher', path: () => '/events', ready: '#events' },
  'events of the school': { who: 'deputy', path: () => '/events', ready: '#events' },
  'a month without events': { who: 'teacher', path: () => '/events?date=2027-03-01', ready: '.empty' },
  'an exam': {
    who: 'deputy',
    path: () => '/events',
    ready: '#events',
    act: async (page) => {
      await page.getByRole('button', { name: 'Подробное событие' }).click();
      await page.getByLabel('Что это').selectOption({ label: 'Экзамен' });
      await page.getByLabel('Для кого').selectOption({ label: 'Группа' });
    },
  },
  'an event cancelled': {
    who: 'deputy',
    path: () => '/events',
    ready: '#events',
    act: async (page) => {
      await page.getByRole('button', { name: /^Отменить событие\s*: Осенний концерт/ }).click();
      await page.getByRole('dialog').getByLabel('Причина').waitFor();
    },
  },
  'an event copied': {
    who: 'deputy',
    path: () => '/events',
    ready: '#events',
    act: async (page) => {
      await page.getByRole('button', { name: /^Копировать\s*: Классный час/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'events of a child': { who: 'parent', path: () => '/child-events', ready: '#events' },
  'school year': { who: 'deputy', path: () => '/school-year', ready: 'table button' },
  'school year of the director': { who: 'director', path: () => '/school-year', ready: 'section table' },
  'a day of the school year': {
    who: 'deputy',
    path: () => '/school-year',
    ready: 'table button',
    act: async (page) => {
      await page.getByRole('button', { name: 'Добавить сокращённый день' }).click();
      await page.getByRole('dialog').getByLabel('Минут в уроке').waitFor();
    },
  },
  'what a school year changes': {
    who: 'deputy',
    path: () => '/school-year',
    ready: 'table button',
    act: async (page) => {
      await page.getByRole('button', { name: 'Взять из региона' }).click();
      await page.getByRole('button', { name: 'Проверить и сохранить' }).click();
      await page.getByText('12 уроков уйдут').waitFor();
    },
  },
  'next school year': { who: 'deputy', path: () => '/school-year?open=next', ready: 'input[type=time]' },
  'loads carried over': {
    who: 'deputy',
    path: (mock) => {
      mock.world.openNext();
      return '/loads?view=STUDY_DOCUMENT_KIND_TEACHING_LOAD&year=2027%2F2028';
    },
    ready: 'button.primary',
    act: async (page) => {
      await page.getByRole('button', { name: 'Перенести с прошлого года' }).click();
      await page.getByText('Учитель больше не работает').waitFor();
    },
  },
  'a year without timetable': {
    who: 'deputy',
    path: (mock) => {
      mock.world.openNext();
      return '/timetable?year=2027%2F2028';
    },
    ready: 'button.primary',
  },
  curriculum: { who: 'deputy', path: () => '/loads', ready: 'table input' },
  load: { who: 'deputy', path: () => '/loads?view=STUDY_DOCUMENT_KIND_TEACHING_LOAD', ready: 'table button' },
  'hours of classes': { who: 'director', path: () => '/loads?view=classes', ready: 'details table' },
  timetable: { who: 'teacher', path: () => '/timetable', ready: '.week' },
  'timetable draft': { who: 'deputy', path: draft, ready: '.week button' },
  'lesson of a timetable': {
    who: 'deputy',
    path: draft,
    ready: '.week button',
    act: async (page) => {
      await page.locator('button.lesson').first().click();
      await page.getByText('Свободные места').waitFor();
    },
  },
  'timetable approval': {
    who: 'director',
    path: draft,
    ready: '.week',
    act: async (page) => {
      await page.getByRole('button', { name: 'Утвердить…' }).click();
      await page.getByText('37 уроков изменятся').waitFor();
    },
  },
  journals: { who: 'teacher', path: () => '/journals', ready: '.groups' },
  'journal grid': {
    who: 'teacher',
    path: (mock) => journal(mock, 'grid'),
    ready: '[role=grid]',
    act: async (page) => {
      for (const code of ['Digit5', 'Digit2', 'KeyY', 'Shift+ArrowDown']) await page.keyboard.press(code);
      await page.getByText('Всё сохранено').waitFor();
    },
  },
  'cell card': {
    who: 'teacher',
    path: (mock) => journal(mock, 'grid'),
    ready: '[role=grid] [role=gridcell]:focus',
    act: async (page) => {
      for (const code of ['Digit4', 'ArrowUp', 'KeyY']) await page.keyboard.press(code);
      await page.waitForSelector('dialog[open]');
      await page.getByText('История клетки').waitFor();
    },
  },
  'journal keys': { who: 'teacher', path: (mock) => journal(mock, 'grid'), ready: '[role=grid] [role=gridcell]:focus', act: async (page) => { await page.keyboard.press('Shift+Slash'); await page.waitForSelector('dialog[open]'); } },
  'journal, one lesson': { who: 'teacher', path: (mock) => journal(mock, 'list'), ready: '.pupils' },
  'corrections of a teacher': { who: 'teacher', path: () => '/corrections', ready: '.request' },
  'my class': { who: 'teacher', path: () => '/my-class', ready: 'table' },
  'code sheet': {
    who: 'teacher',
    path: () => '/my-class',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Коды родителям' }).click();
      await page.waitForSelector('.slip');
    },
  },
  diary: { who: 'parent', path: () => '/diary', ready: '.week' },
  'an empty week': { who: 'parent', path: () => '/diary?date=2026-11-04', ready: '.week, .empty' },
  marks: { who: 'parent', path: () => '/marks', ready: '.subjects', act: (page) => page.getByRole('button', { name: 'Что если' }).first().click() },
  bell: { covered: true, who: 'parent', path: () => '/diary', ready: '.week', act: async (page) => { await page.getByRole('button', { name: /Уведомления/ }).click(); await page.getByText('Математика: 5').waitFor(); } },
  'user menu': { covered: true, who: 'deputy', path: () => '/corrections?state=refused', ready: '.request', act: (page) => page.getByRole('button', { name: /Меню пользователя/ }).click() },
  profile: { who: 'parent', path: () => '/profile', ready: '.cards' },
  'second step of a log-in': {
    who: null,
    path: () => '/login',
    ready: 'form',
    act: async (page) => {
      await page.getByLabel('Логин').fill('guarded');
      await page.getByLabel('Пароль', { exact: true }).fill('верный пароль');
      await page.keyboard.press('Enter');
      await page.getByLabel('Код второго фактора').waitFor();
    },
  },
  'new password': { who: null, path: () => '/reset', ready: 'form' },
  'help with the way in': {
    who: 'admin',
    path: () => '/people?access=with',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: /^Помочь со входом/ }).nth(1).click();
      await page.waitForSelector('dialog[open]');
    },
  },
  security: { who: 'guarded', path: () => '/profile/security', ready: 'h2' },
  'second factor, key': {
    who: 'parent',
    path: () => '/profile/security',
    ready: 'h2',
    act: async (page) => {
      await page.getByRole('button', { name: 'Включить' }).click();
      await page.getByLabel('Ваш пароль').fill('верный пароль');
      await page.keyboard.press('Enter');
      await page.getByLabel('Код из приложения').waitFor();
    },
  },
  'recovery codes': {
    who: 'guarded',
    path: () => '/profile/security',
    ready: 'h2',
    act: async (page) => {
      await page.getByRole('button', { name: 'Новые резервные коды' }).click();
      await page.getByLabel('Ваш пароль').fill('верный пароль');
      await page.getByLabel('Код из приложения').fill('123456');
      await page.keyboard.press('Enter');
      await page.locator('.codes li').first().waitFor();
    },
  },
  board: { who: 'deputy', path: () => '/board', ready: 'table' },
  'board, lessons behind a figure': { who: 'deputy', path: () => '/board?figure=LESSON_FIGURE_UNFILLED', ready: 'dialog[open] li' },
  'corrections of a deputy': { who: 'deputy', path: () => '/corrections', ready: '.request' },
  'no corrections': { who: 'deputy', path: () => '/corrections?state=approved', ready: '.empty' },
  reports: {
    who: 'deputy',
    path: () => '/reports',
    ready: 'form',
    act: async (page) => {
      await page.getByLabel('Класс').selectOption({ label: '5-А' });
      await page.getByRole('button', { name: 'Составить' }).click();
      await page.getByRole('button', { name: 'PDF' }).first().waitFor();
    },
  },
  ledger: { who: 'deputy', path: () => '/ledger', ready: 'form', act: async (page) => { await page.getByLabel('С даты').fill('2026-10-01'); await page.getByRole('button', { name: 'Проверить' }).click(); await page.waitForSelector('table'); } },
  substitutions: { who: 'deputy', path: () => '/substitutions', ready: 'table' },
  'a substitution': {
    who: 'deputy',
    path: () => '/substitutions',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: /^Заменить/ }).first().click();
      await page.getByRole('radio').first().waitFor();
    },
  },
  'register of substitutions': { who: 'deputy', path: () => '/substitutions?view=register', ready: 'table' },
  'lesson plans of a teacher': { who: 'teacher', path: () => '/lesson-plans', ready: 'table' },
  'lesson plans of the school': { who: 'deputy', path: () => '/lesson-plans', ready: 'table' },
  'a lesson plan': { who: 'teacher', path: plan, ready: 'table.themes' },
  'a lesson plan to look at': { who: 'director', path: plan, ready: 'table.themes' },
  'themes from a table': {
    who: 'teacher',
    path: plan,
    ready: 'table.themes',
    act: async (page) => {
      await page.getByRole('button', { name: 'Из таблицы' }).click();
      await page.getByLabel('Таблица').fill('Дроби\t2\nСтепени\tмного');
      await page.getByRole('button', { name: 'Проверить' }).click();
      await page.getByText('Прочитано').waitFor();
    },
  },
  'copies of a lesson plan': {
    who: 'deputy',
    path: plan,
    ready: 'table.themes',
    act: async (page) => {
      await page.getByRole('button', { name: 'Копировать…' }).click();
      await page.getByRole('checkbox').first().waitFor();
    },
  },
  timesheet: { who: 'deputy', path: () => '/substitutions?view=timesheet', ready: 'table' },
  measures: { who: 'deputy', path: () => '/registries', ready: 'table' },
  'responsible persons': { who: 'deputy', path: () => '/registries?view=persons', ready: 'table' },
  'a registry record': {
    who: 'deputy',
    path: () => '/registries?view=acts',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: /^Изменить/ }).first().click();
      await page.getByLabel('Дата документа').waitFor();
    },
  },
  'acts for a teacher': { who: 'teacher', path: () => '/registries', ready: 'table' },
  trainings: { who: 'director', path: () => '/registries?view=trainings', ready: 'table' },
  'profile of a school': { who: 'director', path: () => '/school', ready: '.facts' },
  'a profile edited': {
    who: 'director',
    path: () => '/school',
    ready: '.facts',
    act: async (page) => {
      await page.getByRole('button', { name: 'Изменить сведения' }).click();
      await page.getByLabel('ОГРН').waitFor();
    },
  },
  'who decides on corrections': { who: 'director', path: () => '/supervision', ready: 'table' },
  'who decides on corrections, changed': {
    who: 'director',
    path: () => '/supervision',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Изменить' }).click();
      await page.getByLabel('С класса').waitFor();
    },
  },
  'ways of keeping the journal': { who: 'director', path: () => '/journal-modes', ready: 'table' },
  'a new way of keeping the journal': {
    who: 'director',
    path: () => '/journal-modes',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Новое решение' }).click();
      await page.getByLabel('Ученик на индивидуальном обучении').check();
      await page.getByLabel('Номер приказа').waitFor();
    },
  },
  'consents of a school': { who: 'secretary', path: () => '/consents', ready: 'table' },
  'consents of a class': { who: 'secretary', path: (mock) => `/consents/${mock.world.own.classId}`, ready: 'table' },
  'a consent': {
    who: 'secretary',
    path: (mock) => `/consents/${mock.world.own.classId}`,
    ready: 'table',
    act: async (page) => {
      await page.locator('tbody button').first().click();
      await page.getByRole('dialog').getByRole('button', { name: /Изменить/ }).click();
      await page.getByLabel('Дата подписи').waitFor();
    },
  },
  'documents of the school': { who: 'parent', path: () => '/profile/acts', ready: 'table' },
  'calendars of a family': { who: 'parent', path: () => '/profile/calendars', ready: '#calendars' },
  'a new calendar of a teacher': {
    who: 'teacher',
    path: () => '/profile/calendars',
    ready: '#calendars',
    act: async (page) => {
      await page.getByRole('button', { name: /Мои уроки$/ }).first().click();
      await page.locator('code').waitFor();
      await page.locator('summary').click();
    },
  },
  'consents of a family': { who: 'parent', path: () => '/profile/consents', ready: 'section.card' },
  groups: { who: 'deputy', path: () => '/groups', ready: 'table' },
  'a group': { who: 'deputy', path: (mock) => `/groups/${mock.world.clubs.club.groupId}`, ready: 'table' },
  orders: { who: 'secretary', path: () => '/orders', ready: 'table' },
  'a new order': {
    who: 'secretary',
    path: () => '/orders/new?kind=ORDER_KIND_ADMISSION',
    ready: 'form',
    act: async (page) => {
      await page.getByRole('button', { name: 'Новый ученик' }).click();
      await page.getByLabel('Класс', { exact: true }).selectOption({ label: '5-А' });
      await page.getByLabel('5-А Английский язык гр.1').waitFor();
      await page.getByRole('button', { name: 'Найти' }).click();
      await page.getByRole('button', { name: /выбыл/ }).first().waitFor();
    },
  },
  'a posted order': { who: 'deputy', path: (mock) => `/orders/${mock.world.orders[0]!.orderId}`, ready: 'article' },
  'a draft order': { who: 'director', path: (mock) => `/orders/${mock.world.orders.find((one) => one.state === 'ORDER_STATE_DRAFT')!.orderId}`, ready: '#effects-title' },
  'posting an order': {
    who: 'secretary',
    path: (mock) => `/orders/${mock.world.orders.find((one) => one.state === 'ORDER_STATE_DRAFT')!.orderId}`,
    ready: '#effects-title',
    act: async (page) => {
      await page.getByRole('button', { name: 'Провести…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  equipment: { who: 'deputy', path: () => '/registries?view=equipment', ready: 'table' },
  'completeness of databases': { who: 'admin', path: () => '/control-sheets', ready: 'section + section table' },
  'completeness of documents': { who: 'director', path: () => '/control-sheets?sheet=2', ready: 'section + section table' },
  'a control sheet to fill in': { who: 'director', path: (mock) => sheet(mock, 0), ready: 'table.lines' },
  'a control sheet that is not complete': {
    who: 'director',
    path: (mock) => sheet(mock, 0),
    ready: 'table.lines',
    act: async (page) => {
      await page.getByRole('button', { name: 'Подписать и отправить' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click();
      await page.getByText('Лист не отправлен').waitFor();
    },
  },
  'a returned control sheet': { who: 'admin', path: (mock) => sheet(mock, 1), ready: 'table.lines' },
  'a control sheet that is sent': { who: 'deputy', path: (mock) => sheet(mock, 2), ready: 'table.lines' },
  monitorings: { who: 'ministry', path: () => '/monitorings', ready: 'table' },
  'a new monitoring': {
    who: 'ministry',
    path: () => '/monitorings',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Объявить мониторинг' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Объявить мониторинг' }).click();
      await page.getByText('Заполните поле').first().waitFor();
    },
  },
  'schools of a monitoring': { who: 'ministry', path: (mock) => `/monitorings/${mock.world.control.monitorings[2]!.monitoringId}`, ready: 'table' },
  'the sheet of a school': { who: 'ministry', path: (mock) => `/monitorings/${mock.world.control.monitorings[2]!.monitoringId}/${mock.world.rollouts[0]!.schoolId}`, ready: 'table.lines' },
  rollouts: { who: 'ministry', path: () => '/rollouts', ready: 'table' },
  municipalities: { who: 'ministry', path: () => '/municipalities', ready: 'table' },
  'a new municipality': {
    who: 'ministry',
    path: () => '/municipalities',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Добавить' }).click();
      await page.waitForSelector('dialog[open]');
    },
  },
  'registries of a municipality': { who: 'municipal', path: () => '/municipality', ready: 'table' },
  'responsible persons of a municipality': { who: 'municipal', path: () => '/municipality?view=persons', ready: 'table' },
  'a person of a municipality': {
    who: 'municipal',
    path: () => '/municipality?view=persons',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: 'Добавить' }).click();
      await page.waitForSelector('dialog[open]');
    },
  },
  'documents of the ministry': { who: 'ministry', path: () => '/ministry?view=acts', ready: 'table' },
  'acts of the ministry': { who: 'teacher', path: () => '/ministry-acts', ready: 'table' },
  'schools of a municipality': {
    who: 'municipal',
    path: () => '/schools',
    ready: 'table',
    act: async (page) => {
      await page.getByRole('button', { name: /^Классы/ }).click();
      await page.getByText(/учени/).waitFor();
    },
  },
  people: { who: 'admin', path: () => '/people', ready: 'table' },
  classes: { who: 'admin', path: () => '/classes', ready: 'section' },
  'school export': { who: 'admin', path: () => '/export', ready: '#formats' },
  upload: { who: 'admin', path: () => '/import', ready: '.drop' },
  'import preview': {
    who: 'admin',
    path: () => '/import',
    ready: '.drop',
    act: async (page) => {
      await page.setInputFiles('input[type=file]', { name: 'school-31.xlsx', mimeType: 'x/y', buffer: Buffer.from('x') });
      await page.waitForSelector('table');
    },
  },
  'import rows': {
    who: 'admin',
    path: () => '/import',
    ready: '.drop',
    act: async (page) => {
      await page.setInputFiles('input[type=file]', { name: 'school-31.xlsx', mimeType: 'x/y', buffer: Buffer.from('x') });
      await page.getByRole('button', { name: 'Все строки' }).click();
      await page.waitForSelector('table.rows');
    },
  },
  schools: { who: 'region', path: () => '/schools', ready: 'table' },
  'nothing for this role': { who: 'operator', path: () => '/', ready: '.empty' },
};

let browser: Browser;
let mock: Mock;
/** One browser and one mock for the file: nothing here changes the school. */
export function gallery(): void {
  beforeAll(async () => {
    browser = await launch();
    mock = await startMock();
  });
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });
}

async function problems(page: Page, covered: boolean): Promise<string[]> {
  // What lies half under a bar while it scrolls by is no small target.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.evaluate(AXE);
  return page.evaluate(async (covered) => {
    const { axe } = window as unknown as { axe: { run: (context: object, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document as unknown as object, { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: !covered } } });
    return violations.map((item) => `${item.id}: ${item.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 140)} — ${node.failureSummary.split('\n')[1]?.trim()}`).join(' | ')}`);
  }, covered);
}

/** The screen in a fresh profile; who sees it is logged in already. */
export async function show(screen: Screen, look: Look, store: Record<string, unknown> = {}) {
  const here = await visit(browser, mock, look);
  if (Object.keys(store).length > 0) await here.page.addInitScript((value) => localStorage.setItem('zhurnal.look', value), JSON.stringify(store));
  // Who has a second factor goes by the form.
  if (screen.who === 'guarded') await logIn(here.page, screen.who);
  else if (screen.who) {
    const answer = await here.context.request.post('/session/logIn', { data: { login: screen.who, password: 'верный пароль' }, headers: { 'x-zhurnal-csrf': '1' } });
    expect(answer.status()).toBe(200);
  }
  await here.page.goto(screen.path(mock));
  await here.page.waitForSelector(screen.ready);
  await screen.act?.(here.page);
  return here;
}

/** Every screen has no violation of WCAG 2.2 AA that axe finds, and no complaint of the browser. */
export function axeFindsNothing(look: Look, store: Record<string, unknown> = {}): void {
  it.each(Object.entries(SCREENS))('%s', async (_title, screen) => {
    const here = await show(screen, look, store);
    try {
      expect(await problems(here.page, screen.covered ?? false)).toEqual([]);
      expect(here.complaints).toEqual([]);
    } finally {
      await here.context.close();
    }
  });
}
