//! Sheet № 2: documents, what was found of them, and where.

use jiff::civil::Date;

use super::facts::{Act, Done, Facts, Responsible};
use super::form::{Figure, Line, Title};

const fn title(number: &'static str, text: &'static str) -> Title {
    Title { number, text }
}

pub(super) const TITLES: &[Title] = &[
    title(
        "1",
        "Актуализация сведений об общеобразовательном учреждении в личном кабинете журнала",
    ),
    title(
        "2",
        "Локальный акт, регулирующий подходы к оценке результатов освоения программ, в том числе с использованием электронного журнала",
    ),
    title(
        "3",
        "Информирование родителей (законных представителей) о принципах и способах оценивания в электронном журнале",
    ),
    title(
        "3.1",
        "Сроки внесения учителем отметок обучающихся в электронный журнал",
    ),
    title(
        "3.2",
        "Сроки внесения домашних заданий в электронный журнал",
    ),
    title(
        "4",
        "Выполнение функциональных обязанностей работников, которые связаны с ведением электронного журнала",
    ),
    title(
        "4.1",
        "В чьи обязанности входит ведение «Листка здоровья» в электронном журнале",
    ),
    title(
        "4.2",
        "В чьи обязанности входит ведение «Посещаемости» в электронном журнале",
    ),
    title(
        "5",
        "Аналитические справки по ведению электронного журнала в рамках внутришкольного контроля",
    ),
];

/// The lines with what was found.
pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    TITLES.iter().map(|title| line(*title, facts)).collect()
}

fn line(title: Title, facts: &Facts) -> Line {
    let (figure, found) = match title.number {
        "2" => acts(&facts.assessment_acts),
        "3" => done(&facts.families),
        "3.1" | "3.2" => (Figure::Found(true), facts.entry_due.clone()),
        "4" => duties(facts),
        "4.1" => posts(&facts.health_sheet),
        "4.2" => posts(&facts.attendance),
        "5" => done(&facts.control),
        _ => (Figure::Asked, String::new()),
    };
    Line {
        title,
        figure,
        found,
    }
}

/// An act counts when the form can name where it is published (R249).
fn acts(acts: &[Act]) -> (Figure, String) {
    let published = acts.iter().any(|act| !act.link.is_empty());
    (Figure::Found(published), listed(acts.iter().map(act)))
}

fn done(done: &[Done]) -> (Figure, String) {
    let words = done.iter().map(|one| {
        let place = if one.link.is_empty() { "" } else { ", " };
        format!("{}{}{place}{}", one.title, dated(one.on), one.link)
    });
    (Figure::Found(!done.is_empty()), listed(words))
}

/// Orders that name responsible persons, and job descriptions (R253).
fn duties(facts: &Facts) -> (Figure, String) {
    let named = facts
        .administrators
        .iter()
        .filter(|one| !one.order.is_empty());
    let orders = named.map(|one| format!("Приказ № {}{}", one.order, dated(one.ordered_on)));
    let mut all: Vec<String> = orders
        .chain(facts.job_descriptions.iter().map(act))
        .collect();
    all.dedup();
    (Figure::Found(!all.is_empty()), listed(all.into_iter()))
}

fn posts(people: &[Responsible]) -> (Figure, String) {
    let posts = people.iter().map(|one| one.post.clone());
    (Figure::Found(!people.is_empty()), listed(posts))
}

fn act(act: &Act) -> String {
    let number = if act.number.is_empty() {
        String::new()
    } else {
        format!(" № {}", act.number)
    };
    let place = if act.link.is_empty() { "" } else { ", " };
    format!(
        "{}{number}{}{place}{}",
        act.title,
        dated(act.dated_on),
        act.link
    )
}

fn dated(on: Option<Date>) -> String {
    on.map_or_else(String::new, |on| on.strftime(" от %d.%m.%Y").to_string())
}

fn listed(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}
