//! The class report: marks and absences of one class over one period, a row per pupil.

use serde_json::{Value, json};

use crate::engine::{Form, Template};
use crate::error::bounded;
use crate::{Imprint, Mean, PdfError};

/// Сводная ведомость успеваемости и посещаемости (R68, R176), A4 landscape.
#[derive(Debug, Clone)]
pub struct ClassReport {
    /// School, moments, signatures, check value.
    pub imprint: Imprint,
    /// Class as people write it: `7-Б`.
    pub class: String,
    /// Period with its year: `II четверть 2026/27 учебного года`.
    pub period: String,
    /// Surname and initials of the class teacher; empty if there is none.
    pub class_teacher: String,
    /// Subjects in the order of the columns.
    pub subjects: Vec<String>,
    /// Pupils in the order of the rows.
    pub pupils: Vec<Pupil>,
    /// Rows under the pupils, such as the quality of knowledge per subject.
    pub summaries: Vec<Summary>,
}

/// One pupil's row.
#[derive(Debug, Clone)]
pub struct Pupil {
    /// Surname, given name and, if wanted, patronymic.
    pub name: String,
    /// One entry per subject; `None` where the pupil does not study it.
    pub cells: Vec<Option<Cell>>,
    /// Mean over the subjects, if the school prints one.
    pub overall: Option<Mean>,
    /// Lessons missed in the period.
    pub absences: Absences,
}

/// What a pupil has in one subject.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Period result, once there is one: `4`, `н/а`, `осв.`.
    pub result: Option<String>,
    /// Mean of the marks of the period.
    pub average: Option<Mean>,
    /// How many marks the mean is made of.
    pub marks: u32,
}

/// Lessons missed, by the reason in the journal. Being late is no absence and is counted apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absences {
    /// «б», by illness.
    pub illness: u32,
    /// «у», for another valid reason.
    pub valid: u32,
    /// «н», reason unknown or not valid.
    pub unexcused: u32,
    /// «оп», came late.
    pub late: u32,
}

impl Absences {
    /// Lessons missed for any reason.
    #[must_use]
    pub fn total(self) -> u64 {
        u64::from(self.illness) + u64::from(self.valid) + u64::from(self.unexcused)
    }
}

/// A row under the pupils: one value per subject and one over all of them.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What the row shows: `Качество знаний, %`.
    pub label: String,
    /// One value per subject, as printed.
    pub values: Vec<String>,
    /// Value over all subjects, as printed.
    pub overall: String,
}

impl ClassReport {
    pub(crate) fn form(&self) -> Result<Form<'_>, PdfError> {
        let width = self.subjects.len();
        if width == 0 {
            return Err(PdfError::Form("a class report without subjects".into()));
        }
        bounded(self.pupils.len() + self.summaries.len(), width)?;
        let rows = self.pupils.iter().map(|p| p.cells.len());
        if let Some((at, found)) = rows.enumerate().find(|(_, cells)| *cells != width) {
            return Err(wrong_width("pupil", at, found, width));
        }
        let rows = self.summaries.iter().map(|s| s.values.len());
        if let Some((at, found)) = rows.enumerate().find(|(_, values)| *values != width) {
            return Err(wrong_width("summary", at, found, width));
        }
        Ok(Form {
            template: Template::ClassReport,
            made_at: &self.imprint.made_at,
            images: Vec::new(),
            data: json!({
                "title": format!("Сводная ведомость успеваемости и посещаемости. {} класс, {}", self.class, self.period),
                "imprint": self.imprint.values(),
                "class": self.class,
                "period": self.period,
                "class_teacher": self.class_teacher,
                "subjects": self.subjects,
                "pupils": self.pupils.iter().map(Pupil::values).collect::<Vec<_>>(),
                "marks": self.marks_by_subject(),
                "absences": self.absences_of_class(),
                "summaries": self.summaries.iter().map(|s| json!({
                    "label": s.label, "values": s.values, "overall": s.overall,
                })).collect::<Vec<_>>(),
            }),
        })
    }

    fn marks_by_subject(&self) -> Vec<u64> {
        let of = |pupil: &Pupil, subject: usize| {
            pupil.cells[subject]
                .as_ref()
                .map_or(0, |cell| u64::from(cell.marks))
        };
        (0..self.subjects.len())
            .map(|subject| self.pupils.iter().map(|pupil| of(pupil, subject)).sum())
            .collect()
    }

    fn absences_of_class(&self) -> Value {
        let sum =
            |of: fn(&Absences) -> u64| self.pupils.iter().map(|p| of(&p.absences)).sum::<u64>();
        json!([
            sum(|a| a.total()),
            sum(|a| u64::from(a.illness)),
            sum(|a| u64::from(a.valid)),
            sum(|a| u64::from(a.unexcused)),
            sum(|a| u64::from(a.late)),
        ])
    }
}

impl Pupil {
    fn values(&self) -> Value {
        let a = self.absences;
        json!({
            "name": self.name,
            "cells": self.cells.iter().map(|cell| cell.as_ref().map(Cell::values)).collect::<Vec<_>>(),
            "overall": self.overall.map(|mean| mean.to_string()),
            "absences": [a.total(), a.illness, a.valid, a.unexcused, a.late],
        })
    }
}

impl Cell {
    fn values(&self) -> Value {
        json!({
            "result": self.result,
            "average": self.average.map(|mean| mean.to_string()),
            "marks": self.marks,
        })
    }
}

fn wrong_width(what: &str, at: usize, found: usize, width: usize) -> PdfError {
    PdfError::Form(format!(
        "{what} {} has {found} values for {width} subjects",
        at + 1
    ))
}
