//! What is wrong with a version: found on every save, never in the way of one.
//!
//! Two lessons are at one time when they share a weekday, a week of the cycle and a minute
//! of the clock: two shifts have clocks of their own. A lesson without a bell meets only
//! lessons of the same number and shift.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SubjectId, TimetableEntryId};

use super::Entry;
use super::cycle::Cycle;
use crate::domain::bells::Bells;
use crate::domain::calendar::StudyWeek;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Two lessons of a teacher.
    TeacherBusy,
    /// Two lessons of a group.
    GroupBusy,
    /// Two groups with common pupils.
    PupilsBusy,
    /// Two lessons in a room; a gym may be shared.
    RoomBusy,
    /// No bell of this number in the group's shift.
    NoBell,
    /// The school does not study on the weekday.
    DayNotStudied,
    /// No load of the teacher.
    NoLoad,
    /// More hours than the load.
    LoadExceeded,
    /// Fewer hours than the load.
    LoadNotPlaced,
    /// A free lesson of a class between others.
    Gap,
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What.
    pub kind: Kind,
    /// Whether the version cannot be approved with it.
    pub is_error: bool,
    /// Lessons concerned.
    pub entries: Vec<TimetableEntryId>,
    /// Weekday and lesson number, of what is about a time.
    pub at: Option<(u8, u8)>,
    /// Whose it is.
    pub of: Whose,
}

/// Whose a conflict is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whose {
    /// Group, for loads.
    pub group: Option<GroupId>,
    /// Subject, for loads.
    pub subject: Option<SubjectId>,
    /// Teacher, for loads and a busy teacher.
    pub teacher: Option<PersonId>,
    /// Class, for a gap.
    pub class: Option<ClassId>,
    /// Room, for a busy room.
    pub room: Option<Uuid>,
}

/// A group as conflicts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Class; `None` when of several.
    pub class: Option<ClassId>,
    /// Whether it is the whole class.
    pub whole: bool,
    /// Grade whose school days hold for it.
    pub grade: u8,
    /// Shift whose bells hold for it.
    pub shift: u8,
}

/// Whose load, of what.
pub type LoadKey = (GroupId, SubjectId, PersonId);

/// What a version is held against.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Study week.
    pub week: StudyWeek,
    /// Bells.
    pub bells: Bells,
    /// Groups that a plan has named.
    pub groups: HashMap<GroupId, Group>,
    /// Loads in force: hours a week times 100.
    pub loads: BTreeMap<LoadKey, u32>,
    /// Pairs of groups that share pupils, the lesser id first.
    pub shared: HashSet<(GroupId, GroupId)>,
}

/// A load beside what a version gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadLeft {
    /// Whose, of what.
    pub key: LoadKey,
    /// By the load, times 100.
    pub wanted: u32,
    /// By the version, times 100.
    pub placed: u32,
}

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Conflicts: errors first, then by day and number.
    pub conflicts: Vec<Conflict>,
    /// Loads that are not filled or exceeded.
    pub loads: Vec<LoadLeft>,
}

impl Check {
    /// How many of the conflicts are errors.
    pub fn error_count(&self) -> usize {
        self.conflicts.iter().filter(|one| one.is_error).count()
    }
}

impl Ground {
    /// Checks a whole version.
    pub fn check(&self, cycle: Cycle, entries: &[Entry]) -> Check {
        let mut found = Vec::new();
        let mut by_day: BTreeMap<u8, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            by_day.entry(entry.weekday).or_default().push(entry);
            found.extend(self.place_faults(entry));
        }
        for day in by_day.values() {
            for (at, one) in day.iter().enumerate() {
                for other in &day[at + 1..] {
                    found.extend(self.clash(one, other));
                }
            }
        }
        found.extend(self.gaps(cycle, entries));
        let loads = self.loads_left(entries);
        found.extend(self.load_faults(cycle, entries, &loads));
        found.sort_by_key(order);
        let loads = loads
            .into_iter()
            .filter(|load| load.wanted != load.placed)
            .collect();
        Check {
            conflicts: found,
            loads,
        }
    }

    /// What a lesson would clash with at a place: the lesson itself, wherever it stands
    /// now, is left out.
    pub fn against(&self, wanted: &Entry, entries: &[Entry]) -> Vec<Conflict> {
        let others = entries.iter().filter(|other| other.id != wanted.id);
        let clashes = others.flat_map(|other| self.clash(wanted, other));
        self.place_faults(wanted)
            .into_iter()
            .chain(clashes)
            .collect()
    }

    /// What two lessons cannot have in common at one time.
    fn clash(&self, one: &Entry, other: &Entry) -> Vec<Conflict> {
        if one.weekday != other.weekday || !one.week.meets(other.week) || !self.meet(one, other) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut add = |kind, is_error, of| {
            found.push(Conflict {
                kind,
                is_error,
                entries: vec![one.id, other.id],
                at: Some((one.weekday, one.number)),
                of,
            });
        };
        if one.teacher == other.teacher {
            let teacher = Some(one.teacher);
            add(
                Kind::TeacherBusy,
                true,
                Whose {
                    teacher,
                    ..Whose::default()
                },
            );
        }
        if one.group == other.group {
            let group = Some(one.group);
            add(
                Kind::GroupBusy,
                true,
                Whose {
                    group,
                    ..Whose::default()
                },
            );
        } else if self.share_pupils(one.group, other.group) {
            let group = Some(one.group);
            add(
                Kind::PupilsBusy,
                true,
                Whose {
                    group,
                    ..Whose::default()
                },
            );
        }
        if one.room.is_some() && one.room == other.room {
            let room = one.room;
            add(
                Kind::RoomBusy,
                false,
                Whose {
                    room,
                    ..Whose::default()
                },
            );
        }
        found
    }

    /// Whether the clock or, without a bell, the number says that both are on at once.
    fn meet(&self, one: &Entry, other: &Entry) -> bool {
        let shift = |entry: &Entry| self.groups.get(&entry.group).map(|group| group.shift);
        let bell = |entry: &Entry| self.bells.get(shift(entry)?, entry.number);
        match (bell(one), bell(other)) {
            (Some(a), Some(b)) => a.starts_at < b.ends_at && b.starts_at < a.ends_at,
            _ => one.number == other.number && shift(one) == shift(other),
        }
    }

    fn share_pupils(&self, one: GroupId, other: GroupId) -> bool {
        if self.shared.contains(&(one.min(other), one.max(other))) {
            return true;
        }
        let (Some(one), Some(other)) = (self.groups.get(&one), self.groups.get(&other)) else {
            return false;
        };
        one.class.is_some() && one.class == other.class && (one.whole || other.whole)
    }

    fn place_faults(&self, entry: &Entry) -> Vec<Conflict> {
        let fault = |kind| Conflict {
            kind,
            is_error: true,
            entries: vec![entry.id],
            at: Some((entry.weekday, entry.number)),
            of: Whose::default(),
        };
        let shift = self.groups.get(&entry.group).map(|group| group.shift);
        let bell = shift.and_then(|shift| self.bells.get(shift, entry.number));
        let no_bell = bell.is_none().then(|| fault(Kind::NoBell));
        let no_day = (entry.weekday > self.week.days()).then(|| fault(Kind::DayNotStudied));
        no_bell.into_iter().chain(no_day).collect()
    }

    /// Free lessons of a class between its first and last of a day; of each week of the
    /// cycle, told once. A lesson of a part of the class fills the place.
    fn gaps(&self, cycle: Cycle, entries: &[Entry]) -> Vec<Conflict> {
        let mut days: BTreeMap<(ClassId, u8, u8), BTreeMap<u8, TimetableEntryId>> = BTreeMap::new();
        for entry in entries {
            let Some(class) = self.groups.get(&entry.group).and_then(|group| group.class) else {
                continue;
            };
            for week in (1..=cycle.weeks()).filter(|week| entry.week.is_in(*week)) {
                let day = days.entry((class, entry.weekday, week)).or_default();
                day.entry(entry.number).or_insert(entry.id);
            }
        }
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for ((class, weekday, _), numbers) in &days {
            let mut before: Option<u8> = None;
            for (number, id) in numbers {
                for free in before.map_or(*number, |last| last + 1)..*number {
                    if told.insert((*class, *weekday, free)) {
                        let class = Some(*class);
                        found.push(Conflict {
                            kind: Kind::Gap,
                            is_error: false,
                            entries: vec![*id],
                            at: Some((*weekday, free)),
                            of: Whose {
                                class,
                                ..Whose::default()
                            },
                        });
                    }
                }
                before = Some(*number);
            }
        }
        found
    }

    /// Every load, and every teacher's lessons without one.
    fn loads_left(&self, entries: &[Entry]) -> Vec<LoadLeft> {
        let mut placed: BTreeMap<LoadKey, (u32, u32)> = self
            .loads
            .iter()
            .map(|(key, hours)| (*key, (*hours, 0)))
            .collect();
        for entry in entries {
            let key = (entry.group, entry.subject, entry.teacher);
            placed.entry(key).or_default().1 += entry.week.hundredths();
        }
        let left = placed.into_iter();
        left.map(|(key, (wanted, placed))| LoadLeft {
            key,
            wanted,
            placed,
        })
        .collect()
    }

    fn load_faults(&self, cycle: Cycle, entries: &[Entry], loads: &[LoadLeft]) -> Vec<Conflict> {
        let mut of_load: HashMap<LoadKey, Vec<TimetableEntryId>> = HashMap::new();
        for entry in entries {
            let key = (entry.group, entry.subject, entry.teacher);
            of_load.entry(key).or_default().push(entry.id);
        }
        let fault = |load: &LoadLeft| {
            let over = load.placed.saturating_sub(load.wanted);
            let (kind, is_error) = if !self.loads.contains_key(&load.key) {
                (Kind::NoLoad, true)
            } else if over > 0 {
                (Kind::LoadExceeded, over >= cycle.least_hundredths())
            } else if load.placed < load.wanted {
                (Kind::LoadNotPlaced, false)
            } else {
                return None;
            };
            let (group, subject, teacher) = load.key;
            let of = Whose {
                group: Some(group),
                subject: Some(subject),
                teacher: Some(teacher),
                ..Whose::default()
            };
            let entries = of_load.get(&load.key).cloned().unwrap_or_default();
            Some(Conflict {
                kind,
                is_error,
                entries,
                at: None,
                of,
            })
        };
        loads.iter().filter_map(fault).collect()
    }
}

/// Errors first, then what is about a time by day and number.
fn order(one: &Conflict) -> (bool, bool, Option<(u8, u8)>, Kind) {
    (!one.is_error, one.at.is_none(), one.at, one.kind)
}

#[cfg(test)]
mod tests;
