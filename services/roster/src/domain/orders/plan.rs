//! What an order will do to each of its pupils, or what stands in the way.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, EnrolmentId, GroupId, OrderId, PersonId, SchoolId};

use super::rules::at;
use super::{Entry, NewPupil, Order, OrderKind};
use crate::domain::record::{Enrolment, Group, GroupKind, GroupMembership, SchoolClass};

/// A pupil who has left another school for this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Order of the other school.
    pub order: OrderId,
    /// Card.
    pub pupil: PersonId,
    /// The other school.
    pub from_school: SchoolId,
    /// Class there.
    pub from_class: ClassId,
    /// Last day there.
    pub last_day: Date,
}

/// What the school knows of a card.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The school has the card.
    pub card: bool,
    /// Enrolments here, newest first.
    pub enrolments: Vec<Enrolment>,
    /// Memberships here.
    pub memberships: Vec<GroupMembership>,
    /// Enrolled in another school on the first day or later.
    pub elsewhere: bool,
    /// Waits here for an admission.
    pub arrival: Option<Arrival>,
    /// Waits in another school.
    pub waits_elsewhere: bool,
}

/// What a plan rests on.
#[derive(Debug, Default)]
pub struct Facts {
    /// Present academic year of the school.
    pub year: String,
    /// Classes of the school.
    pub classes: HashMap<ClassId, SchoolClass>,
    /// Groups of the school.
    pub groups: HashMap<GroupId, Group>,
    /// What is known of the cards that the order names.
    pub pupils: HashMap<PersonId, Known>,
    /// Places of new pupils of whom the school has a card already.
    pub namesakes: HashSet<usize>,
}

/// Why an order cannot be posted: path of the field, rule, what a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Path.
    pub field: String,
    /// Rule.
    pub rule: &'static str,
    /// For people.
    pub message: &'static str,
}

/// What posting does with one pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Card; of a new pupil the one to make.
    pub pupil: PersonId,
    /// The card to make.
    pub new_card: Option<NewPupil>,
    /// The arrival that is accepted.
    pub arrival: Option<Arrival>,
    /// The card and the guardians come from the other school.
    pub copy_card: bool,
    /// The enrolment that ends, with its last day. It was open.
    pub left: Option<Enrolment>,
    /// The enrolment that begins.
    pub entered: Option<Enrolment>,
    /// Memberships that end, with their last days, and the last days before.
    pub left_groups: Vec<(GroupMembership, Option<Date>)>,
    /// Memberships that had not begun.
    pub removed_groups: Vec<GroupMembership>,
    /// Memberships that begin.
    pub entered_groups: Vec<GroupMembership>,
    /// The school that the pupil goes to.
    pub to_school: Option<SchoolId>,
}

type Refusal = (&'static str, &'static str, &'static str);

/// What posting an order does, pupil by pupil, or everything that stands in the way.
pub fn plan(
    order: &Order,
    facts: &Facts,
    new_id: &mut impl FnMut() -> Uuid,
) -> Result<Vec<Movement>, Vec<Obstacle>> {
    let mut movements = Vec::new();
    let mut obstacles = Vec::new();
    for (place, entry) in order.pupils.iter().enumerate() {
        let one = One {
            order,
            facts,
            entry,
            place,
        };
        match one.movement(new_id) {
            Ok(movement) => movements.push(movement),
            Err((field, rule, message)) => obstacles.push(Obstacle {
                field: at(place, field),
                rule,
                message,
            }),
        }
    }
    if obstacles.is_empty() {
        Ok(movements)
    } else {
        Err(obstacles)
    }
}

struct One<'a> {
    order: &'a Order,
    facts: &'a Facts,
    entry: &'a Entry,
    place: usize,
}

impl One<'_> {
    fn movement(&self, new_id: &mut impl FnMut() -> Uuid) -> Result<Movement, Refusal> {
        let nothing = Known::default();
        let known = self.entry.pupil.and_then(|id| self.facts.pupils.get(&id));
        let known = known.unwrap_or(&nothing);
        let left = match self.order.kind {
            OrderKind::Admission => {
                self.may_enter_school(known)?;
                None
            }
            _ => Some(self.present_enrolment(known)?),
        };
        let class = self.class_to_enter(left)?;
        let pupil = match self.entry.pupil {
            Some(pupil) => pupil,
            None => PersonId::from_uuid(new_id()),
        };
        let (left_groups, removed_groups) = self.groups_to_leave(known, left);
        let entered_groups = match class {
            Some(class) => {
                let stays = |group| {
                    !left_groups.iter().any(|(one, _)| one.group_id == group)
                        && self.is_member(known, group)
                };
                self.groups_to_enter(class, pupil, stays)?
            }
            None => Vec::new(),
        };
        let entered = class.map(|class_id| Enrolment {
            id: EnrolmentId::from_uuid(new_id()),
            pupil_id: pupil,
            class_id,
            form: match left {
                Some(left) => left.form,
                None => self.entry.form,
            },
            starts_on: self.order.effective_on,
            ends_on: None,
            order_id: self.order.id,
        });
        Ok(Movement {
            pupil,
            new_card: self.entry.new.clone(),
            arrival: known
                .arrival
                .clone()
                .filter(|_| self.order.kind == OrderKind::Admission),
            copy_card: self.entry.pupil.is_some() && !known.card,
            left: left.map(|left| Enrolment {
                ends_on: Some(self.last_day()),
                ..left.clone()
            }),
            entered,
            left_groups,
            removed_groups,
            entered_groups,
            to_school: self.entry.to_school,
        })
    }

    /// The day before the order acts.
    fn last_day(&self) -> Date {
        let first = self.order.effective_on;
        first.yesterday().unwrap_or(first)
    }

    fn may_enter_school(&self, known: &Known) -> Result<(), Refusal> {
        if self.entry.new.is_some() {
            return if self.facts.namesakes.contains(&self.place) {
                let message =
                    "В школе уже есть карточка с этим именем и датой рождения: найдите её";
                Err(("newPupil", "CARD_EXISTS", message))
            } else {
                Ok(())
            };
        }
        let first = self.order.effective_on;
        if !known.card && known.arrival.is_none() {
            return Err(unknown());
        }
        if let Some(latest) = known.enrolments.first()
            && latest.ends_on.is_none_or(|last| last >= first)
        {
            let message = "Ученик в этот день ещё числится в школе";
            return Err(("pupilId", "PUPIL_ENROLLED", message));
        }
        if let Some(arrival) = &known.arrival {
            return if first <= arrival.last_day {
                let message = "В этот день ученик ещё числится в прежней школе";
                Err(("pupilId", "DATE_BEFORE_DEPARTURE", message))
            } else {
                Ok(())
            };
        }
        if known.waits_elsewhere {
            let message = "Ученик переведён в другую школу и ожидает зачисления там";
            return Err(("pupilId", "ARRIVAL_WAITS_ELSEWHERE", message));
        }
        if known.elsewhere {
            let message = "Ученик числится в другой школе региона: нужен её приказ о переводе";
            return Err(("pupilId", "PUPIL_IN_OTHER_SCHOOL", message));
        }
        Ok(())
    }

    fn present_enrolment<'k>(&self, known: &'k Known) -> Result<&'k Enrolment, Refusal> {
        let first = self.order.effective_on;
        if !known.card {
            return Err(unknown());
        }
        let Some(latest) = known.enrolments.first() else {
            return Err(unknown());
        };
        match latest.ends_on {
            Some(last) if last < first => {
                let message = "Ученик в этот день не числится в школе";
                Err(("pupilId", "PUPIL_NOT_ENROLLED", message))
            }
            Some(_) => {
                let message = "Ученик уже выбывает по другому приказу";
                Err(("pupilId", "PUPIL_LEAVES_ALREADY", message))
            }
            None if first <= latest.starts_on => {
                let message = "Первый день действия не позже дня поступления ученика в класс";
                Err(("pupilId", "DATE_BEFORE_ENROLMENT", message))
            }
            None => Ok(latest),
        }
    }

    fn class_to_enter(&self, left: Option<&Enrolment>) -> Result<Option<ClassId>, Refusal> {
        if !self.order.kind.enters() {
            return Ok(None);
        }
        let class = self.entry.class.and_then(|id| self.facts.classes.get(&id));
        let class = class.filter(|class| class.academic_year == self.facts.year);
        let Some(class) = class else {
            let message = "Такого класса в этом учебном году нет";
            return Err(("classId", "CLASS_UNKNOWN", message));
        };
        if left.is_some_and(|left| left.class_id == class.id) {
            return Err(("classId", "SAME_CLASS", "Ученик уже в этом классе"));
        }
        Ok(Some(class.id))
    }

    /// On a transfer the groups of the class, else all of them.
    fn groups_to_leave(
        &self,
        known: &Known,
        left: Option<&Enrolment>,
    ) -> (Vec<(GroupMembership, Option<Date>)>, Vec<GroupMembership>) {
        let Some(left) = left else {
            return (Vec::new(), Vec::new());
        };
        let first = self.order.effective_on;
        let of_class = |one: &&GroupMembership| {
            let group = self.facts.groups.get(&one.group_id);
            self.order.kind != OrderKind::Transfer
                || group.is_some_and(|group| group.class_id == Some(left.class_id))
        };
        let open = known
            .memberships
            .iter()
            .filter(|one| one.ends_on.is_none_or(|last| last >= first))
            .filter(of_class);
        let (begun, later): (Vec<_>, Vec<_>) = open.partition(|one| one.starts_on < first);
        let ended = begun.into_iter().map(|one| {
            let after = GroupMembership {
                ends_on: Some(self.last_day()),
                ..one.clone()
            };
            (after, one.ends_on)
        });
        (ended.collect(), later.into_iter().cloned().collect())
    }

    fn is_member(&self, known: &Known, group: GroupId) -> bool {
        let first = self.order.effective_on;
        known
            .memberships
            .iter()
            .any(|one| one.group_id == group && one.ends_on.is_none_or(|last| last >= first))
    }

    fn groups_to_enter(
        &self,
        class: ClassId,
        pupil: PersonId,
        stays: impl Fn(GroupId) -> bool,
    ) -> Result<Vec<GroupMembership>, Refusal> {
        for id in &self.entry.groups {
            let group = self.facts.groups.get(id);
            let meets = |last: Date| last >= self.order.effective_on;
            let group = group
                .filter(|group| group.academic_year == self.facts.year)
                .filter(|group| group.ends_on.is_none_or(meets));
            let Some(group) = group else {
                let message = "Такой группы в этом учебном году нет";
                return Err(("groupIds", "GROUP_UNKNOWN", message));
            };
            if group.class_id.is_some_and(|of| of != class) {
                let message = "Группа другого класса";
                return Err(("groupIds", "GROUP_OF_OTHER_CLASS", message));
            }
        }
        let whole = self.facts.groups.values().filter(|group| {
            group.kind == GroupKind::Class
                && group.class_id == Some(class)
                && group.academic_year == self.facts.year
        });
        let chosen = self.entry.groups.iter().copied();
        // In the order of the ids: the same order makes the same rows.
        let groups: BTreeSet<Uuid> = whole
            .map(|group| group.id)
            .chain(chosen)
            .filter(|group| !stays(*group))
            .map(GroupId::uuid)
            .collect();
        Ok(groups
            .into_iter()
            .map(|group| GroupMembership {
                group_id: GroupId::from_uuid(group),
                pupil_id: pupil,
                starts_on: self.order.effective_on,
                ends_on: self
                    .facts
                    .groups
                    .get(&GroupId::from_uuid(group))
                    .and_then(|group| group.ends_on),
            })
            .collect())
    }
}

fn unknown() -> Refusal {
    ("pupilId", "PUPIL_UNKNOWN", "Такого ученика в школе нет")
}
