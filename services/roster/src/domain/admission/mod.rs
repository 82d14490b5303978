//! A plan as new records: the school, its people, classes, groups, and the order of
//! admission that enrols every pupil from the first day of the year (R119).
//!
//! Invariant: every id that a record refers to is the id of a record here.

mod maker;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId, SchoolId};

use super::orders::{Entry, Order, OrderKind};
use super::record::{
    Enrolment, Group, GroupMembership, GuardianLink, Person, School, SchoolClass, SchoolState,
    StaffMember, Supervision,
};
use super::school_import::SchoolPlan;
use super::school_import::value::{ClassName, Code, GroupName, Value};
use maker::Maker;

/// Number of the order of admission that an import posts.
pub const ORDER_NUMBER: &str = "З-1";

/// What that order rests on.
pub const ORDER_BASIS: &str = "Загрузка школы из книги";

fn entry(enrolment: &Enrolment) -> Entry {
    Entry {
        class: Some(enrolment.class_id),
        form: enrolment.form,
        ..Entry::of(enrolment.pupil_id)
    }
}

/// New records of one school.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The school, PREPARING.
    pub school: School,
    /// Every card: staff, pupils, guardians.
    pub people: Vec<Person>,
    /// Appointments.
    pub staff: Vec<StaffMember>,
    /// Classes.
    pub classes: Vec<SchoolClass>,
    /// Groups.
    pub groups: Vec<Group>,
    /// The order of admission; `None` when there are no pupils.
    pub order: Option<Order>,
    /// Enrolments by that order.
    pub enrolments: Vec<Enrolment>,
    /// Who is in which group.
    pub memberships: Vec<GroupMembership>,
    /// Guardians.
    pub guardian_links: Vec<GuardianLink>,
    /// Who decides on corrections.
    pub supervisions: Vec<Supervision>,
    /// Ids by what the plan calls them.
    pub named: Named,
}

/// Ids by the words of the plan.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Cards of the staff.
    pub staff: BTreeMap<Code, PersonId>,
    /// Cards of the pupils.
    pub pupils: BTreeMap<Code, PersonId>,
    /// Classes.
    pub classes: BTreeMap<ClassName, ClassId>,
    /// Groups.
    pub groups: BTreeMap<GroupName, GroupId>,
}

/// Makes the records of a plan. `import_day` is today in the school's zone.
///
/// Pupils are enrolled and grouped from 1 September. Staff, guardians and supervision
/// are in force from the import on, if that is earlier: in August teachers plan and
/// families register.
pub fn admit(plan: &SchoolPlan, import_day: Date, new_id: &mut impl FnMut() -> Uuid) -> Admission {
    let year = plan.school.year;
    let mut maker = Maker {
        plan,
        academic_year: year.canonical(),
        enrolled_from: year.first_day(),
        known_from: import_day.min(year.first_day()),
        named: Named::default(),
        people: Vec::new(),
        new_id,
    };
    let school = School {
        id: SchoolId::from_uuid((maker.new_id)()),
        title: plan.school.full_name.clone(),
        municipality: plan.school.municipality.clone(),
        municipality_id: None,
        academic_year: maker.academic_year.clone(),
        study_week_days: plan.school.week.days(),
        time_zone: plan.school.zone.as_str().to_owned(),
        state: SchoolState::Preparing,
        version: 1,
    };
    let staff = maker.staff();
    let classes = maker.classes();
    let groups = maker.groups();
    maker.pupils();
    let guardian_links = maker.guardians();
    let order_id = (!plan.pupils.is_empty()).then(|| OrderId::from_uuid((maker.new_id)()));
    let enrolments = order_id
        .map(|order| maker.enrolments(order))
        .unwrap_or_default();
    let order = order_id.map(|id| Order {
        id,
        number: ORDER_NUMBER.to_owned(),
        date: import_day,
        kind: OrderKind::Admission,
        effective_on: year.first_day(),
        basis: ORDER_BASIS.to_owned(),
        pupils: enrolments.iter().map(entry).collect(),
    });
    let memberships = maker.memberships();
    let supervisions = maker.supervisions();
    let Maker { named, people, .. } = maker;
    Admission {
        school,
        people,
        staff,
        classes,
        groups,
        order,
        enrolments,
        memberships,
        guardian_links,
        supervisions,
        named,
    }
}
