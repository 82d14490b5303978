//! Reading the cells of one row into values.

use super::{
    book::Cell,
    context::Context,
    findings::{Problem, Reason, RowRef},
    template::SheetKind,
    value::{Native, Value},
};
use crate::domain::text;

/// A value and how the cell spelled it. The reader of a reference shows the normalisation itself,
/// when it knows the spelling of what is referred to.
#[derive(Clone, Debug)]
pub(super) struct Spelled<T> {
    pub(super) value: T,
    pub(super) before: String,
}

/// One row being read. Every refusal is reported once, with the column.
pub(super) struct Fields<'c, 'a> {
    context: &'c mut Context<'a>,
    at: RowRef,
}

impl<'c, 'a> Fields<'c, 'a> {
    pub(super) fn new(context: &'c mut Context<'a>, sheet: SheetKind, row: u32) -> Self {
        Self {
            context,
            at: RowRef { sheet, row },
        }
    }

    /// A value that must be there.
    pub(super) fn required<T: Value>(&mut self, column: usize) -> Option<T> {
        let spelled = self.spelled_required::<T>(column)?;
        self.show(column, &spelled);
        Some(spelled.value)
    }

    /// A value that may be left out. The outer `None` is a refusal, the inner one an empty cell.
    #[allow(clippy::option_option)]
    pub(super) fn optional<T: Value>(&mut self, column: usize) -> Option<Option<T>> {
        let Some(spelled) = self.spelled_optional::<T>(column)? else {
            return Some(None);
        };
        self.show(column, &spelled);
        Some(Some(spelled.value))
    }

    /// A value for which an empty cell means the usual one. That is shown where the column is there.
    pub(super) fn or_usual<T: Value>(&mut self, column: usize, usual: T) -> Option<T> {
        match self.optional(column)? {
            Some(value) => Some(value),
            None => {
                let has = self
                    .context
                    .tables
                    .get(&self.at.sheet)
                    .is_some_and(|table| table.has(column));
                if has {
                    self.context.normalised(
                        self.at,
                        column,
                        "",
                        usual.canonical(),
                        Reason::Default,
                    );
                }
                Some(usual)
            }
        }
    }

    /// A reference that must be there; its normalisation is shown when it is resolved.
    pub(super) fn spelled_required<T: Value>(&mut self, column: usize) -> Option<Spelled<T>> {
        let found = self.spelled_optional(column)?;
        if found.is_none() {
            self.refuse(
                column,
                Problem::new(Reason::MissingValue, "Пустая ячейка", "Заполните ячейку"),
            );
        }
        found
    }

    /// A reference that may be left out.
    #[allow(clippy::option_option)]
    pub(super) fn spelled_optional<T: Value>(
        &mut self,
        column: usize,
    ) -> Option<Option<Spelled<T>>> {
        let cell = self
            .context
            .tables
            .get(&self.at.sheet)
            .and_then(|table| table.cell(self.at.row, column));
        match cell.map(read::<T>).transpose() {
            Ok(spelled) => Some(spelled.flatten()),
            Err(problem) => {
                self.refuse(column, problem);
                None
            }
        }
    }

    /// The text of a cell of text, as it stands.
    pub(super) fn text(&self, column: usize) -> Option<&'a str> {
        let table = self.context.tables.get(&self.at.sheet)?;
        match table.cell(self.at.row, column)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reports an error in a cell of this row.
    pub(super) fn refuse(&mut self, column: usize, problem: Problem) {
        self.context.error(self.at, column, problem);
    }

    /// Reports a warning about a cell of this row.
    pub(super) fn warn(&mut self, column: usize, problem: Problem) {
        self.context.warn(self.at, column, problem);
    }

    fn show<T: Value>(&mut self, column: usize, spelled: &Spelled<T>) {
        self.context.normalised(
            self.at,
            column,
            &spelled.before,
            spelled.value.canonical(),
            T::FORM,
        );
    }
}

/// What a cell holds, `None` where it is as good as blank.
fn read<T: Value>(cell: &Cell) -> Result<Option<Spelled<T>>, Problem> {
    let before = cell.shown();
    match cell {
        Cell::Formula(_) => return Err(formula()),
        Cell::Error(_) => {
            return Err(Problem::new(
                Reason::CellError,
                "В ячейке ошибка вычисления",
                "Впишите само значение",
            ));
        }
        Cell::Bool(_) => {
            return Err(Problem::new(
                T::BAD,
                "В ячейке логическое значение",
                "Впишите значение текстом",
            ));
        }
        Cell::Date(_) | Cell::DateTime(_) | Cell::Time(_) if !fits::<T>(cell) => {
            return Err(Problem::new(
                T::BAD,
                "Таблица превратила значение в дату или время",
                "Задайте ячейке формат «Текстовый» и наберите значение заново",
            ));
        }
        Cell::Number(_) if T::NATIVE != Native::Text => {
            return Err(Problem::new(
                T::BAD,
                "В ячейке число",
                "Задайте ячейке формат даты или времени либо впишите значение текстом",
            ));
        }
        Cell::Text(_) | Cell::Number(_) | Cell::Date(_) | Cell::DateTime(_) | Cell::Time(_) => {}
    }
    if let Some(c) = text::invisible(&before) {
        return Err(Problem::new(
            Reason::InvisibleCharacters,
            format!("В значении невидимый знак U+{:04X}", u32::from(c)),
            "Очистите ячейку и наберите значение заново",
        ));
    }
    let tidy = text::tidy(&before);
    if tidy.starts_with('=') {
        return Err(formula());
    }
    if tidy.is_empty() {
        return Ok(None);
    }
    let value = match (cell, T::NATIVE) {
        // The time of a date-time cell in a column of dates is nothing that the form asks for.
        (Cell::DateTime(both), Native::Date) => T::parse(&both.date().canonical())?,
        _ => T::parse(&tidy)?,
    };
    let native_number = matches!(cell, Cell::Number(_)) && T::FORM == Reason::NumberForm;
    let before = if native_number {
        value.canonical()
    } else {
        before
    };
    Ok(Some(Spelled { value, before }))
}

fn fits<T: Value>(cell: &Cell) -> bool {
    matches!(
        (cell, T::NATIVE),
        (Cell::Date(_) | Cell::DateTime(_), Native::Date) | (Cell::Time(_), Native::Time)
    )
}

fn formula() -> Problem {
    Problem::new(
        Reason::Formula,
        "В ячейке формула, а нужно само значение",
        "Скопируйте ячейку и вставьте обратно как «Значения»",
    )
}
