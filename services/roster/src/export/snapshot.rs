//! A school as it is on a day, in an order that no id decides.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::{ClassId, GroupId, PersonId};
use zhurnal_proto::schedule::v1::GetSchoolPlanResponse;

use crate::domain::record::{
    Enrolment, Group, GroupKind, GroupMembership, GuardianLink, Person, School, SchoolClass,
    StaffMember,
};
use crate::domain::school_import::value::{GroupName, Part, Value};
use crate::domain::text::sort_key;
use crate::store::{self, cards, classes, groups, guardians, pupils, staff};

/// An employee.
pub(crate) struct Employee {
    /// `С-001`, by the order of the list: codes of files are not kept.
    pub code: String,
    /// The appointment.
    pub member: StaffMember,
    /// The card.
    pub card: Person,
}

/// A pupil.
pub(crate) struct Learner {
    /// `У-0001`.
    pub code: String,
    /// The enrolment in force.
    pub enrolment: Enrolment,
    /// The card.
    pub card: Person,
    /// The subgroup, where one number says all of them.
    pub subgroup: Option<u8>,
}

/// A group beside the classes, with its pupils.
pub(crate) struct GroupOf {
    /// The group.
    pub group: Group,
    /// Its pupils in the order of the school's list.
    pub members: Vec<GroupMembership>,
    /// Load and the subgroup numbers of its pupils say all there is.
    pub by_number: bool,
}

/// A school on a day.
pub(crate) struct Snapshot {
    /// The school.
    pub school: School,
    /// Staff by name.
    pub staff: Vec<Employee>,
    /// Classes of the year by grade and letter.
    pub classes: Vec<SchoolClass>,
    /// Pupils by class and name.
    pub pupils: Vec<Learner>,
    /// Guardians by name.
    pub guardians: Vec<Person>,
    /// Ties in force, by pupil and guardian.
    pub ties: Vec<GuardianLink>,
    /// Groups beside the classes, by class and title.
    pub groups: Vec<GroupOf>,
    /// Titles of all groups that are taught, classes too.
    pub titles: HashMap<GroupId, String>,
    /// The groups of whole classes.
    pub whole: HashMap<GroupId, ClassId>,
    /// What schedule knows.
    pub plan: GetSchoolPlanResponse,
}

/// Reads it.
pub(super) async fn take(
    conn: &impl ConnectionTrait,
    school: store::School,
    (found, day): (School, Date),
    plan: GetSchoolPlanResponse,
) -> Result<Snapshot, DbErr> {
    let classes = in_order(classes::of_year(conn, school, &found.academic_year).await?);
    let employees = employees(conn, school, day).await?;
    let mut learners = learners(conn, school, (&classes, day)).await?;
    let place: HashMap<PersonId, usize> = learners.iter().map(|one| one.card.id).zip(0..).collect();
    let (guardians, ties) = families(conn, school, (&place, day)).await?;
    let mut of_year = groups::all(conn, school).await?;
    of_year.retain(|one| one.academic_year == found.academic_year);
    of_year.retain(|one| one.ends_on.is_none_or(|last| last >= day));
    let titles = of_year
        .iter()
        .map(|one| (one.id, one.title.clone()))
        .collect();
    let (whole, beside): (Vec<Group>, Vec<Group>) = of_year
        .into_iter()
        .partition(|one| one.kind == GroupKind::Class);
    let whole = whole
        .into_iter()
        .filter_map(|one| Some((one.id, one.class_id?)));
    let whole = whole.collect();
    let ids: Vec<PersonId> = place.keys().copied().collect();
    let mut members = groups::memberships(conn, school, &ids).await?;
    members.retain(|one| one.starts_on <= day && one.ends_on.is_none_or(|last| last >= day));
    let mut groups = with_members(beside, members, (&classes, &place));
    number(&mut groups, &mut learners, &plan);
    Ok(Snapshot {
        school: found,
        staff: employees,
        classes,
        pupils: learners,
        guardians,
        ties,
        groups,
        titles,
        whole,
        plan,
    })
}

fn in_order(mut classes: Vec<SchoolClass>) -> Vec<SchoolClass> {
    classes.sort_by_cached_key(|one| (one.grade, sort_key(&one.title), one.id.uuid()));
    classes
}

/// What tells people of one list apart, ids last.
fn person_key(of: &Person) -> (String, Option<Date>, String, String, uuid::Uuid) {
    let (phone, email) = (of.phone.clone(), of.email.clone());
    (
        of.sort_key.clone(),
        of.birth_date,
        phone,
        email,
        of.id.uuid(),
    )
}

async fn cards_of(
    conn: &impl ConnectionTrait,
    school: store::School,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Person>, DbErr> {
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let some = cards::some(conn, school, ids, false).await?;
        found.extend(some.iter().map(|card| (card.id, card.person())));
    }
    Ok(found)
}

async fn employees(
    conn: &impl ConnectionTrait,
    school: store::School,
    day: Date,
) -> Result<Vec<Employee>, DbErr> {
    let members = staff::present(conn, school, day).await?;
    let ids: Vec<PersonId> = members.iter().map(|one| one.person_id).collect();
    let mut cards = cards_of(conn, school, &ids).await?;
    let with_card = |member: StaffMember| {
        let card = cards.remove(&member.person_id)?;
        Some((member, card))
    };
    let mut list: Vec<(StaffMember, Person)> = members.into_iter().filter_map(with_card).collect();
    list.sort_by_cached_key(|(member, card)| {
        let key = person_key(card);
        (key.0.clone(), member.post.clone(), key)
    });
    let coded = list.into_iter().zip(1u32..);
    Ok(coded
        .map(|((member, card), number)| Employee {
            code: format!("С-{number:03}"),
            member,
            card,
        })
        .collect())
}

async fn learners(
    conn: &impl ConnectionTrait,
    school: store::School,
    (classes, day): (&[SchoolClass], Date),
) -> Result<Vec<Learner>, DbErr> {
    let ids: Vec<ClassId> = classes.iter().map(|one| one.id).collect();
    let mut enrolments = pupils::enrolments_in(conn, school, &ids).await?;
    enrolments.retain(|one| one.starts_on <= day && one.ends_on.is_none_or(|last| last >= day));
    let ids: Vec<PersonId> = enrolments.iter().map(|one| one.pupil_id).collect();
    let mut cards = cards_of(conn, school, &ids).await?;
    let place: HashMap<ClassId, usize> = classes.iter().map(|one| one.id).zip(0..).collect();
    let with_card = |one: Enrolment| {
        let card = cards.remove(&one.pupil_id)?;
        Some((one, card))
    };
    let mut list: Vec<(Enrolment, Person)> = enrolments.into_iter().filter_map(with_card).collect();
    list.sort_by_cached_key(|(one, card)| (place.get(&one.class_id).copied(), person_key(card)));
    let coded = list.into_iter().zip(1u32..);
    Ok(coded
        .map(|((enrolment, card), number)| Learner {
            code: format!("У-{number:04}"),
            enrolment,
            card,
            subgroup: None,
        })
        .collect())
}

async fn families(
    conn: &impl ConnectionTrait,
    school: store::School,
    (place, day): (&HashMap<PersonId, usize>, Date),
) -> Result<(Vec<Person>, Vec<GuardianLink>), DbErr> {
    let pupils: Vec<PersonId> = place.keys().copied().collect();
    let mut ties = Vec::new();
    for some in pupils.chunks(500) {
        ties.extend(guardians::of_pupils(conn, school, some).await?);
    }
    ties.retain(|one| one.is_in_force(day));
    let ids: BTreeSet<PersonId> = ties.iter().map(|one| one.guardian_id).collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let mut people: Vec<Person> = cards_of(conn, school, &ids).await?.into_values().collect();
    let first_child: HashMap<PersonId, usize> = ties.iter().fold(HashMap::new(), |mut map, tie| {
        let at = place.get(&tie.pupil_id).copied().unwrap_or(usize::MAX);
        map.entry(tie.guardian_id)
            .and_modify(|first: &mut usize| *first = (*first).min(at))
            .or_insert(at);
        map
    });
    people.sort_by_cached_key(|one| {
        let key = person_key(one);
        (key.0.clone(), first_child.get(&one.id).copied(), key)
    });
    let order: HashMap<PersonId, usize> = people.iter().map(|one| one.id).zip(0..).collect();
    ties.retain(|one| order.contains_key(&one.guardian_id));
    ties.sort_by_cached_key(|one| {
        let pupil = place.get(&one.pupil_id).copied();
        (
            pupil,
            order.get(&one.guardian_id).copied(),
            one.relation.clone(),
        )
    });
    Ok((people, ties))
}

fn with_members(
    groups: Vec<Group>,
    members: Vec<GroupMembership>,
    (classes, place): (&[SchoolClass], &HashMap<PersonId, usize>),
) -> Vec<GroupOf> {
    let of_class: HashMap<ClassId, usize> = classes.iter().map(|one| one.id).zip(0..).collect();
    let mut by_group: HashMap<GroupId, Vec<GroupMembership>> = HashMap::new();
    for one in members {
        by_group.entry(one.group_id).or_default().push(one);
    }
    let mut list: Vec<GroupOf> = groups
        .into_iter()
        .map(|group| {
            let mut members = by_group.remove(&group.id).unwrap_or_default();
            members.sort_by_key(|one| place.get(&one.pupil_id).copied());
            GroupOf {
                group,
                members,
                by_number: false,
            }
        })
        .collect();
    list.sort_by_cached_key(|one| {
        let class = one.group.class_id.and_then(|id| of_class.get(&id).copied());
        let class = class.unwrap_or(usize::MAX);
        (class, sort_key(&one.group.title), one.group.id.uuid())
    });
    list
}

/// The number of a subgroup that its title says.
fn numbered(group: &Group) -> Option<u8> {
    if group.kind != GroupKind::Subgroup {
        return None;
    }
    match GroupName::parse(&group.title).ok()?.part {
        Part::Subgroup { number, .. } => Some(number),
        Part::Whole | Part::Titled(_) => None,
    }
}

/// Gives each pupil the one number that all of the pupil's subgroups have, and finds the groups
/// that need no list of their own: taught, and of exactly the pupils of their number.
fn number(groups: &mut [GroupOf], pupils: &mut [Learner], plan: &GetSchoolPlanResponse) {
    let mut numbers: HashMap<PersonId, BTreeSet<u8>> = HashMap::new();
    for group in groups.iter() {
        let Some(number) = numbered(&group.group) else {
            continue;
        };
        for member in &group.members {
            numbers.entry(member.pupil_id).or_default().insert(number);
        }
    }
    for pupil in pupils.iter_mut() {
        let own = numbers.get(&pupil.card.id);
        pupil.subgroup = own
            .filter(|own| own.len() == 1)
            .and_then(|own| own.first().copied());
    }
    let taught: BTreeSet<&str> = plan.loads.iter().map(|one| one.group_id.as_str()).collect();
    for group in groups.iter_mut() {
        let Some(number) = numbered(&group.group) else {
            continue;
        };
        let by_number: BTreeSet<PersonId> = pupils
            .iter()
            .filter(|one| Some(one.enrolment.class_id) == group.group.class_id)
            .filter(|one| one.subgroup == Some(number))
            .map(|one| one.card.id)
            .collect();
        let members: BTreeSet<PersonId> = group.members.iter().map(|one| one.pupil_id).collect();
        let id = group.group.id.to_string();
        group.by_number = by_number == members && taught.contains(id.as_str());
    }
}
