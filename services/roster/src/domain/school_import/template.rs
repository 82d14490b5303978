//! The form of the workbook: which sheets, which columns, which must be there.
//!
//! Headers are recognised in any order, case and spacing, under a title row if there is one.

use SheetKind::{
    Bells, Classes, DaysOff, Groups, Guardians, Loads, Periods, Pupils, School, Staff, Timetable,
};

/// A sheet the import understands. The order is the order of reference: a row refers only to rows
/// of kinds before its own (bells and the calendar are referred to by number and date only).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SheetKind {
    /// Школа: name and year.
    School,
    /// Сотрудники.
    Staff,
    /// Классы.
    Classes,
    /// Ученики.
    Pupils,
    /// Родители: one row per pupil and parent.
    Guardians,
    /// Группы: one row per group and pupil, of groups that classes and subgroup numbers do not say.
    Groups,
    /// Нагрузка: who teaches what to which group, hours a week.
    Loads,
    /// Звонки.
    Bells,
    /// Учебные периоды.
    Periods,
    /// Выходные дни.
    DaysOff,
    /// Расписание: the lessons of a week.
    Timetable,
}

impl SheetKind {
    /// Every kind, in the order of reference.
    pub const ALL: [Self; 11] = [
        School, Staff, Classes, Pupils, Guardians, Groups, Loads, Bells, Periods, DaysOff,
        Timetable,
    ];

    /// The title on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            School => "Школа",
            Staff => "Сотрудники",
            Classes => "Классы",
            Pupils => "Ученики",
            Guardians => "Родители",
            Groups => "Группы",
            Loads => "Нагрузка",
            Bells => "Звонки",
            Periods => "Учебные периоды",
            DaysOff => "Выходные дни",
            Timetable => "Расписание",
        }
    }

    /// A school cannot be made without these.
    pub const fn is_required(self) -> bool {
        matches!(self, School | Staff | Classes | Pupils | Periods)
    }

    /// A school may well be without it: its absence is not worth a word.
    pub const fn is_rare(self) -> bool {
        matches!(self, Groups)
    }

    /// The columns, in the order in which the form has them.
    pub const fn columns(self) -> &'static [ColumnSpec] {
        match self {
            School => SCHOOL,
            Staff => STAFF,
            Classes => CLASSES,
            Pupils => PUPILS,
            Guardians => GUARDIANS,
            Groups => GROUPS,
            Loads => LOADS,
            Bells => BELLS,
            Periods => PERIODS,
            DaysOff => DAYS_OFF,
            Timetable => TIMETABLE,
        }
    }

    /// The kind whose title this is, whatever its case and spacing.
    pub fn of_title(title: &str) -> Option<Self> {
        let key = crate::domain::text::search_key(title);
        Self::ALL
            .into_iter()
            .find(|kind| crate::domain::text::search_key(kind.title()) == key)
    }
}

/// One column of a sheet.
#[derive(Debug)]
pub struct ColumnSpec {
    /// The header in the form.
    pub header: &'static str,
    /// Other headers under which schools keep the same thing.
    pub also: &'static [&'static str],
    /// A sheet without this column cannot be read.
    pub required: bool,
    /// Values are never shown in full, in findings and comparisons neither.
    pub secret: bool,
}

const fn must(header: &'static str, also: &'static [&'static str]) -> ColumnSpec {
    ColumnSpec {
        header,
        also,
        required: true,
        secret: false,
    }
}

const fn may(header: &'static str, also: &'static [&'static str]) -> ColumnSpec {
    ColumnSpec {
        header,
        also,
        required: false,
        secret: false,
    }
}

const EMAIL: &[&str] = &["Электронная почта", "E-mail", "Email", "Почта"];
const TEACHER: &[&str] = &["Преподаватель", "Код учителя"];

const SCHOOL: &[ColumnSpec] = &[must("Поле", &["Параметр"]), must("Значение", &[])];
const STAFF: &[ColumnSpec] = &[
    must("Код", &["Код сотрудника"]),
    must("Фамилия", &[]),
    must("Имя", &[]),
    may("Отчество", &[]),
    must("Должность", &[]),
    may("Телефон", &[]),
    may("Эл. почта", EMAIL),
];
const CLASSES: &[ColumnSpec] = &[
    must("Класс", &[]),
    may("Параллель", &[]),
    may("Литера", &["Буква"]),
    may("Классный руководитель", &["Код классного руководителя"]),
    may("Уровень", &["Уровень образования"]),
    may("Смена", &[]),
];
const PUPILS: &[ColumnSpec] = &[
    must("Код", &["Код ученика"]),
    must("Фамилия", &[]),
    must("Имя", &[]),
    may("Отчество", &[]),
    must("Пол", &[]),
    must("Дата рождения", &["Дата рожд."]),
    must("Класс", &[]),
    may("Форма обучения", &[]),
    may("Подгруппа", &[]),
    ColumnSpec {
        header: "СНИЛС",
        also: &[],
        required: false,
        secret: true,
    },
];
const GUARDIANS: &[ColumnSpec] = &[
    must("Код ученика", &[]),
    must("Фамилия", &[]),
    must("Имя", &[]),
    may("Отчество", &[]),
    must("Кем приходится", &["Степень родства"]),
    may("Телефон", &[]),
    may("Эл. почта", EMAIL),
    may("Информирование", &["Способ информирования"]),
    may("Законный представитель", &[]),
];
const GROUPS: &[ColumnSpec] = &[
    must("Группа", &[]),
    must("Вид", &["Вид группы"]),
    may("Класс", &[]),
    may("Параллель", &[]),
    may("Смена", &[]),
    may("Отметки", &[]),
    may("Код ученика", &[]),
];
const LOADS: &[ColumnSpec] = &[
    must("Группа", &[]),
    may("Класс", &[]),
    must("Предмет", &[]),
    must("Часов в неделю", &["Часы", "Часов"]),
    must("Учитель", TEACHER),
];
const BELLS: &[ColumnSpec] = &[
    must("Урок", &["Номер урока", "№ урока"]),
    must("Начало", &[]),
    must("Конец", &["Окончание"]),
    may("Смена", &[]),
];
const PERIODS: &[ColumnSpec] = &[
    must("Период", &[]),
    must("Начало", &[]),
    must("Конец", &["Окончание"]),
    must("Параллели", &["Классы"]),
];
const DAYS_OFF: &[ColumnSpec] = &[must("Дата", &[]), must("Название", &["Праздник"])];
const TIMETABLE: &[ColumnSpec] = &[
    must("День", &["День недели"]),
    must("Урок", &["Номер урока", "№ урока"]),
    must("Группа", &[]),
    must("Предмет", &[]),
    must("Учитель", TEACHER),
    may("Кабинет", &["Аудитория"]),
];

/// Places of the columns in [`SheetKind::columns`], by name.
pub mod col {
    #![allow(missing_docs)]
    pub mod school {
        pub const FIELD: usize = 0;
        pub const VALUE: usize = 1;
    }
    pub mod staff {
        pub const CODE: usize = 0;
        pub const SURNAME: usize = 1;
        pub const GIVEN: usize = 2;
        pub const PATRONYMIC: usize = 3;
        pub const POST: usize = 4;
        pub const PHONE: usize = 5;
        pub const EMAIL: usize = 6;
    }
    pub mod classes {
        pub const NAME: usize = 0;
        pub const GRADE: usize = 1;
        pub const LETTER: usize = 2;
        pub const TEACHER: usize = 3;
        pub const LEVEL: usize = 4;
        pub const SHIFT: usize = 5;
    }
    pub mod pupils {
        pub const CODE: usize = 0;
        pub const SURNAME: usize = 1;
        pub const GIVEN: usize = 2;
        pub const PATRONYMIC: usize = 3;
        pub const SEX: usize = 4;
        pub const BIRTH: usize = 5;
        pub const CLASS: usize = 6;
        pub const FORM: usize = 7;
        pub const SUBGROUP: usize = 8;
        pub const SNILS: usize = 9;
    }
    pub mod guardians {
        pub const PUPIL: usize = 0;
        pub const SURNAME: usize = 1;
        pub const GIVEN: usize = 2;
        pub const PATRONYMIC: usize = 3;
        pub const RELATION: usize = 4;
        pub const PHONE: usize = 5;
        pub const EMAIL: usize = 6;
        pub const INFORMING: usize = 7;
        pub const REPRESENTATIVE: usize = 8;
    }
    pub mod groups {
        pub const TITLE: usize = 0;
        pub const KIND: usize = 1;
        pub const CLASS: usize = 2;
        pub const GRADE: usize = 3;
        pub const SHIFT: usize = 4;
        pub const MARKS: usize = 5;
        pub const PUPIL: usize = 6;
    }
    pub mod loads {
        pub const GROUP: usize = 0;
        pub const CLASS: usize = 1;
        pub const SUBJECT: usize = 2;
        pub const HOURS: usize = 3;
        pub const TEACHER: usize = 4;
    }
    pub mod bells {
        pub const NUMBER: usize = 0;
        pub const STARTS: usize = 1;
        pub const ENDS: usize = 2;
        pub const SHIFT: usize = 3;
    }
    pub mod periods {
        pub const NAME: usize = 0;
        pub const STARTS: usize = 1;
        pub const ENDS: usize = 2;
        pub const GRADES: usize = 3;
    }
    pub mod days_off {
        pub const DATE: usize = 0;
        pub const TITLE: usize = 1;
    }
    pub mod timetable {
        pub const DAY: usize = 0;
        pub const NUMBER: usize = 1;
        pub const GROUP: usize = 2;
        pub const SUBJECT: usize = 3;
        pub const TEACHER: usize = 4;
        pub const ROOM: usize = 5;
    }
}
