//! What a plan says by itself: letters, nobody and nothing twice, a day within the year.

use std::collections::HashSet;

use super::Plan;
use crate::domain::school_import::value::{AcademicYear, ClassName, Value};

/// A rule that a plan breaks: path of the field, rule, what a person is told.
pub type Broken = (String, &'static str, &'static str);

impl Plan {
    /// Every rule that the plan breaks for the year that it closes.
    pub fn broken(&self, year: AcademicYear) -> Vec<Broken> {
        let mut broken = Vec::new();
        let mut titles = HashSet::new();
        let mut ids = HashSet::new();
        for (place, class) in self.next_classes.iter().enumerate() {
            let at = |field: &str| format!("plan.nextClasses[{place}].{field}");
            let is_new = ids.insert(class.id);
            let read = ClassName::parse(&class.title());
            if read.is_ok_and(|name| name.letter() == class.letter) {
                if !titles.insert(class.title()) || !is_new {
                    let message = "Такой класс в плане уже есть: измените литеру";
                    broken.push((at("letter"), "CLASS_TWICE", message));
                }
            } else {
                let message = "Литера — одна или две прописные буквы кириллицы";
                broken.push((at("letter"), "LETTER", message));
            }
        }
        let known = |next: Option<_>| next.is_none_or(|id| ids.contains(&id));
        let unknown = "Такого класса нового года в плане нет";
        for (place, one) in self.classes.iter().enumerate() {
            if !known(one.next) {
                let at = format!("plan.classes[{place}].nextClassId");
                broken.push((at, "NEXT_CLASS_UNKNOWN", unknown));
            }
        }
        let mut seen = HashSet::new();
        for (place, one) in self.pupils.iter().enumerate() {
            let at = |field: &str| format!("plan.pupils[{place}].{field}");
            if !known(one.next) {
                broken.push((at("nextClassId"), "NEXT_CLASS_UNKNOWN", unknown));
            }
            if !seen.insert(one.pupil) {
                broken.push((at("pupilId"), "PUPIL_TWICE", "Ученик указан в плане дважды"));
            }
        }
        let mut seen = HashSet::new();
        for (place, one) in self.groups.iter().enumerate() {
            if !seen.insert(one.group) {
                let at = format!("plan.groups[{place}].groupId");
                broken.push((at, "GROUP_TWICE", "Группа указана в плане дважды"));
            }
        }
        if !year.contains(self.graduates_until) {
            let message = "Последний день выпускников вне завершаемого учебного года";
            broken.push((
                "plan.graduatesUntil".to_owned(),
                "DATE_OUTSIDE_YEAR",
                message,
            ));
        }
        broken
    }
}
