//! Dated lessons equal those made from scratch by the version in force on each day, but
//! for those that people have cancelled; ids stay while group, subject and date stay.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::bells::{Bell, Bells};
use crate::domain::calendar::{Calendar, Period, PeriodKind, StudyWeek};
use crate::domain::timetable::conflicts::Group;
use crate::domain::timetable::cycle::Week;

const FROM: Date = date(2026, 9, 1);
const TO: Date = date(2026, 10, 15);

fn ground() -> Ground {
    let bell = |number: u8| Bell {
        shift: 1,
        number,
        starts_at: format!("{:02}:00", 7 + number).parse().unwrap(),
        ends_at: format!("{:02}:40", 7 + number).parse().unwrap(),
    };
    let bells: Vec<Bell> = (1..=6).map(bell).collect();
    let group = |grade| Group {
        class: None,
        whole: false,
        grade,
        shift: 1,
    };
    Ground {
        week: StudyWeek::FiveDays,
        bells: Bells::new(&bells).unwrap(),
        groups: (1..=3).map(|n| (group_id(n), group(5))).collect(),
        loads: BTreeMap::new(),
        shared: HashSet::new(),
    }
}

fn days() -> SchoolDays {
    let period = Period {
        title: "1".into(),
        kind: PeriodKind::Quarter,
        starts_on: FROM,
        ends_on: TO,
        grade_from: 1,
        grade_to: 9,
    };
    SchoolDays::of(&Calendar::new(StudyWeek::FiveDays, vec![period], vec![]))
}

fn group_id(n: u128) -> GroupId {
    GroupId::from_uuid(Uuid::from_u128(n))
}

/// A version as the domain lets one be approved: a group has one lesson at a time.
fn version() -> impl Strategy<Value = (u8, Vec<Entry>)> {
    let lesson = (1..=5u8, 1..=6u8, 0..=2u32, 1..=3u128, 1..=2u128, 1..=3u128);
    let lessons = prop::collection::vec(lesson, 0..25);
    (1..=2u8, lessons).prop_map(|(weeks, lessons)| {
        let mut taken = Vec::<Entry>::new();
        for (n, (weekday, number, week, group, subject, teacher)) in lessons.into_iter().enumerate()
        {
            let week = Week::of_number(if weeks == 1 { 0 } else { week }).unwrap();
            let entry = Entry {
                id: TimetableEntryId::from_uuid(Uuid::from_u128(n as u128 + 1)),
                weekday,
                number,
                week,
                group: group_id(group),
                subject: SubjectId::from_uuid(Uuid::from_u128(subject)),
                teacher: PersonId::from_uuid(Uuid::from_u128(teacher)),
                room: None,
            };
            let clash = |one: &Entry| {
                one.group == entry.group
                    && (one.weekday, one.number) == (weekday, number)
                    && one.week.meets(week)
            };
            if !taken.iter().any(clash) {
                taken.push(entry);
            }
        }
        (weeks, taken)
    })
}

/// What a table of lessons is after some approvals and acts of people.
#[derive(Default)]
struct Table {
    rows: BTreeMap<LessonId, (Key, Held)>,
    next: u128,
}

impl Table {
    fn held(&self, from: Date) -> BTreeMap<Key, Vec<Held>> {
        let mut held: BTreeMap<Key, Vec<Held>> = BTreeMap::new();
        for (key, one) in self.rows.values().filter(|(key, _)| key.0 >= from) {
            held.entry(*key).or_default().push(*one);
        }
        held
    }

    fn take(&mut self, steps: &Steps) {
        for step in &steps.steps {
            match *step {
                Step::Add(key, wanted) => {
                    self.next += 1;
                    let id = LessonId::from_uuid(Uuid::from_u128(self.next));
                    let standing = Standing::Planned(None);
                    self.rows.insert(
                        id,
                        (
                            key,
                            Held {
                                id,
                                shape: wanted.shape,
                                standing,
                            },
                        ),
                    );
                }
                Step::Change(id, wanted, substitute) => {
                    let row = &mut self.rows.get_mut(&id).unwrap().1;
                    row.shape = wanted.shape;
                    row.standing = Standing::Planned(substitute);
                }
                Step::Remove(id) => {
                    self.rows.get_mut(&id).unwrap().1.standing = Standing::Removed;
                }
            }
        }
    }

    fn approve(&mut self, (weeks, entries): &(u8, Vec<Entry>), from: Date) -> Steps {
        let cycle = Cycle::new(*weeks, date(2026, 8, 31)).unwrap();
        let wanted = wanted(&ground(), &days(), (cycle, entries), (from, TO));
        let steps = steps(self.held(from), wanted);
        self.take(&steps);
        steps
    }
}

type Seen = BTreeMap<Key, Vec<Shape>>;

fn seen(rows: impl Iterator<Item = (Key, Shape)>) -> Seen {
    let mut seen: Seen = BTreeMap::new();
    for (key, shape) in rows {
        seen.entry(key).or_default().push(shape);
    }
    seen.values_mut()
        .for_each(|list| list.sort_by_key(|shape| shape.number));
    seen
}

proptest! {
    #[test]
    fn lessons_are_those_of_the_version_in_force_on_each_day(
        versions in prop::collection::vec(version(), 1..4),
        cuts in prop::collection::vec(0..40i32, 3),
    ) {
        let mut table = Table::default();
        let mut starts = vec![FROM];
        starts.extend(cuts.iter().map(|cut| FROM + jiff::Span::new().days(*cut)));
        starts.sort();
        for (version, from) in versions.iter().zip(&starts) {
            table.approve(version, *from);
        }
        let mut scratch = Vec::new();
        for (at, (weeks, entries)) in versions.iter().enumerate() {
            let end = starts[..versions.len()].get(at + 1).copied();
            let end = end.map_or(TO, |next| next.yesterday().unwrap());
            let cycle = Cycle::new(*weeks, date(2026, 8, 31)).unwrap();
            let made = wanted(&ground(), &days(), (cycle, entries), (starts[at], end));
            scratch.extend(made.into_iter().flat_map(|(key, list)| {
                list.into_iter().map(move |one| (key, one.shape))
            }));
        }
        let planned = table.rows.values().filter(|(_, one)| matches!(one.standing, Standing::Planned(_)));
        prop_assert_eq!(seen(planned.map(|(key, one)| (*key, one.shape))), seen(scratch.into_iter()));
    }

    #[test]
    fn ids_stay_while_group_subject_and_date_stay_and_come_back_with_the_lesson(
        first in version(),
        second in version(),
    ) {
        let mut table = Table::default();
        table.approve(&first, FROM);
        let before = table.rows.clone();
        table.approve(&second, FROM);
        let count = |rows: &BTreeMap<LessonId, (Key, Held)>| {
            let mut count: HashMap<Key, usize> = HashMap::new();
            for (key, one) in rows.values() {
                if matches!(one.standing, Standing::Planned(_)) {
                    *count.entry(*key).or_default() += 1;
                }
            }
            count
        };
        let (old, new) = (count(&before), count(&table.rows));
        for (key, wanted) in &new {
            let kept = before.keys().filter(|id| {
                let (of, one) = &table.rows[id];
                of == key && matches!(one.standing, Standing::Planned(_))
            });
            prop_assert_eq!(kept.count(), (*wanted).min(old.get(key).copied().unwrap_or(0)));
        }
        // The first version again: the same ids, and nothing is made anew.
        let made = table.next;
        table.approve(&first, FROM);
        prop_assert!(count(&table.rows) == old);
        let ids = |rows: &BTreeMap<LessonId, (Key, Held)>| {
            let planned = rows.iter().filter(|(_, (_, one))| matches!(one.standing, Standing::Planned(_)));
            planned.map(|(id, _)| *id).collect::<BTreeSet<_>>()
        };
        prop_assert!(ids(&table.rows).iter().all(|id| id.uuid().as_u128() <= made));
    }

    #[test]
    fn approving_the_same_again_does_nothing_and_cancelled_lessons_stay(
        first in version(),
        second in version(),
        cancelled in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let mut table = Table::default();
        table.approve(&first, FROM);
        let ids: Vec<LessonId> = table.rows.keys().copied().collect();
        let mut kept = BTreeMap::new();
        if !ids.is_empty() {
            for at in &cancelled {
                let id = *at.get(&ids);
                let row = table.rows.get_mut(&id).unwrap();
                row.1.standing = Standing::Cancelled;
                kept.insert(id, *row);
            }
        }
        table.approve(&second, FROM);
        let again = table.approve(&second, FROM);
        prop_assert_eq!(again.steps, vec![]);
        for (id, row) in kept {
            prop_assert_eq!(table.rows[&id], row);
        }
        // A group has one planned lesson at a time.
        let mut slots = HashSet::new();
        for (key, one) in table.rows.values() {
            if matches!(one.standing, Standing::Planned(_)) {
                prop_assert!(slots.insert((key.0, key.1, one.shape.number)));
            }
        }
    }
}

fn shape(number: u8, teacher: u128) -> Shape {
    Shape {
        number,
        starts_at: "08:00".parse().unwrap(),
        ends_at: "08:40".parse().unwrap(),
        teacher: PersonId::from_uuid(Uuid::from_u128(teacher)),
        room: None,
    }
}

fn held(id: u128, number: u8, standing: Standing) -> Held {
    Held {
        id: LessonId::from_uuid(Uuid::from_u128(id)),
        shape: shape(number, 1),
        standing,
    }
}

fn wants(number: u8, teacher: u128) -> Wanted {
    Wanted {
        entry: TimetableEntryId::from_uuid(Uuid::from_u128(99)),
        shape: shape(number, teacher),
    }
}

fn on_a_day(held: Vec<Held>, wanted: Vec<Wanted>) -> Steps {
    let key = (FROM, group_id(1), SubjectId::from_uuid(Uuid::from_u128(1)));
    steps([(key, held)].into(), [(key, wanted)].into())
}

#[test]
fn a_substitute_stays_with_a_lesson_that_moves_and_goes_when_it_becomes_the_own() {
    let other = PersonId::from_uuid(Uuid::from_u128(2));
    let replaced = || vec![held(1, 1, Standing::Planned(Some(other)))];
    let id = replaced()[0].id;
    let moved = on_a_day(replaced(), vec![wants(3, 1)]);
    assert_eq!(moved.steps, [Step::Change(id, wants(3, 1), Some(other))]);
    assert_eq!((moved.changed, moved.substituted), (1, 1));
    let own = on_a_day(replaced(), vec![wants(1, 2)]);
    assert_eq!(own.steps, [Step::Change(id, wants(1, 2), None)]);
    let gone = on_a_day(replaced(), vec![]);
    assert_eq!(gone.steps, [Step::Remove(id)]);
    assert_eq!((gone.removed, gone.substituted), (1, 1));
}

#[test]
fn of_two_lessons_the_one_at_the_same_number_stays() {
    let two = vec![
        held(1, 1, Standing::Planned(None)),
        held(2, 2, Standing::Planned(None)),
    ];
    let steps = on_a_day(two, vec![wants(2, 1)]);
    assert_eq!(
        steps.steps,
        [Step::Remove(held(1, 1, Standing::Removed).id)]
    );
    assert_eq!((steps.unchanged, steps.removed), (1, 1));
}

#[test]
fn a_lesson_to_be_held_is_taken_before_a_cancelled_one() {
    let planned = held(2, 3, Standing::Planned(None));
    let steps = on_a_day(
        vec![held(1, 2, Standing::Cancelled), planned],
        vec![wants(4, 1)],
    );
    assert_eq!(steps.steps, [Step::Change(planned.id, wants(4, 1), None)]);
    let alone = on_a_day(vec![held(1, 2, Standing::Cancelled)], vec![wants(4, 1)]);
    assert_eq!((alone.steps, alone.unchanged), (vec![], 1));
}
