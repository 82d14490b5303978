//! The model plan of measures for moving a school to the electronic journal (R187),
//! after the plan-schedule of R52-R64.

use jiff::civil::{Date, date};

/// A measure of the model plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelMeasure {
    /// Kind, as numbered in the contract.
    pub kind: i16,
    /// Title.
    pub title: &'static str,
    /// Last day for it.
    pub due_on: Date,
}

const ORGANISATION: i16 = 1;
const DOCUMENTS: i16 = 2;
const TECHNICAL: i16 = 3;
const METHODICAL: i16 = 4;
const FAMILIES: i16 = 5;
const CONTROL: i16 = 6;

/// Kind, month and day, title. Months from July on are of the year in which the
/// academic year begins.
const PLAN: &[(i16, (i8, i8), &str)] = &[
    (
        ORGANISATION,
        (8, 20),
        "Определить ответственных за переход школы на электронный журнал и дневник (приказ)",
    ),
    (
        TECHNICAL,
        (8, 25),
        "Проверить программное обеспечение на соответствие требованиям",
    ),
    (
        TECHNICAL,
        (8, 25),
        "Провести технический анализ оснащения школы (аналитическая справка)",
    ),
    (
        METHODICAL,
        (8, 25),
        "Провести анкетирование сотрудников об ИКТ-компетентности",
    ),
    (
        ORGANISATION,
        (8, 28),
        "Провести педагогический совет о ведении электронного журнала (протокол)",
    ),
    (
        METHODICAL,
        (8, 28),
        "Ознакомить педагогических работников с Положением об электронном журнале и дневнике",
    ),
    (
        METHODICAL,
        (8, 31),
        "Составить график обучения педагогических работников",
    ),
    (
        DOCUMENTS,
        (8, 31),
        "Внести изменения в локальные акты и должностные инструкции",
    ),
    (
        DOCUMENTS,
        (8, 31),
        "Разместить приказ и локальные акты на сайте школы",
    ),
    (
        FAMILIES,
        (8, 31),
        "Собрать заявления родителей об электронном информировании об успеваемости",
    ),
    (
        FAMILIES,
        (9, 30),
        "Провести родительские собрания о переходе на электронный журнал (протоколы)",
    ),
    (
        FAMILIES,
        (9, 30),
        "Получить согласия на обработку персональных данных",
    ),
    (
        FAMILIES,
        (9, 30),
        "Познакомить родителей с работой в электронном дневнике",
    ),
    (
        ORGANISATION,
        (10, 31),
        "Начать ведение электронного журнала во всех классах",
    ),
    (
        CONTROL,
        (10, 31),
        "Проверить правильность и своевременность заполнения за I четверть (справка)",
    ),
    (
        CONTROL,
        (12, 31),
        "Проверить правильность и своевременность заполнения за II четверть (справка)",
    ),
    (
        CONTROL,
        (3, 31),
        "Проверить правильность и своевременность заполнения за III четверть (справка)",
    ),
    (
        CONTROL,
        (5, 31),
        "Проверить правильность и своевременность заполнения за IV четверть (справка)",
    ),
    (
        DOCUMENTS,
        (6, 15),
        "Подготовить сводные ведомости успеваемости и посещаемости к хранению",
    ),
    (
        DOCUMENTS,
        (6, 30),
        "Передать электронный журнал на хранение",
    ),
];

/// The same of the list for municipalities (R187), by what the order of 2021 asks of
/// them (2.1-2.6).
const LIST: &[(i16, (i8, i8), &str)] = &[
    (
        ORGANISATION,
        (8, 15),
        "Довести итоги использования электронного журнала до сведения школ",
    ),
    (
        METHODICAL,
        (8, 15),
        "Разработать единые подходы к оцениванию учащихся в электронном журнале",
    ),
    (
        CONTROL,
        (8, 15),
        "Проанализировать целесообразность коэффициентов («веса») отметок в школах (справка)",
    ),
    (
        ORGANISATION,
        (8, 20),
        "Назначить ответственных за использование единой системы электронных журналов (приказ)",
    ),
    (
        ORGANISATION,
        (8, 31),
        "Утвердить перечень мероприятий для ведения журналов в электронном виде",
    ),
    (
        ORGANISATION,
        (8, 31),
        "Организовать деятельность рабочей группы (приказ)",
    ),
    (
        DOCUMENTS,
        (8, 31),
        "Утвердить положение о рабочей группе: регламент работы и функциональные обязанности",
    ),
    (
        DOCUMENTS,
        (8, 31),
        "Разработать нормативные правовые и локальные акты с учётом муниципальной специфики",
    ),
    (
        DOCUMENTS,
        (8, 31),
        "Разработать график оказания методической помощи школам",
    ),
    (
        METHODICAL,
        (9, 30),
        "Обучить ответственных специалистов муниципального органа управления и школ",
    ),
    (
        CONTROL,
        (10, 31),
        "Провести мониторинг ведения журналов за I четверть (справка)",
    ),
    (
        METHODICAL,
        (11, 30),
        "Рассмотреть подходы к оцениванию на методических объединениях и совещании директоров",
    ),
    (
        CONTROL,
        (12, 31),
        "Провести мониторинг ведения журналов за II четверть (справка)",
    ),
    (
        CONTROL,
        (3, 31),
        "Провести мониторинг ведения журналов за III четверть (справка)",
    ),
    (
        CONTROL,
        (5, 31),
        "Провести мониторинг ведения журналов за IV четверть (справка)",
    ),
    (
        ORGANISATION,
        (6, 30),
        "Направить в министерство аналитическую справку об итогах учебного года",
    ),
];

/// The plan of a school in an academic year, given by the year in which it begins.
pub fn model_plan(begins: i16) -> impl Iterator<Item = ModelMeasure> {
    dated(PLAN, begins)
}

/// The list of a municipality in an academic year.
pub fn model_list(begins: i16) -> impl Iterator<Item = ModelMeasure> {
    dated(LIST, begins)
}

fn dated(
    plan: &'static [(i16, (i8, i8), &'static str)],
    begins: i16,
) -> impl Iterator<Item = ModelMeasure> {
    plan.iter()
        .map(move |&(kind, (month, day), title)| ModelMeasure {
            kind,
            title,
            due_on: date(begins + i16::from(month < 7), month, day),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_plan_runs_through_one_academic_year_and_names_each_measure_once() {
        let plans: [(Vec<ModelMeasure>, _); 2] = [
            (model_plan(2026).collect(), date(2026, 8, 20)),
            (model_list(2026).collect(), date(2026, 8, 15)),
        ];
        for (plan, begins) in plans {
            let first = plan.iter().map(|m| m.due_on).min().unwrap();
            let last = plan.iter().map(|m| m.due_on).max().unwrap();
            assert_eq!((first, last), (begins, date(2027, 6, 30)));
            let titles: HashSet<&str> = plan.iter().map(|m| m.title).collect();
            assert_eq!(titles.len(), plan.len());
        }
    }
}
