import { id } from './world.mjs';
import { personName } from './names.mjs';

const issue = (sheet, row, column, value, reason, message, hint = '') => ({ sheet, row, column, value, reason, message, hint });

/** An import as the roster service would answer after its check. */
export function makeImport(fileName, { messy }) {
  const errors = messy
    ? [
        issue('Ученики', 48, 'F «Дата рождения»', '31.02.2014', 'DATE_IMPOSSIBLE', 'Такой даты нет', 'Запишите дату как ДД.ММ.ГГГГ'),
        issue('Ученики', 112, 'B «Класс»', '12-Г', 'CLASS_UNKNOWN', 'Такого класса нет на листе «Классы»', 'Добавьте класс или исправьте название'),
        issue('Ученики', 207, 'C «Фамилия»', '=CMD(…)', 'FORMULA', 'Вместо текста стоит формула', 'Введите значение без знака равенства'),
        issue('Расписание', 31, 'D «Урок»', '0', 'LESSON_NUMBER', 'Номер урока от 1 до 8', 'Исправьте номер урока'),
        issue('Расписание', 118, 'A «Группа»', '7-А', 'GROUP_TWICE', 'Группа стоит дважды: вторник, 3 урок (строки 117 и 118)', 'Оставьте одну строку'),
        issue('Нагрузка', 14, 'B «Предмет»', 'ХИМ2', 'SUBJECT_UNKNOWN', 'Неизвестный код предмета', 'Возьмите код из справочника'),
        issue('Сотрудники', 9, 'A «Код»', 'У-008', 'DUPLICATE', 'Код уже есть в строке 8', 'Дайте сотруднику свой код'),
      ]
    : [];
  const warnings = [
    issue('Расписание', 402, 'E «Кабинет»', '24', 'ROOM_TWICE', 'Кабинет занят двумя группами: среда, 4 урок', 'Проверьте, нет ли ошибки'),
    ...Array.from({ length: 9 }, (_, index) => issue('Нагрузка', 20 + index * 7, 'D «Часы»', String(2 + (index % 4)), 'LOAD_NOT_PLACED', 'Часов в расписании на один меньше', 'Дополните расписание позже')),
  ];
  const normalisations = [
    issue('Ученики', 17, 'F «Дата рождения»', '12/05/2015', 'DATE_FORMAT', '12.05.2015'),
    issue('Ученики', 33, 'B «Класс»', '5 а', 'CLASS_TITLE', '5-А'),
    issue('Родители', 250, 'C «Фамилия»', '  Карпова ', 'SPACES', 'Карпова'),
    issue('Родители', 251, 'C «Фамилия»', 'Мель\u200bник', 'INVISIBLE', 'Мельник'),
  ];
  const all = [...errors.map((item) => ({ ...item, verdict: 'ROW_VERDICT_ERROR' })), ...warnings.map((item) => ({ ...item, verdict: 'ROW_VERDICT_WARNING' })), ...normalisations.map((item) => ({ ...item, verdict: 'ROW_VERDICT_NORMALISED' }))];
  const rows = [];
  for (let row = 2; row <= 260; row += 1) {
    const name = personName(row, row % 2);
    const found = all.filter((item) => item.sheet === 'Ученики' && item.row === row);
    rows.push({
      sheet: 'Ученики', row, verdict: found[0]?.verdict ?? 'ROW_VERDICT_NEW', issues: found.map(({ verdict: _, ...item }) => item),
      cells: [`Уч-${String(row).padStart(4, '0')}`, '5-А', name.surname, name.givenName, name.patronymic, '12.05.2015'],
    });
  }
  for (const item of all.filter((one) => one.sheet !== 'Ученики')) {
    const { verdict, ...found } = item;
    rows.push({ sheet: item.sheet, row: item.row, verdict, issues: [found], cells: [item.value, 'вторник', '3'] });
  }
  return {
    school: {
      schoolImportId: id('imp'), state: messy ? 'SCHOOL_IMPORT_STATE_REFUSED' : 'SCHOOL_IMPORT_STATE_CHECKED', fileName,
      schoolTitle: messy ? 'МБОУ «Средняя школа № 31»' : 'МБОУ «Средняя школа № 12» г. Симферополя',
      counts: { staff: 72, classes: 42, pupils: 1123, guardians: 1739, loads: 684, weeklyLessons: 1289, lessons: 41248 },
      errors, warnings, normalisations, progressPercent: 0, uploadedAt: '2026-11-18T08:19:00Z',
    },
    rows,
  };
}
