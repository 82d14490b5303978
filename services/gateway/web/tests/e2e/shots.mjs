// Screenshots to look at: `node tests/e2e/shots.mjs [name…]`.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startMock } from '../mock/server.mjs';

const out = process.env.SHOTS ?? 'tests/e2e/screenshots';
mkdirSync(out, { recursive: true });
const only = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--lang=ru'] });

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const SHOTS = {
  login: { who: null, path: () => '/login' },
  register: { who: null, path: () => '/register?code=K7QF-2MXD-9TRW-6HCE', ready: 'text=Код выдан для' },
  today: { who: 'teacher', path: () => '/today', ready: 'ol.lessons' },
  journals: { who: 'teacher', path: () => '/journals', ready: 'ul.groups' },
  journal: {
    who: 'teacher', path: (m) => `/journals/${m.world.maths.journalId}?lesson=${m.world.columns.find((c) => c.date === '2026-11-18').lessonId}`, ready: '[role=grid], .pupils',
    act: async (page, size) => {
      if (size !== 'desktop') return;
      for (const key of ['5', '4', '4', 'KeyY', '3', '/', '5', '5', '2', 'Comma', '4', '5']) await page.keyboard.press(/^\d$/.test(key) ? `Digit${key}` : key === '/' ? 'Slash' : key);
      await page.waitForTimeout(900);
    },
  },
  card: {
    who: 'teacher', path: (m) => `/journals/${m.world.maths.journalId}?lesson=${m.world.columns[5].lessonId}&view=grid`, ready: '[role=grid]',
    act: async (page) => { await page.keyboard.press('Digit2'); await page.waitForSelector('dialog[open]'); await page.waitForTimeout(500); },
  },
  lesson: { who: 'teacher', path: () => '/today', ready: 'ol.lessons', act: async (page) => { await page.getByRole('button', { name: 'Тема и ДЗ' }).nth(1).click(); await page.waitForTimeout(300); } },
  diary: { who: 'parent', path: () => '/diary', ready: '.week' },
  marks: { who: 'parent', path: () => '/marks', ready: '.subjects', act: async (page) => { await page.getByRole('button', { name: 'Что если' }).nth(2).click(); await page.getByRole('button', { name: 'Добавить 5' }).click(); } },
  year: { full: true, who: 'deputy', path: () => '/school-year', ready: 'table button', act: async (page) => { await page.getByRole('button', { name: 'Взять из региона' }).click(); await page.getByText('Изменения не сохранены').waitFor(); } },
  yearItem: { who: 'deputy', path: () => '/school-year', ready: 'table button', act: async (page) => { await page.getByRole('button', { name: /^Изменить\s*2 четверть/ }).click(); await page.waitForSelector('dialog[open]'); } },
  yearEffect: { who: 'deputy', path: () => '/school-year', ready: 'table button', act: async (page) => { await page.getByRole('button', { name: 'Взять из региона' }).click(); await page.getByRole('button', { name: 'Проверить и сохранить' }).click(); await page.getByText('12 уроков уйдут').waitFor(); } },
  board: { who: 'deputy', path: () => '/board', ready: 'table' },
  events: { full: true, who: 'teacher', path: () => '/events', ready: '#events' },
  eventsSchool: { full: true, who: 'deputy', path: () => '/events', ready: '#events' },
  eventEdit: { who: 'deputy', path: () => '/events', ready: '#events', act: async (page) => { await page.getByRole('button', { name: 'Подробное событие' }).click(); await page.getByLabel('Что это').selectOption({ label: 'Экзамен' }); await page.waitForTimeout(300); } },
  childEvents: { full: true, who: 'parent', path: () => '/child-events', ready: '#events' },
  drill: { who: 'deputy', path: () => '/board?figure=LESSON_FIGURE_UNFILLED', ready: 'dialog[open] li' },
  corrections: { who: 'deputy', path: () => '/corrections', ready: '.request' },
  reports: { who: 'deputy', path: () => '/reports', ready: 'form', act: async (page) => { await page.getByLabel('Класс').selectOption({ label: '5-А' }); await page.getByRole('button', { name: 'Составить' }).click(); await page.waitForTimeout(1600); } },
  ledger: { who: 'deputy', path: () => '/ledger', ready: 'form', act: async (page) => { await page.getByLabel('С даты').fill('2026-10-01'); await page.getByRole('button', { name: 'Проверить' }).click(); await page.waitForSelector('table'); } },
  substitutions: { who: 'deputy', path: () => '/substitutions', ready: 'table' },
  substitution: { who: 'deputy', path: () => '/substitutions', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Заменить/ }).first().click(); await page.getByRole('radio').first().waitFor(); } },
  municipalities: { who: 'ministry', path: () => '/municipalities', ready: 'table' },
  municipality: { who: 'municipal', path: () => '/municipality', ready: 'table' },
  municipalPersons: { who: 'municipal', path: () => '/municipality?view=persons', ready: 'table' },
  municipalPerson: { who: 'municipal', path: () => '/municipality?view=persons', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Изменить/ }).first().click(); await page.getByLabel('Должность').waitFor(); } },
  municipalSchools: { who: 'municipal', path: () => '/schools', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Классы/ }).click(); await page.getByText(/учени/).waitFor(); } },
  ministry: { who: 'ministry', path: () => '/ministry?view=acts', ready: 'table' },
  ministryActs: { who: 'teacher', path: () => '/ministry-acts', ready: 'table' },
  measures: { who: 'deputy', path: () => '/registries', ready: 'table' },
  persons: { who: 'deputy', path: () => '/registries?view=persons', ready: 'table' },
  acts: { who: 'deputy', path: () => '/registries?view=acts', ready: 'table' },
  trainings: { who: 'director', path: () => '/registries?view=trainings', ready: 'table' },
  registryRecord: { who: 'deputy', path: () => '/registries?view=acts', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Изменить/ }).first().click(); await page.getByLabel('Дата документа').waitFor(); } },
  equipment: { who: 'deputy', path: () => '/registries?view=equipment', ready: 'table' },
  equipmentRecord: { who: 'deputy', path: () => '/registries?view=equipment', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Изменить/ }).first().click(); await page.getByLabel('Количество').waitFor(); } },
  completeness: { full: true, who: 'admin', path: () => '/control-sheets', ready: 'section + section table' },
  completenessDocuments: { full: true, who: 'director', path: () => '/control-sheets?sheet=2', ready: 'section + section table' },
  sheet: { full: true, who: 'director', path: (m) => `/control-sheets/${m.world.control.monitorings[0].monitoringId}`, ready: 'table.lines' },
  sheetIncomplete: { who: 'director', path: (m) => `/control-sheets/${m.world.control.monitorings[0].monitoringId}`, ready: 'table.lines', act: async (page) => { await page.getByLabel('Примечание, строка 1', { exact: true }).fill('Заказаны ещё восемь ноутбуков, поставка в декабре'); await page.getByRole('button', { name: 'Подписать и отправить' }).click(); await page.getByRole('dialog').getByRole('button', { name: 'Подписать и отправить' }).click(); await page.getByText('Лист не отправлен').waitFor(); await page.waitForTimeout(300); } },
  sheetSend: { who: 'director', path: (m) => `/control-sheets/${m.world.control.monitorings[1].monitoringId}`, ready: 'table.lines', act: async (page) => { await page.getByRole('button', { name: 'Подписать и отправить' }).click(); await page.getByRole('dialog').waitFor(); await page.waitForTimeout(300); } },
  sheetReturned: { full: true, who: 'admin', path: (m) => `/control-sheets/${m.world.control.monitorings[1].monitoringId}`, ready: 'table.lines' },
  sheetSent: { full: true, who: 'deputy', path: (m) => `/control-sheets/${m.world.control.monitorings[2].monitoringId}`, ready: 'table.lines' },
  sheetPrint: { full: true, print: true, who: 'director', path: (m) => `/control-sheets/${m.world.control.monitorings[2].monitoringId}`, ready: 'table.lines' },
  sheetPrintDocuments: { full: true, print: true, who: 'director', path: (m) => `/control-sheets/${m.world.control.monitorings[1].monitoringId}`, ready: 'table.lines' },
  monitorings: { who: 'ministry', path: () => '/monitorings', ready: 'table' },
  monitoringNew: { who: 'ministry', path: () => '/monitorings', ready: 'table', act: async (page) => { await page.getByRole('button', { name: 'Объявить мониторинг' }).click(); await page.getByRole('dialog').getByRole('button', { name: 'Объявить мониторинг' }).click(); } },
  monitoring: { who: 'ministry', path: (m) => `/monitorings/${m.world.control.monitorings[2].monitoringId}`, ready: 'table' },
  schoolSheet: { who: 'ministry', path: (m) => `/monitorings/${m.world.control.monitorings[2].monitoringId}/${m.world.rollouts[0].schoolId}`, ready: 'table.lines' },
  actsTeacher: { who: 'teacher', path: () => '/registries', ready: 'table' },
  schoolProfile: { full: true, who: 'director', path: () => '/school', ready: '.facts' },
  schoolProfileEdit: { who: 'director', path: () => '/school', ready: '.facts', act: async (page) => { await page.getByRole('button', { name: 'Изменить сведения' }).click(); await page.getByLabel('ОГРН').waitFor(); } },
  journalModes: { full: true, who: 'director', ready: 'table', path: (m) => { m.world.modes.list.push({ ...m.world.modes.list[0], modeId: 'jmd_paper', kind: 'JOURNAL_MODE_KIND_PAPER', pupilId: m.world.pupils[0].pupilId, startsOn: '2026-11-01', orderNumber: '17-у', orderDate: '2026-10-30' }); return '/journal-modes'; } },
  groups: { who: 'deputy', path: () => '/groups', ready: 'table' },
  group: { who: 'deputy', path: (m) => `/groups/${m.world.clubs.club.groupId}`, ready: 'table' },
  groupAdd: { who: 'deputy', path: (m) => `/groups/${m.world.clubs.club.groupId}`, ready: 'table', act: async (page) => { await page.getByRole('button', { name: 'Добавить учеников' }).click(); await page.getByLabel('Класс').selectOption({ label: '5-А' }); await page.getByRole('checkbox').first().waitFor(); } },
  groupNew: { who: 'deputy', path: () => '/groups', ready: 'table', act: async (page) => { await page.getByRole('button', { name: 'Новая группа' }).click(); await page.getByLabel('Название').waitFor(); } },
  journalModeNew: { who: 'director', path: () => '/journal-modes', ready: 'table', act: async (page) => { await page.getByRole('button', { name: 'Новое решение' }).click(); await page.getByLabel('С какого дня').waitFor(); } },
  pilot: { who: 'director', path: (m) => { m.world.modes.list[1].kind = 'JOURNAL_MODE_KIND_PILOT'; return '/journal-modes'; }, ready: 'table' },
  rollouts: { who: 'ministry', path: () => '/rollouts', ready: 'table' },
  curriculum: { who: 'deputy', path: () => '/loads', ready: 'table input' },
  load: { who: 'deputy', path: () => '/loads?view=STUDY_DOCUMENT_KIND_TEACHING_LOAD', ready: 'table button' },
  loadclasses: { who: 'deputy', path: () => '/loads?view=classes', ready: 'details table' },
  timetable: { who: 'teacher', path: () => '/timetable', ready: '.week' },
  timetabledraft: { who: 'deputy', path: (m) => `/timetable?version=${m.world.timetables.all[0].timetable.timetableId}&view=class&of=${m.world.own.classId}`, ready: '.week button' },
  timetablelesson: { who: 'deputy', path: (m) => `/timetable?version=${m.world.timetables.all[0].timetable.timetableId}&view=class&of=${m.world.own.classId}`, ready: '.week button', act: async (page) => { await page.locator('button.lesson').first().click(); await page.getByText('Свободные места').waitFor(); } },
  timetableapproval: { who: 'director', path: (m) => `/timetable?version=${m.world.timetables.all[0].timetable.timetableId}&view=class&of=${m.world.own.classId}`, ready: '.week', act: async (page) => { await page.getByRole('button', { name: 'Утвердить…' }).click(); await page.getByText('37 уроков изменятся').waitFor(); } },
  plans: { who: 'deputy', path: () => '/lesson-plans', ready: 'table' },
  ownplans: { who: 'teacher', path: () => '/lesson-plans', ready: 'table' },
  plan: { who: 'teacher', path: (m) => `/lesson-plans/${m.world.mathsB.groupId}/${m.world.mathsB.subjectId}`, ready: 'table.themes' },
  planimport: { who: 'teacher', path: (m) => `/lesson-plans/${m.world.maths.groupId}/${m.world.maths.subjectId}`, ready: 'table.themes', act: async (page) => { await page.getByRole('button', { name: 'Из таблицы' }).click(); await page.getByLabel('Таблица').fill('Дроби\t2\nСтепени\tмного'); await page.getByRole('button', { name: 'Проверить' }).click(); await page.getByText('Прочитано').waitFor(); } },
  plancopy: { who: 'deputy', path: (m) => `/lesson-plans/${m.world.maths.groupId}/${m.world.maths.subjectId}`, ready: 'table.themes', act: async (page) => { await page.getByRole('button', { name: 'Копировать…' }).click(); await page.getByRole('checkbox').first().waitFor(); } },
  lessonplan: { who: 'teacher', path: () => '/today', ready: 'ol.lessons', act: async (page) => { await page.getByRole('button', { name: 'Тема и ДЗ' }).nth(1).click(); await page.getByRole('button', { name: 'Из КТП' }).click(); await page.waitForTimeout(300); } },
  timesheet: { who: 'deputy', path: () => '/substitutions?view=timesheet', ready: 'table' },
  people: { who: 'admin', path: () => '/people', ready: 'table' },
  classes: { who: 'admin', path: () => '/classes', ready: 'section' },
  codes: { who: 'teacher', path: () => '/my-class', ready: 'table', act: async (page) => { await page.getByRole('button', { name: 'Коды родителям' }).click(); await page.waitForSelector('.paper'); await page.waitForTimeout(300); } },
  myclass: { who: 'teacher', path: () => '/my-class', ready: 'table' },
  upload: { who: 'admin', path: () => '/import', ready: '.drop' },
  import: { who: 'admin', path: () => '/import', ready: '.drop', act: async (page) => { await page.setInputFiles('input[type=file]', { name: 'school-31-messy.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }); await page.waitForSelector('table'); } },
  secondstep: { who: null, path: () => '/login', ready: 'form', act: async (page) => { await page.getByLabel('Логин').fill('guarded'); await page.getByLabel('Пароль', { exact: true }).fill('x'); await page.keyboard.press('Enter'); await page.getByLabel('Код второго фактора').waitFor(); } },
  reset: { who: null, path: () => '/reset', ready: 'form' },
  help: { who: 'admin', path: () => '/people?access=with', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Помочь со входом/ }).nth(1).click(); await page.waitForSelector('dialog[open]'); } },
  resetslip: { who: 'teacher', path: () => '/my-class', ready: 'table', act: async (page) => { await page.getByRole('button', { name: /^Помочь со входом/ }).first().click(); await page.getByRole('button', { name: 'Выдать код для нового пароля' }).click(); await page.waitForSelector('.slip'); } },
  security: { who: 'guarded', path: () => '/profile/security', ready: 'h2' },
  factorkey: { who: 'parent', path: () => '/profile/security', ready: 'h2', act: async (page) => { await page.getByRole('button', { name: 'Включить' }).click(); await page.getByLabel('Ваш пароль').fill('x'); await page.keyboard.press('Enter'); await page.getByLabel('Код из приложения').waitFor(); } },
  recovery: { who: 'guarded', path: () => '/profile/security', ready: 'h2', act: async (page) => { await page.getByRole('button', { name: 'Новые резервные коды' }).click(); await page.getByLabel('Ваш пароль').fill('x'); await page.getByLabel('Код из приложения').fill('123456'); await page.keyboard.press('Enter'); await page.locator('.codes li').first().waitFor(); } },
  profile: { who: 'parent', path: () => '/profile', ready: '.cards' },
};

for (const [name, shot] of Object.entries(SHOTS)) {
  if (only.length && !only.includes(name)) continue;
  for (const [sizeName, viewport] of Object.entries(SIZES)) {
    for (const theme of process.env.DARK ? ['dark'] : ['light']) {
      const mock = await startMock();
      const context = await browser.newContext({ viewport, baseURL: mock.origin, locale: 'ru-RU', colorScheme: theme, hasTouch: sizeName === 'phone', isMobile: sizeName === 'phone', serviceWorkers: 'block' });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.log(name, 'ERROR', error.message));
      page.on('console', (message) => { if (message.type() === 'error') console.log(name, message.text()); });
      await page.clock.setFixedTime(mock.now);
      if (shot.who) {
        await page.goto('/login');
        await page.getByLabel('Логин').fill(shot.who);
        await page.getByLabel('Пароль', { exact: true }).fill('x');
        await page.getByRole('button', { name: 'Войти' }).click();
        if (shot.who === 'guarded') { await page.getByLabel('Код второго фактора').fill('123456'); await page.keyboard.press('Enter'); }
        await page.waitForURL((url) => url.pathname !== '/login');
      }
      await page.goto(shot.path(mock));
      try {
        if (shot.ready) await page.waitForSelector(shot.ready, { timeout: 5000 });
        await shot.act?.(page, sizeName);
      } catch (error) { console.log(name, sizeName, error.message.split('\n')[0]); }
      await page.waitForTimeout(200);
      if (shot.print) await page.emulateMedia({ media: 'print' });
      await page.screenshot({ fullPage: shot.full ?? false, path: `${out}/${name}-${sizeName}${theme === 'dark' ? '-dark' : ''}.png` });
      await context.close();
      await mock.close();
    }
  }
}
await browser.close();
