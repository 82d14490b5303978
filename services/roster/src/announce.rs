//! What roster announces: events with lists of at most 500 items, each item the full
//! present state of its record. Names and contacts go into PeopleChanged alone.

use std::collections::HashMap;

use chassis::db::UnitOfWork;
use chassis::outbox::Announcement;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use prost::Message;
use zhurnal_proto::id::{ClassId, GroupId, MunicipalityId, RegistryRecordId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::domain::admission::Admission;
use crate::domain::record::{
    Enrolment, Group, GroupMembership, GuardianLink, Municipality, Person, School, SchoolClass,
    Supervision,
};
use crate::rpc::{convert, journal_mode_entry, registry_entry};
use crate::store::journal_modes;
use crate::store::registries::Kept;

/// Most items of one event.
const ITEMS: usize = 500;

/// Kind of the event with the personal part.
pub const PEOPLE_CHANGED: &str = "people_changed";

/// Every kind but the personal one.
pub const IMPERSONAL: [&str; 12] = [
    "school_changed",
    "staff_changed",
    "classes_changed",
    "groups_changed",
    "enrolments_changed",
    "memberships_changed",
    "guardian_links_changed",
    "supervisions_changed",
    "registry_records_changed",
    "journal_modes_changed",
    "municipality_changed",
    "authority_records_changed",
];

/// Announces a school's present state.
pub fn school(uow: &mut UnitOfWork, now: Timestamp, school: &School) {
    let change = pb::SchoolChanged {
        school: Some(convert::school(school)),
    };
    event(uow, now, school.id, Change::SchoolChanged(change));
}

/// Announces a municipality's present state.
pub fn municipality(uow: &mut UnitOfWork, now: Timestamp, municipality: &Municipality) {
    let change = pb::MunicipalityChanged {
        municipality: Some(convert::municipality(municipality, 0)),
    };
    let key = municipality.id.to_string();
    regional(uow, now, key, Change::MunicipalityChanged(change));
}

/// Announces records above schools that were added, changed or removed; `of`: the
/// municipality, or else the ministry.
pub fn authority_records(
    uow: &mut UnitOfWork,
    now: Timestamp,
    of: Option<MunicipalityId>,
    (records, removed): (&[Kept], Option<RegistryRecordId>),
) {
    if records.is_empty() && removed.is_none() {
        return;
    }
    let municipality_id = of.map(|id| id.to_string()).unwrap_or_default();
    let change = pb::AuthorityRecordsChanged {
        municipality_id: municipality_id.clone(),
        records: records.iter().map(registry_entry::announced).collect(),
        removed_ids: removed.map(|id| id.to_string()).into_iter().collect(),
    };
    let change = Change::AuthorityRecordsChanged(change);
    regional(uow, now, municipality_id, change);
}

/// Announces records of the registries that were added or changed.
pub fn registry_records(uow: &mut UnitOfWork, now: Timestamp, school: SchoolId, records: &[Kept]) {
    lists(
        uow,
        now,
        school,
        records,
        registry_entry::announced,
        |records| {
            Change::RegistryRecordsChanged(pb::RegistryRecordsChanged {
                records,
                removed_ids: Vec::new(),
            })
        },
    );
}

/// Announces that a record of a registry is gone.
pub fn registry_record_removed(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: SchoolId,
    id: RegistryRecordId,
) {
    let change = pb::RegistryRecordsChanged {
        records: Vec::new(),
        removed_ids: vec![id.to_string()],
    };
    event(uow, now, school, Change::RegistryRecordsChanged(change));
}

/// Announces a decision on how the journal is kept.
pub fn journal_mode(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: SchoolId,
    kept: &journal_modes::Kept,
) {
    let change = pb::JournalModesChanged {
        modes: vec![journal_mode_entry::announced(kept)],
    };
    event(uow, now, school, Change::JournalModesChanged(change));
}

/// Announces who was put in charge of corrections, and who is not any more.
pub fn supervisions(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: SchoolId,
    changed: &[Supervision],
) {
    let supervision = |one: &_| convert::supervision(school, one);
    lists(uow, now, school, changed, supervision, |supervisions| {
        Change::SupervisionsChanged(pb::SupervisionsChanged { supervisions })
    });
}

/// Announces everything that an import has made, references before what refers to them.
/// `of`: the school with the municipality that it was put into.
pub fn admission(uow: &mut UnitOfWork, now: Timestamp, of: &School, new: &Admission) {
    let id = of.id;
    school(uow, now, of);
    lists(uow, now, id, &new.people, convert::person_card, |people| {
        Change::PeopleChanged(pb::PeopleChanged { people })
    });
    let member = |m: &_| convert::staff_member(id, m);
    lists(uow, now, id, &new.staff, member, |staff| {
        Change::StaffChanged(pb::StaffChanged { staff })
    });
    let mut sizes: HashMap<ClassId, u32> = HashMap::new();
    for enrolment in &new.enrolments {
        *sizes.entry(enrolment.class_id).or_default() += 1;
    }
    let class = |c: &SchoolClass| {
        convert::school_class(id, c, sizes.get(&c.id).copied().unwrap_or(0), None)
    };
    lists(uow, now, id, &new.classes, class, classes_changed);
    let group = |g: &_| convert::group(id, g);
    lists(uow, now, id, &new.groups, group, groups_changed);
    enrolments_and_the_like(
        uow,
        now,
        id,
        (&new.enrolments, &new.memberships, &new.guardian_links),
    );
    supervisions(uow, now, id, &new.supervisions);
}

/// What an order, its reversal or an application of a family has changed; withdrawn records end on [`NEVER`].
#[derive(Debug, Default)]
pub struct Moved {
    /// Cards that were made.
    pub people: Vec<Person>,
    /// Enrolments.
    pub enrolments: Vec<Enrolment>,
    /// Memberships.
    pub memberships: Vec<GroupMembership>,
    /// Guardians' links.
    pub guardian_links: Vec<GuardianLink>,
}

/// The last day of a record that was withdrawn: no day of any record's period.
pub const NEVER: Date = date(1, 1, 1);

/// Announces what an order has changed, references before what refers to them.
pub fn moved(uow: &mut UnitOfWork, now: Timestamp, id: SchoolId, moved: &Moved) {
    lists(
        uow,
        now,
        id,
        &moved.people,
        convert::person_card,
        |people| Change::PeopleChanged(pb::PeopleChanged { people }),
    );
    enrolments_and_the_like(
        uow,
        now,
        id,
        (&moved.enrolments, &moved.memberships, &moved.guardian_links),
    );
}

/// Announces a group that people keep, and who came to it or left it.
pub fn group(
    uow: &mut UnitOfWork,
    now: Timestamp,
    id: SchoolId,
    (group, memberships): (&Group, &[GroupMembership]),
) {
    let groups = vec![convert::group(id, group)];
    event(uow, now, id, groups_changed(groups));
    enrolments_and_the_like(uow, now, id, (&[], memberships, &[]));
}

/// Announces that a group is there no more, and that its memberships never were.
pub fn group_removed(
    uow: &mut UnitOfWork,
    now: Timestamp,
    id: SchoolId,
    (group, memberships): (GroupId, &[GroupMembership]),
) {
    enrolments_and_the_like(uow, now, id, (&[], memberships, &[]));
    let change = pb::GroupsChanged {
        groups: Vec::new(),
        removed_ids: vec![group.to_string()],
    };
    event(uow, now, id, Change::GroupsChanged(change));
}

/// Announces a year that was opened: the school, its new classes and groups, who is where.
pub fn year_opened(
    uow: &mut UnitOfWork,
    now: Timestamp,
    of: &School,
    (classes, groups): (&[SchoolClass], &[Group]),
    moved: &Moved,
) {
    school(uow, now, of);
    let class = |class: &SchoolClass| {
        let pupils = moved.enrolments.iter();
        let pupils = pupils.filter(|one| one.class_id == class.id).count();
        convert::school_class(
            of.id,
            class,
            u32::try_from(pupils).unwrap_or(u32::MAX),
            None,
        )
    };
    lists(uow, now, of.id, classes, class, classes_changed);
    let group = |group: &_| convert::group(of.id, group);
    lists(uow, now, of.id, groups, group, groups_changed);
    self::moved(uow, now, of.id, moved);
}

/// Announces that a year which was opened is not: the way back.
pub fn year_withdrawn(
    uow: &mut UnitOfWork,
    now: Timestamp,
    of: &School,
    (classes, groups): (&[ClassId], &[GroupId]),
    moved: &Moved,
) {
    school(uow, now, of);
    self::moved(uow, now, of.id, moved);
    lists(uow, now, of.id, groups, GroupId::to_string, |removed_ids| {
        Change::GroupsChanged(pb::GroupsChanged {
            groups: Vec::new(),
            removed_ids,
        })
    });
    lists(
        uow,
        now,
        of.id,
        classes,
        ClassId::to_string,
        |removed_ids| {
            Change::ClassesChanged(pb::ClassesChanged {
                classes: Vec::new(),
                removed_ids,
            })
        },
    );
}

fn classes_changed(classes: Vec<pb::SchoolClass>) -> Change {
    Change::ClassesChanged(pb::ClassesChanged {
        classes,
        removed_ids: Vec::new(),
    })
}

fn groups_changed(groups: Vec<pb::Group>) -> Change {
    Change::GroupsChanged(pb::GroupsChanged {
        groups,
        removed_ids: Vec::new(),
    })
}

fn enrolments_and_the_like(
    uow: &mut UnitOfWork,
    now: Timestamp,
    id: SchoolId,
    (enrolments, memberships, links): (&[Enrolment], &[GroupMembership], &[GuardianLink]),
) {
    let enrolment = |e: &_| convert::enrolment(id, e);
    lists(uow, now, id, enrolments, enrolment, |enrolments| {
        Change::EnrolmentsChanged(pb::EnrolmentsChanged { enrolments })
    });
    let membership = |m: &_| convert::membership(id, m);
    lists(uow, now, id, memberships, membership, |memberships| {
        Change::MembershipsChanged(pb::MembershipsChanged { memberships })
    });
    let link = |l: &_| convert::guardian_link(id, l, None);
    lists(uow, now, id, links, link, |guardian_links| {
        Change::GuardianLinksChanged(pb::GuardianLinksChanged { guardian_links })
    });
}

fn lists<T, M>(
    uow: &mut UnitOfWork,
    now: Timestamp,
    school: SchoolId,
    records: &[T],
    item: impl Fn(&T) -> M,
    change: impl Fn(Vec<M>) -> Change,
) {
    for chunk in records.chunks(ITEMS) {
        event(uow, now, school, change(chunk.iter().map(&item).collect()));
    }
}

fn event(uow: &mut UnitOfWork, now: Timestamp, school: SchoolId, change: Change) {
    let kind = kind(&change);
    let event = pb::RosterEvent {
        occurred_at: Some(convert::timestamp(now)),
        school_id: school.to_string(),
        change: Some(change),
    };
    uow.announce(Announcement {
        school_id: Some(school.uuid()),
        kind,
        key: school.to_string(),
        payload: event.encode_to_vec(),
        occurred_at: now,
    });
}

/// An event of the region.
fn regional(uow: &mut UnitOfWork, now: Timestamp, key: String, change: Change) {
    let kind = kind(&change);
    let event = pb::RosterEvent {
        occurred_at: Some(convert::timestamp(now)),
        school_id: String::new(),
        change: Some(change),
    };
    uow.announce(Announcement {
        school_id: None,
        kind,
        key,
        payload: event.encode_to_vec(),
        occurred_at: now,
    });
}

fn kind(change: &Change) -> &'static str {
    let [
        school,
        staff,
        classes,
        groups,
        enrolments,
        memberships,
        links,
        supervisions,
        records,
        modes,
        municipality,
        authority_records,
    ] = IMPERSONAL;
    match change {
        Change::SchoolChanged(_) => school,
        Change::PeopleChanged(_) => PEOPLE_CHANGED,
        Change::StaffChanged(_) => staff,
        Change::ClassesChanged(_) => classes,
        Change::GroupsChanged(_) => groups,
        Change::EnrolmentsChanged(_) => enrolments,
        Change::MembershipsChanged(_) => memberships,
        Change::GuardianLinksChanged(_) => links,
        Change::SupervisionsChanged(_) => supervisions,
        Change::RegistryRecordsChanged(_) => records,
        Change::JournalModesChanged(_) => modes,
        Change::MunicipalityChanged(_) => municipality,
        Change::AuthorityRecordsChanged(_) => authority_records,
    }
}
