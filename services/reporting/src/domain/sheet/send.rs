//! What a school says of lines, and when a sheet can be sent.

use std::collections::HashSet;

use jiff::civil::Date;

use super::form::{ACCESS, Figure, Kind, Line};

/// Whether there is a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What a school says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Number of the line.
    pub number: String,
    /// Per cent.
    pub percent: u32,
    /// Day of 100 %.
    pub due_on: Option<Date>,
    /// Presence; `None` = as found.
    pub presence: Option<Presence>,
    /// Note.
    pub note: String,
}

impl Statement {
    /// The statement on a line.
    pub fn of<'a>(statements: &'a [Self], number: &str) -> Option<&'a Self> {
        statements.iter().find(|one| one.number == number)
    }
}

/// A rule that is broken: where, rule, what a person is told.
pub type Broken = (String, &'static str, &'static str);

/// Rules that statements on a form break; the place is `statements[0].percent`.
pub fn broken(kind: Kind, statements: &[Statement]) -> Vec<Broken> {
    let counted = super::lines(kind, &super::Facts::default());
    let mut seen = HashSet::new();
    let mut broken = Vec::new();
    for (at, one) in statements.iter().enumerate() {
        let mut rule = |field: &str, rule, message| {
            broken.push((format!("statements[{at}].{field}"), rule, message));
        };
        let Some(line) = counted.iter().find(|line| line.title.number == one.number) else {
            rule("number", "LINE_UNKNOWN", "Такой строки в листе нет");
            continue;
        };
        if !seen.insert(one.number.as_str()) {
            rule("number", "LINE_TWICE", "Строка указана дважды");
        }
        if one.percent > 0 && line.figure != Figure::Stated {
            rule(
                "percent",
                "PERCENT_COUNTED",
                "Процент этой строки считается по данным журнала",
            );
        }
        if one.presence.is_some() && kind == Kind::Databases {
            rule(
                "presence",
                "PRESENCE_NOT_ASKED",
                "В листе № 1 отмечают процент, а не наличие",
            );
        }
        if one.due_on.is_some() && kind == Kind::Documents {
            rule("dueOn", "TERM_NOT_ASKED", "В листе № 2 срока нет");
        }
    }
    broken
}

/// What is missing before a sheet can be sent; the place is `lines[2.1]`.
pub fn incomplete(lines: &[Line], statements: &[Statement], today: Date) -> Vec<Broken> {
    lines
        .iter()
        .filter_map(|line| {
            let said = Statement::of(statements, line.title.number);
            let (rule, message) = missing(line, said, today)?;
            Some((format!("lines[{}]", line.title.number), rule, message))
        })
        .collect()
}

fn missing(
    line: &Line,
    said: Option<&Statement>,
    today: Date,
) -> Option<(&'static str, &'static str)> {
    let silent = said.is_none_or(|said| said.note.is_empty());
    match line.figure {
        Figure::Stated if said.is_none() => Some(("STATEMENT_REQUIRED", "Укажите процент")),
        Figure::Stated if line.title.number == ACCESS && silent => {
            Some(("NOTE_REQUIRED", "Опишите, где педагоги заполняют журнал"))
        }
        Figure::Stated | Figure::Counted(_) if line.percent(said) < 100 => {
            match said.and_then(|said| said.due_on) {
                None => Some(("TERM_REQUIRED", "Укажите срок 100 % выполнения")),
                Some(due) if due < today => Some(("TERM_PAST", "Срок 100 % выполнения уже прошёл")),
                Some(_) => None,
            }
        }
        Figure::Asked if line.presence(said).is_none() => {
            Some(("STATEMENT_REQUIRED", "Отметьте наличие: да или нет"))
        }
        // Something that the journal does not know of is to be named.
        Figure::Asked | Figure::Found(false)
            if line.presence(said) == Some(Presence::Yes) && silent =>
        {
            Some((
                "NOTE_REQUIRED",
                "Укажите реквизиты, ссылку или способ в примечании",
            ))
        }
        _ => None,
    }
}
