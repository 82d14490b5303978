//! Teachers and a weekly timetable for the classes of a demo school: nobody is in two
//! places at once, every hour of the load stands in the timetable.
//!
//! Each subject of a class is given to a teacher who has hours left and finds free
//! slots; where nobody does, the school takes on a new one. A new teacher is free at any
//! time and a class has 35 slots for at most 32 hours, so a place is always found.

use std::collections::BTreeSet;

use super::curriculum::{self, Taught};

/// Days of the week and lessons of a day.
pub(super) const DAYS: u8 = 5;
pub(super) const LESSONS: u8 = 7;
/// Most hours of a teacher a week.
const FULL: u8 = 20;

/// (day from 1, lesson from 1).
pub(super) type Slot = (u8, u8);

/// A teacher of one subject; for grades 1 to 4 of all of them.
#[derive(Debug, Clone)]
pub(super) struct Teacher {
    pub(super) subject: Option<&'static str>,
    hours: u8,
    busy: BTreeSet<Slot>,
}

/// A subject of a class with its teachers, one per group, and its slots.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) class: usize,
    pub(super) taught: Taught,
    pub(super) teachers: Vec<usize>,
    pub(super) slots: Vec<Slot>,
}

/// Who teaches what when.
#[derive(Debug, Clone, Default)]
pub(super) struct Timetable {
    pub(super) teachers: Vec<Teacher>,
    pub(super) units: Vec<Unit>,
    /// Class teacher of each class.
    pub(super) class_teachers: Vec<usize>,
    /// Taken slots of each class.
    busy: Vec<BTreeSet<Slot>>,
}

/// Makes the timetable of classes given by their grades.
pub(super) fn make(grades: &[u8]) -> Timetable {
    let mut timetable = Timetable {
        busy: vec![BTreeSet::new(); grades.len()],
        ..Timetable::default()
    };
    let primary: Vec<Option<usize>> = grades
        .iter()
        .map(|grade| (*grade <= 4).then(|| timetable.take_on(None)))
        .collect();
    for (class, (grade, own)) in grades.iter().zip(&primary).enumerate() {
        let mut subjects = curriculum::of_grade(*grade);
        subjects.sort_by_key(|taught| (!taught.divided, u8::MAX - taught.hours));
        for taught in subjects {
            let own = own.filter(|_| curriculum::by_class_teacher(*grade, taught.subject));
            timetable.place(class, taught, own);
        }
    }
    while timetable.close_gaps() {}
    timetable.class_teachers = timetable.choose_class_teachers(&primary);
    for class in 0..grades.len() {
        timetable.place_class_hour(class);
    }
    timetable
}

impl Timetable {
    fn take_on(&mut self, subject: Option<&'static str>) -> usize {
        self.teachers.push(Teacher {
            subject,
            hours: 0,
            busy: BTreeSet::new(),
        });
        self.teachers.len() - 1
    }

    fn place(&mut self, class: usize, taught: Taught, own: Option<usize>) {
        let groups = if taught.divided { 2 } else { 1 };
        let mut teachers: Vec<usize> = match own {
            Some(own) => vec![own],
            None => {
                let fit = (0..self.teachers.len()).filter(|at| {
                    self.teachers.get(*at).is_some_and(|t| {
                        t.subject == Some(taught.subject) && t.hours + taught.hours <= FULL
                    })
                });
                fit.take(groups).collect()
            }
        };
        while teachers.len() < groups {
            teachers.push(self.take_on(Some(taught.subject)));
        }
        let slots = self
            .find_slots(class, taught, &teachers)
            .unwrap_or_else(|| {
                teachers = (0..groups)
                    .map(|_| self.take_on(Some(taught.subject)))
                    .collect();
                self.find_slots(class, taught, &teachers)
                    .unwrap_or_default()
            });
        self.occupy(class, &teachers, &slots);
        for teacher in &teachers {
            if let Some(teacher) = self.teachers.get_mut(*teacher) {
                teacher.hours += taught.hours;
            }
        }
        self.units.push(Unit {
            class,
            taught,
            teachers,
            slots,
        });
    }

    /// Early lessons, on days that do not have the subject yet. `None`: no place.
    fn find_slots(&self, class: usize, taught: Taught, teachers: &[usize]) -> Option<Vec<Slot>> {
        let mut found: Vec<Slot> = Vec::with_capacity(taught.hours.into());
        for _ in 0..taught.hours {
            let free = (1..=DAYS).flat_map(|day| (1..=LESSONS).map(move |lesson| (day, lesson)));
            let free =
                free.filter(|slot| !found.contains(slot) && self.is_free(class, teachers, *slot));
            let slot = free.min_by_key(|(day, lesson)| {
                let same_day = found.iter().filter(|(other, _)| other == day).count();
                (same_day, *lesson, self.lessons_on(class, *day))
            })?;
            found.push(slot);
        }
        Some(found)
    }

    fn is_free(&self, class: usize, teachers: &[usize], slot: Slot) -> bool {
        let class_free = self
            .busy
            .get(class)
            .is_some_and(|busy| !busy.contains(&slot));
        class_free
            && teachers.iter().all(|t| {
                self.teachers
                    .get(*t)
                    .is_some_and(|t| !t.busy.contains(&slot))
            })
    }

    fn lessons_on(&self, class: usize, day: u8) -> usize {
        self.busy
            .get(class)
            .map_or(0, |busy| busy.iter().filter(|(d, _)| *d == day).count())
    }

    fn occupy(&mut self, class: usize, teachers: &[usize], slots: &[Slot]) {
        if let Some(busy) = self.busy.get_mut(class) {
            busy.extend(slots);
        }
        for teacher in teachers {
            if let Some(teacher) = self.teachers.get_mut(*teacher) {
                teacher.busy.extend(slots);
            }
        }
    }

    fn release(&mut self, class: usize, teachers: &[usize], slot: Slot) {
        if let Some(busy) = self.busy.get_mut(class) {
            busy.remove(&slot);
        }
        for teacher in teachers {
            if let Some(teacher) = self.teachers.get_mut(*teacher) {
                teacher.busy.remove(&slot);
            }
        }
    }

    /// Moves later lessons of a day into gaps before them, where the teachers are free;
    /// true when something moved.
    fn close_gaps(&mut self) -> bool {
        let mut moved = false;
        for at in 0..self.units.len() {
            let Some(unit) = self.units.get(at).cloned() else {
                continue;
            };
            for (nth, slot) in unit.slots.iter().enumerate() {
                let gap = (1..slot.1)
                    .map(|lesson| (slot.0, lesson))
                    .find(|earlier| self.is_free(unit.class, &unit.teachers, *earlier));
                let Some(gap) = gap else { continue };
                self.release(unit.class, &unit.teachers, *slot);
                self.occupy(unit.class, &unit.teachers, &[gap]);
                if let Some(place) = self
                    .units
                    .get_mut(at)
                    .and_then(|unit| unit.slots.get_mut(nth))
                {
                    *place = gap;
                }
                moved = true;
            }
        }
        moved
    }

    /// After the lessons of a day, by the class teacher, or else by somebody who teaches the class
    /// and is free then.
    fn place_class_hour(&mut self, class: usize) {
        let own = self.class_teachers.get(class).copied();
        let of_class = self.units.iter().filter(|unit| unit.class == class);
        let others = of_class.flat_map(|unit| unit.teachers.iter().copied());
        let teachers: Vec<usize> = own.into_iter().chain(others).collect();
        let days = (1..=DAYS).rev();
        let after: Vec<Slot> = days
            .filter_map(|day| {
                let busy = self.busy.get(class)?;
                let last = busy
                    .iter()
                    .filter(|(d, _)| *d == day)
                    .map(|(_, n)| *n)
                    .max();
                let next = last.unwrap_or(0) + 1;
                (next <= LESSONS).then_some((day, next))
            })
            .collect();
        let found = teachers.iter().find_map(|teacher| {
            let free = |slot: &&Slot| self.is_free(class, &[*teacher], **slot);
            Some((*teacher, *after.iter().find(free)?))
        });
        let Some((teacher, slot)) = found else {
            return;
        };
        self.occupy(class, &[teacher], &[slot]);
        self.units.push(Unit {
            class,
            taught: curriculum::CLASS_HOUR,
            teachers: vec![teacher],
            slots: vec![slot],
        });
    }

    /// In grades 1 to 4 who teaches the class; above, somebody who does and has no class yet.
    fn choose_class_teachers(&self, primary: &[Option<usize>]) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(primary.len());
        for (class, own) in primary.iter().enumerate() {
            let teaching = || {
                self.units
                    .iter()
                    .filter(|unit| unit.class == class)
                    .flat_map(|unit| unit.teachers.iter().copied())
            };
            let teacher = own
                .or_else(|| teaching().find(|t| !chosen.contains(t)))
                .or_else(|| teaching().next());
            chosen.push(teacher.unwrap_or(0));
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn nobody_is_in_two_places_and_every_hour_has_a_slot(first in 1u8..=11, last in 1u8..=11, parallel in 1usize..=6) {
            let (first, last) = (first.min(last), first.max(last));
            let grades: Vec<u8> = (first..=last).flat_map(|grade| vec![grade; parallel]).collect();
            let timetable = make(&grades);
            let mut classes = BTreeSet::new();
            let mut teachers = BTreeSet::new();
            for unit in &timetable.units {
                prop_assert_eq!(unit.slots.len(), usize::from(unit.taught.hours));
                for slot in &unit.slots {
                    prop_assert!(classes.insert((unit.class, *slot)));
                    for teacher in &unit.teachers {
                        prop_assert!(teachers.insert((*teacher, *slot)));
                    }
                }
            }
            for teacher in &timetable.teachers {
                prop_assert!(teacher.hours <= 24, "{} hours", teacher.hours);
            }
        }
    }

    #[test]
    fn every_class_has_its_hour_after_the_lessons_of_a_day() {
        let grades: Vec<u8> = (1..=11).collect();
        let timetable = make(&grades);
        for class in 0..grades.len() {
            let hours = timetable.units.iter().filter(|unit| {
                unit.class == class && unit.taught.subject == curriculum::CLASS_HOUR.subject
            });
            let slots: Vec<Slot> = hours.flat_map(|unit| unit.slots.clone()).collect();
            let [(day, lesson)] = slots[..] else {
                panic!("class {class}: {slots:?}")
            };
            let of_day = timetable.busy[class].iter().filter(|(d, _)| *d == day);
            let last = of_day.map(|(_, number)| *number).max();
            assert_eq!(last, Some(lesson), "class {class}");
        }
    }

    #[test]
    fn pupils_have_almost_no_gaps_between_lessons() {
        let grades: Vec<u8> = (1..=11).flat_map(|grade| [grade; 2]).collect();
        let timetable = make(&grades);
        let gaps: usize = timetable
            .busy
            .iter()
            .flat_map(|busy| {
                (1..=DAYS).map(move |day| {
                    let lessons: Vec<u8> = busy
                        .iter()
                        .filter(|(d, _)| *d == day)
                        .map(|(_, lesson)| *lesson)
                        .collect();
                    usize::from(lessons.iter().max().copied().unwrap_or(0)) - lessons.len()
                })
            })
            .sum();
        assert!(gaps * 20 < grades.len() * 30, "{gaps} gaps");
    }
}
