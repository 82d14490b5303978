//! What a plan does to every pupil, class and group of the year, and what is in the way.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, date};
use zhurnal_proto::id::{ClassId, GroupId, PersonId};

use super::{Carry, Facts, GroupPassage, Outcome, Plan, graduates};
use crate::domain::record::{
    Enrolment, Group, GroupKind, GroupMembership, GroupPlace, SchoolClass,
};

/// Why a plan cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Rule, UPPER_SNAKE.
    pub rule: &'static str,
    /// Class, group or orders that it is about; may be empty.
    pub about: String,
    /// Pupil that it is about.
    pub pupil: Option<PersonId>,
    /// For people.
    pub message: &'static str,
}

/// A pupil with what becomes of him or her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Enrolment that ends; still open.
    pub enrolment: Enrolment,
    /// What becomes of the pupil.
    pub outcome: Outcome,
    /// Last day in the present class.
    pub last_day: Date,
    /// Grade that the pupil has been in.
    pub grade: u8,
}

/// Everything that a plan does.
#[derive(Debug, Default)]
pub struct Passing {
    /// Pupils of whom it is known what becomes of them.
    pub pupils: Vec<Passed>,
    /// Classes that are made.
    pub classes: Vec<SchoolClass>,
    /// Groups that are made, those of whole classes first.
    pub groups: Vec<Group>,
    /// Present group and the one that it becomes.
    pub carried: HashMap<GroupId, Group>,
    /// Memberships that begin.
    pub joined: Vec<GroupMembership>,
    /// Memberships that end, with the last day before.
    pub left: Vec<(GroupMembership, Option<Date>)>,
    /// Memberships that had not begun.
    pub removed: Vec<GroupMembership>,
    /// What is in the way.
    pub obstacles: Vec<Obstacle>,
}

/// What the plan does by the facts.
pub fn pass(plan: &Plan, facts: &Facts) -> Passing {
    let mut passing = Passing::default();
    passing.of_the_year(facts);
    passing.classes(plan, facts);
    passing.pupils(plan, facts);
    passing.groups(plan, facts);
    passing.memberships(plan, facts);
    passing
}

impl Passing {
    fn obstacle(&mut self, rule: &'static str, about: String, message: &'static str) {
        self.obstacles.push(Obstacle {
            rule,
            about,
            pupil: None,
            message,
        });
    }

    fn of_the_year(&mut self, facts: &Facts) {
        let first = date(facts.year.starts_in() + 1, 6, 1);
        if facts.today < first {
            let message = "Учебный год ещё идёт: переход проводят с 1 июня";
            self.obstacle("YEAR_NOT_OVER", String::new(), message);
        }
        if facts.next_year_taken {
            let message = "Школа с этим названием в новом учебном году уже загружена отдельно";
            self.obstacle("SCHOOL_YEAR_TAKEN", String::new(), message);
        }
        if !facts.drafts.is_empty() {
            let message = "Сначала проведите или удалите черновики приказов завершаемого года";
            self.obstacle("DRAFT_ORDERS", facts.drafts.join(", "), message);
        }
    }

    fn classes(&mut self, plan: &Plan, facts: &Facts) {
        for next in &plan.next_classes {
            if let Some(teacher) = next.class_teacher_id
                && !facts.staff.contains(&teacher)
            {
                let message = "Классного руководителя нет среди сотрудников школы";
                self.obstacle("CLASS_TEACHER_UNKNOWN", next.title(), message);
            }
            self.classes.push(SchoolClass {
                id: next.id,
                academic_year: facts.next_year(),
                grade: next.grade,
                letter: next.letter.clone(),
                title: next.title(),
                shift: next.shift,
                class_teacher_id: next.class_teacher_id,
            });
            self.groups.push(Group {
                id: next.group,
                academic_year: facts.next_year(),
                title: next.title(),
                kind: GroupKind::Class,
                class_id: Some(next.id),
                place: None,
                unmarked: false,
                ends_on: None,
            });
        }
        for one in &plan.classes {
            let from = facts.class(one.class);
            let to = one.next.and_then(|id| plan.next_class(id));
            if let (Some(from), Some(to)) = (from, to)
                && to.grade != from.grade + 1
            {
                let message = "Класс переходит только в следующую параллель";
                self.obstacle(
                    "CLASS_GRADE",
                    format!("{} → {}", from.title, to.title()),
                    message,
                );
            }
        }
    }

    fn pupils(&mut self, plan: &Plan, facts: &Facts) {
        let passages = plan.passages();
        let chosen: HashMap<PersonId, Option<ClassId>> = plan
            .pupils
            .iter()
            .map(|one| (one.pupil, one.next))
            .collect();
        for enrolment in &facts.enrolments {
            let Some(class) = facts.class(enrolment.class_id) else {
                continue;
            };
            let alone = chosen.get(&enrolment.pupil_id);
            let usual = passages.get(&class.id).copied().flatten();
            let next = alone.copied().unwrap_or(usual);
            let outcome = match next.and_then(|id| plan.next_class(id)) {
                Some(to) if to.grade == class.grade => Ok(Outcome::Stays(to.id)),
                Some(to) if to.grade == class.grade + 1 => Ok(Outcome::Promoted(to.id)),
                // The class as a whole has been refused already.
                Some(_) if alone.is_none() => continue,
                Some(_) => Err((
                    "PUPIL_GRADE",
                    "Ученик переходит в следующую параллель или остаётся в своей",
                )),
                None if graduates(class.grade) => Ok(Outcome::Graduates),
                None => Err((
                    "PUPIL_WITHOUT_CLASS",
                    "Не выбран класс нового учебного года",
                )),
            };
            let last_day = match outcome {
                Ok(Outcome::Graduates) => plan.graduates_until,
                _ => facts.year.last_day(),
            };
            let outcome = match outcome {
                Ok(_) if enrolment.starts_on > last_day => Err((
                    "GRADUATION_BEFORE_ENROLMENT",
                    "Ученик зачислен позже последнего дня выпускников",
                )),
                other => other,
            };
            match outcome {
                Ok(outcome) => self.pupils.push(Passed {
                    enrolment: enrolment.clone(),
                    outcome,
                    last_day,
                    grade: class.grade,
                }),
                Err((rule, message)) => self.obstacles.push(Obstacle {
                    rule,
                    about: class.title.clone(),
                    pupil: Some(enrolment.pupil_id),
                    message,
                }),
            }
        }
    }

    fn groups(&mut self, plan: &Plan, facts: &Facts) {
        let passages = plan.passages();
        let mut titles: HashSet<String> = self.groups.iter().map(|one| one.title.clone()).collect();
        let of_plan: HashMap<GroupId, &GroupPassage> =
            plan.groups.iter().map(|one| (one.group, one)).collect();
        for group in &facts.groups {
            let Some(passage) = of_plan.get(&group.id) else {
                continue;
            };
            let goes_on = group.kind != GroupKind::Class && group.ends_on.is_none();
            if passage.carry == Carry::Not || !goes_on {
                continue;
            }
            let from = group.class_id.and_then(|id| facts.class(id));
            let next = from.and_then(|class| passages.get(&class.id).copied().flatten());
            let to = next.and_then(|id| plan.next_class(id));
            // A part of a class goes where the class goes, or nowhere.
            if group.class_id.is_some() && to.is_none() {
                continue;
            }
            let title = match (from, to) {
                (Some(from), Some(to)) => match group.title.strip_prefix(&from.title) {
                    Some(rest) => format!("{}{rest}", to.title()),
                    None => group.title.clone(),
                },
                _ => group.title.clone(),
            };
            if !titles.insert(title.clone()) {
                let message = "Две группы получают одно название: перенесите одну из них";
                self.obstacle("GROUP_TITLE_TAKEN", title.clone(), message);
            }
            let made = Group {
                id: passage.next,
                academic_year: facts.next_year(),
                title,
                kind: group.kind,
                class_id: to.map(|class| class.id),
                place: group.place.map(GroupPlace::a_year_later),
                unmarked: group.unmarked,
                ends_on: None,
            };
            self.groups.push(made.clone());
            self.carried.insert(group.id, made);
        }
    }

    fn memberships(&mut self, plan: &Plan, facts: &Facts) {
        let pupils: HashMap<PersonId, (Outcome, ClassId, Date)> = self
            .pupils
            .iter()
            .map(|one| {
                let from = one.enrolment.class_id;
                (one.enrolment.pupil_id, (one.outcome, from, one.last_day))
            })
            .collect();
        let with_members: HashSet<GroupId> = plan
            .groups
            .iter()
            .filter(|one| one.carry == Carry::WithMembers)
            .map(|one| one.group)
            .collect();
        let first_day = facts.first_day();
        let joined = |group: GroupId, pupil: PersonId| GroupMembership {
            group_id: group,
            pupil_id: pupil,
            starts_on: first_day,
            ends_on: None,
        };
        let whole: HashMap<ClassId, GroupId> = plan
            .next_classes
            .iter()
            .map(|class| (class.id, class.group))
            .collect();
        for one in &self.pupils {
            let group = one.outcome.class().and_then(|class| whole.get(&class));
            if let Some(group) = group {
                self.joined.push(joined(*group, one.enrolment.pupil_id));
            }
        }
        let mut entered = HashSet::new();
        for one in &facts.memberships {
            let Some((outcome, from, last_day)) = pupils.get(&one.pupil_id) else {
                continue;
            };
            if one.ends_on.is_some_and(|last| last <= *last_day) {
                continue;
            }
            if one.starts_on > *last_day {
                self.removed.push(one.clone());
                continue;
            }
            let ended = GroupMembership {
                ends_on: Some(*last_day),
                ..one.clone()
            };
            self.left.push((ended, one.ends_on));
            let Some(next) = self.carried.get(&one.group_id) else {
                continue;
            };
            let goes_along = match (next.class_id, outcome) {
                (_, Outcome::Graduates) => false,
                (None, _) => true,
                (Some(_), _) if !is_of(facts, one.group_id, *from) => false,
                (Some(to), outcome) => outcome.class() == Some(to),
            };
            if goes_along
                && with_members.contains(&one.group_id)
                && entered.insert((next.id, one.pupil_id))
            {
                self.joined.push(joined(next.id, one.pupil_id));
            }
        }
    }
}

/// Whether the group is a part of the class.
fn is_of(facts: &Facts, group: GroupId, class: ClassId) -> bool {
    let group = facts.groups.iter().find(|one| one.id == group);
    group.is_some_and(|group| group.class_id == Some(class))
}
