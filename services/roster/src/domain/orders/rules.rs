//! What an order says by itself: the fields that its kind needs, days, nobody twice.

use std::collections::HashSet;

use jiff::civil::Date;
use zhurnal_proto::id::SchoolId;

use super::{Entry, Order, OrderKind};
use crate::domain::academic_year::within;

/// A rule that an order breaks: path of the field, rule, what a person is told.
pub type Broken = (String, &'static str, &'static str);

/// Most groups of the class that a pupil enters.
const GROUPS: usize = 40;

impl Order {
    /// Every rule that the draft of a school breaks, `today` and in its academic year.
    pub fn broken(&self, school: SchoolId, year: &str, today: Date) -> Vec<Broken> {
        let mut broken = self.broken_days(year, today);
        if !self.kind.is_drafted() {
            broken.push((
                "kind".to_owned(),
                "KIND_NOT_DRAFTED",
                "Приказ такого вида не составляется вручную",
            ));
        }
        let mut seen = HashSet::new();
        for (place, entry) in self.pupils.iter().enumerate() {
            let rules = self.broken_by(entry, school, today).into_iter();
            broken.extend(rules.map(|(field, rule, message)| (at(place, field), rule, message)));
            if entry.pupil.is_some_and(|pupil| !seen.insert(pupil)) {
                let message = "Ученик указан в приказе дважды";
                broken.push((at(place, "pupilId"), "PUPIL_TWICE", message));
            }
        }
        broken
    }

    fn broken_days(&self, year: &str, today: Date) -> Vec<Broken> {
        let mut broken = Vec::new();
        if self.date > today {
            let message = "Дата приказа не может быть позже сегодняшней";
            broken.push(("date".to_owned(), "DATE_IN_FUTURE", message));
        }
        if within(year, self.effective_on) != self.effective_on {
            let message = "Первый день действия вне учебного года";
            broken.push(("effectiveOn".to_owned(), "EFFECTIVE_OUTSIDE_YEAR", message));
        }
        broken
    }

    fn broken_by(
        &self,
        entry: &Entry,
        school: SchoolId,
        today: Date,
    ) -> Vec<(&'static str, &'static str, &'static str)> {
        let mut broken = Vec::new();
        let mut rule = |holds: bool, field, rule, message| {
            if !holds {
                broken.push((field, rule, message));
            }
        };
        let card = match self.kind {
            OrderKind::Admission => entry.pupil.is_some() != entry.new.is_some(),
            _ => entry.pupil.is_some() && entry.new.is_none(),
        };
        rule(
            card,
            "pupilId",
            "CARD_OR_NEW",
            "Укажите ученика; новую карточку заводит только приказ о зачислении",
        );
        rule(
            entry.new.as_ref().is_none_or(|new| new.birth_date <= today),
            "newPupil.birthDate",
            "BIRTH_DATE_IN_FUTURE",
            "Дата рождения в будущем",
        );
        rule(
            !self.kind.enters() || entry.class.is_some(),
            "classId",
            "REQUIRED",
            "Укажите класс, в который поступает ученик",
        );
        rule(
            entry.groups.len() <= GROUPS,
            "groupIds",
            "TOO_MANY_GROUPS",
            "Слишком много групп",
        );
        rule(
            self.kind != OrderKind::Expulsion || !entry.reason.is_empty(),
            "reason",
            "REQUIRED",
            "Укажите причину отчисления",
        );
        rule(
            self.kind != OrderKind::Departure || entry.to_school.is_some(),
            "toSchoolId",
            "REQUIRED",
            "Укажите школу, в которую переводится ученик",
        );
        rule(
            self.kind != OrderKind::Departure || entry.to_school != Some(school),
            "toSchoolId",
            "OWN_SCHOOL",
            "Ученик уже учится в этой школе",
        );
        broken
    }
}

/// Path of a field of a pupil.
pub(super) fn at(place: usize, field: &str) -> String {
    format!("pupils[{place}].{field}")
}
