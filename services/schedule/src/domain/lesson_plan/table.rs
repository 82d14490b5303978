//! Themes from the rows of a table that a teacher has kept in a spreadsheet. Every row
//! is a theme or is refused by name; nothing is guessed.

use super::control_kind::ControlKind;
use super::{
    LONGEST_HOMEWORK, LONGEST_SECTION, LONGEST_TITLE, MOST_HOURS, MOST_THEMES, ThemeText,
    is_russian,
};
use crate::domain::subject::{clean_title, fold_title};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Section (раздел).
    Section,
    /// Title (тема).
    Title,
    /// Hours (часы).
    Hours,
    /// Kind of control (вид контроля).
    Control,
    /// Homework (домашнее задание).
    Homework,
}

impl Column {
    /// Name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Section => "Раздел",
            Self::Title => "Тема",
            Self::Hours => "Часы",
            Self::Control => "Вид контроля",
            Self::Homework => "Домашнее задание",
        }
    }

    /// By the name in a table's first row.
    fn named(cell: &str) -> Option<Self> {
        let name = fold_title(cell);
        let has = |word: &str| name.contains(word);
        if has("раздел") {
            Some(Self::Section)
        } else if has("домашн") || name == "дз" || name == "д/з" {
            Some(Self::Homework)
        } else if has("контрол") {
            Some(Self::Control)
        } else if has("час") {
            Some(Self::Hours)
        } else if has("тема") {
            Some(Self::Title)
        } else {
            None
        }
    }
}

/// Why a row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No title.
    #[error("Не указана тема")]
    TitleMissing,
    /// Too long a title.
    #[error("Тема длиннее 500 знаков")]
    TitleTooLong,
    /// A title in another language.
    #[error("Тему нужно записать по-русски")]
    NotRussian,
    /// Not a whole number from 1 to 200.
    #[error("Часы — целое число от 1 до 200")]
    HoursInvalid,
    /// No kind of control that the journal knows.
    #[error("Неизвестный вид контроля")]
    ControlKindUnknown,
    /// Too long a section or homework.
    #[error("Слишком длинный текст")]
    TextTooLong,
}

impl Fault {
    /// Stable name.
    pub fn reason(self) -> &'static str {
        match self {
            Self::TitleMissing => "TITLE_MISSING",
            Self::TitleTooLong => "TITLE_TOO_LONG",
            Self::NotRussian => "TOPIC_NOT_RUSSIAN",
            Self::HoursInvalid => "HOURS_INVALID",
            Self::ControlKindUnknown => "CONTROL_KIND_UNKNOWN",
            Self::TextTooLong => "TEXT_TOO_LONG",
        }
    }

    /// What to do.
    pub fn hint(self) -> &'static str {
        match self {
            Self::TitleMissing => "Впишите тему или удалите строку",
            Self::TitleTooLong => "Сократите тему, подробности перенесите в домашнее задание",
            Self::NotRussian => "Добавьте перевод: «Past Simple: прошедшее время»",
            Self::HoursInvalid => "Укажите, сколько уроков занимает тема",
            Self::ControlKindUnknown => {
                "Например: контрольная работа, самостоятельная работа, диктант, практическая работа, проект"
            }
            Self::TextTooLong => "Раздел — до 200 знаков, домашнее задание — до 1000",
        }
    }
}

/// A refused cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Row of the table, from 1.
    pub row: u32,
    /// Column.
    pub column: Column,
    /// The cell as read.
    pub value: String,
    /// Why.
    pub fault: Fault,
}

/// Why a table is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// No row holds anything.
    #[error("Таблица пуста")]
    Empty,
    /// More themes than a plan takes.
    #[error("В таблице больше 400 тем")]
    TooManyRows,
    /// The first row names columns and none of them is the theme.
    #[error("Не найден столбец «Тема»")]
    WithoutTitles,
}

impl Unusable {
    /// Stable name.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "TABLE_EMPTY",
            Self::TooManyRows => "TABLE_TOO_MANY_ROWS",
            Self::WithoutTitles => "TABLE_WITHOUT_TITLES",
        }
    }
}

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Themes of the rows that were taken, in order.
    pub themes: Vec<ThemeText>,
    /// Cells that were refused; their rows are no themes.
    pub issues: Vec<Issue>,
}

/// Order of the columns when the first row does not name them.
const UNNAMED: [Column; 4] = [
    Column::Title,
    Column::Hours,
    Column::Control,
    Column::Homework,
];

/// Reads the rows, each with its number in the table.
pub fn read(rows: &[(u32, Vec<String>)]) -> Result<Read, Unusable> {
    let filled = |row: &&(u32, Vec<String>)| row.1.iter().any(|cell| !cell.trim().is_empty());
    let rows: Vec<_> = rows.iter().filter(filled).collect();
    let (columns, rows) = columns(&rows)?;
    if rows.is_empty() {
        return Err(Unusable::Empty);
    }
    if rows.len() > MOST_THEMES {
        return Err(Unusable::TooManyRows);
    }
    let mut read = Read::default();
    for (number, cells) in rows {
        let cell = |wanted| {
            let at = columns.iter().position(|column| *column == Some(wanted));
            at.and_then(|at| cells.get(at)).map(|text| text.trim())
        };
        match theme(cell) {
            Ok(theme) => read.themes.push(theme),
            Err(faults) => read
                .issues
                .extend(faults.into_iter().map(|(column, fault)| Issue {
                    row: *number,
                    column,
                    value: cell(column).unwrap_or_default().to_owned(),
                    fault,
                })),
        }
    }
    Ok(read)
}

type Row = (u32, Vec<String>);

/// What each column holds, and the rows below the names.
fn columns<'a>(rows: &'a [&'a Row]) -> Result<(Vec<Option<Column>>, &'a [&'a Row]), Unusable> {
    let (first, below) = rows.split_first().ok_or(Unusable::Empty)?;
    let named: Vec<_> = first.1.iter().map(|cell| Column::named(cell)).collect();
    let how_many = named.iter().flatten().count();
    // One word may be a theme's own («Контрольная работа»); two names, or «Тема» alone, head a table.
    let heads = how_many > 1 || (first.1.len() == 1 && fold_title(&first.1[0]) == "тема");
    if heads {
        let titled = named.contains(&Some(Column::Title));
        return titled
            .then_some((named, below))
            .ok_or(Unusable::WithoutTitles);
    }
    let is_number = |cell: &str| {
        let cell = cell.trim().trim_end_matches('.');
        cell.is_empty() || cell.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbered = rows
        .iter()
        .all(|row| row.1.len() > 1 && is_number(&row.1[0]));
    let skipped = numbered.then_some(None).into_iter();
    Ok((skipped.chain(UNNAMED.map(Some)).collect(), rows))
}

fn theme<'a>(cell: impl Fn(Column) -> Option<&'a str>) -> Result<ThemeText, Vec<(Column, Fault)>> {
    let text = |column| cell(column).unwrap_or_default();
    let mut faults = Vec::new();
    let title = clean_title(text(Column::Title));
    if title.is_empty() {
        faults.push((Column::Title, Fault::TitleMissing));
    } else if title.chars().count() > LONGEST_TITLE {
        faults.push((Column::Title, Fault::TitleTooLong));
    } else if !is_russian(&title) {
        faults.push((Column::Title, Fault::NotRussian));
    }
    // A table of titles alone is a lesson for each.
    let hours = cell(Column::Hours).map_or(Some(1), hours);
    if hours.is_none() {
        faults.push((Column::Hours, Fault::HoursInvalid));
    }
    let control = ControlKind::written(text(Column::Control));
    if control.is_none() {
        faults.push((Column::Control, Fault::ControlKindUnknown));
    }
    let section = clean_title(text(Column::Section));
    let homework = text(Column::Homework).to_owned();
    for (column, text, most) in [
        (Column::Section, &section, LONGEST_SECTION),
        (Column::Homework, &homework, LONGEST_HOMEWORK),
    ] {
        if text.chars().count() > most {
            faults.push((column, Fault::TextTooLong));
        }
    }
    match (hours, control) {
        (Some(hours), Some(control)) if faults.is_empty() => Ok(ThemeText {
            section,
            title,
            hours,
            control,
            homework,
        }),
        _ => Err(faults),
    }
}

/// `2`, `2 ч.`, `2,0`.
fn hours(text: &str) -> Option<u16> {
    let number = text.trim_end_matches('.').trim_end_matches('ч').trim();
    let whole = number
        .strip_suffix(",0")
        .or_else(|| number.strip_suffix(".0"))
        .unwrap_or(number);
    let hours = whole.parse().ok()?;
    (1..=MOST_HOURS).contains(&hours).then_some(hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&[&str]]) -> Vec<Row> {
        let row = |(at, cells): (usize, &&[&str])| {
            let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
            (u32::try_from(at).unwrap() + 1, cells)
        };
        text.iter().enumerate().map(row).collect()
    }

    fn titles(read: &Read) -> Vec<(&str, u16)> {
        read.themes
            .iter()
            .map(|theme| (theme.title.as_str(), theme.hours))
            .collect()
    }

    #[test]
    fn named_columns_stand_in_any_order_and_others_are_left_aside() {
        let read = read(&rows(&[
            &[
                "№ п/п",
                "Кол-во часов",
                "Тема урока",
                "Дата",
                "Раздел",
                "Форма контроля",
                "Д/З",
            ],
            &["1", "2", "Дроби", "01.09", "Числа", "к/р", "§ 1"],
            &["", "", "", "", "", "", ""],
            &["2", "1 ч.", "Степени", "", "Числа", "", ""],
        ]))
        .unwrap();
        assert_eq!(titles(&read), [("Дроби", 2), ("Степени", 1)]);
        assert_eq!(read.themes[0].control, ControlKind::ControlWork);
        assert_eq!(
            (
                read.themes[0].section.as_str(),
                read.themes[0].homework.as_str()
            ),
            ("Числа", "§ 1")
        );
        assert_eq!(read.issues, []);
    }

    #[test]
    fn unnamed_columns_are_read_in_their_order_after_the_numbers() {
        let bare = read(&rows(&[
            &["Дроби", "2", "", "§ 1"],
            &["Контрольная работа", "1", "к/р"],
        ]));
        assert_eq!(
            titles(&bare.unwrap()),
            [("Дроби", 2), ("Контрольная работа", 1)]
        );
        let numbered = read(&rows(&[&["1.", "Дроби", "2"], &["2.", "Степени", "3"]]));
        assert_eq!(titles(&numbered.unwrap()), [("Дроби", 2), ("Степени", 3)]);
        let alone = read(&rows(&[&["Дроби"], &["Степени"]]));
        assert_eq!(titles(&alone.unwrap()), [("Дроби", 1), ("Степени", 1)]);
    }

    #[test]
    fn a_row_that_is_no_theme_is_refused_by_name_and_the_others_are_taken() {
        let long = "я".repeat(501);
        let read = read(&rows(&[
            &["Тема", "Часы", "Контроль", "Домашнее задание"],
            &["", "1", "", ""],
            &["Past Simple", "1", "", ""],
            &["Дроби", "много", "", ""],
            &["Дроби", "0", "праздник", ""],
            &[&long, "1", "", ""],
            &["Дроби", "", "", ""],
            &["Дроби", "1", "", &"я".repeat(1_001)],
            &["Степени", "2", "", ""],
        ]))
        .unwrap();
        assert_eq!(titles(&read), [("Степени", 2)]);
        let found: Vec<_> = read
            .issues
            .iter()
            .map(|one| (one.row, one.column, one.fault.reason()))
            .collect();
        assert_eq!(
            found,
            [
                (2, Column::Title, "TITLE_MISSING"),
                (3, Column::Title, "TOPIC_NOT_RUSSIAN"),
                (4, Column::Hours, "HOURS_INVALID"),
                (5, Column::Hours, "HOURS_INVALID"),
                (5, Column::Control, "CONTROL_KIND_UNKNOWN"),
                (6, Column::Title, "TITLE_TOO_LONG"),
                (7, Column::Hours, "HOURS_INVALID"),
                (8, Column::Homework, "TEXT_TOO_LONG"),
            ]
        );
        assert_eq!(read.issues[2].value, "много");
    }

    #[test]
    fn a_table_that_cannot_be_a_plan_is_refused_as_a_whole() {
        assert_eq!(read(&[]), Err(Unusable::Empty));
        assert_eq!(read(&rows(&[&["", " "]])), Err(Unusable::Empty));
        assert_eq!(read(&rows(&[&["Тема", "Часы"]])), Err(Unusable::Empty));
        assert_eq!(
            read(&rows(&[&["Раздел", "Часы"], &["Числа", "2"]])),
            Err(Unusable::WithoutTitles)
        );
        let many: Vec<Row> = (1..=401).map(|n| (n, vec!["Дроби".to_owned()])).collect();
        assert_eq!(read(&many), Err(Unusable::TooManyRows));
        assert_eq!(read(&many[1..]).unwrap().themes.len(), 400);
    }
}
