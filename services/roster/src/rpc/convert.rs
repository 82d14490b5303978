//! Records as messages of the contract; nothing else.

use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::types::v1::PersonName;

use crate::domain::duty::Duty;
use crate::domain::record::{
    EducationForm, Enrolment, Group, GroupKind, GroupMembership, GuardianLink, Informing,
    Municipality, Name, Person, School, SchoolClass, SchoolState, Sex, StaffMember, Supervision,
};

/// An instant.
pub(crate) fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    // A negative part of a second does not occur after 1970.
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond().max(0),
    }
}

/// An instant as stored.
pub(crate) fn stored(micros: i64) -> prost_types::Timestamp {
    timestamp(chassis::db::from_micros(micros))
}

/// A date that may be missing.
pub(super) fn date(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

pub(crate) fn name(name: &Name) -> PersonName {
    PersonName {
        surname: name.surname.clone(),
        given_name: name.given_name.clone(),
        patronymic: name.patronymic.clone(),
    }
}

pub(crate) fn school(school: &School) -> pb::School {
    let state = match school.state {
        SchoolState::Preparing => pb::SchoolState::Preparing,
        SchoolState::Active => pb::SchoolState::Active,
    };
    pb::School {
        school_id: school.id.to_string(),
        title: school.title.clone(),
        municipality: school.municipality.clone(),
        municipality_id: school
            .municipality_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        academic_year: school.academic_year.clone(),
        study_week_days: school.study_week_days.into(),
        time_zone: school.time_zone.clone(),
        state: state.into(),
        etag: chassis::etag::of(school.version),
    }
}

pub(crate) fn municipality(municipality: &Municipality, schools: u32) -> pb::Municipality {
    pb::Municipality {
        municipality_id: municipality.id.to_string(),
        title: municipality.title.clone(),
        school_count: schools,
        etag: chassis::etag::of(municipality.version),
    }
}

pub(crate) fn school_class(
    school: SchoolId,
    class: &SchoolClass,
    pupils: u32,
    teacher: Option<&Name>,
) -> pb::SchoolClass {
    pb::SchoolClass {
        class_id: class.id.to_string(),
        school_id: school.to_string(),
        academic_year: class.academic_year.clone(),
        grade: class.grade.into(),
        letter: class.letter.clone(),
        title: class.title.clone(),
        shift: class.shift.into(),
        class_teacher_id: class
            .class_teacher_id
            .as_ref()
            .map(PersonId::to_string)
            .unwrap_or_default(),
        class_teacher_name: teacher.map(name),
        pupil_count: pupils,
    }
}

pub(crate) fn group_kind(kind: GroupKind) -> pb::GroupKind {
    match kind {
        GroupKind::Class => pb::GroupKind::Class,
        GroupKind::Subgroup => pb::GroupKind::Subgroup,
        GroupKind::Elective => pb::GroupKind::Elective,
        GroupKind::Club => pb::GroupKind::Club,
        GroupKind::ExtendedDay => pb::GroupKind::ExtendedDay,
        GroupKind::Individual => pb::GroupKind::Individual,
    }
}

/// A group as the feed tells it.
pub(crate) fn group(school: SchoolId, group: &Group) -> pb::Group {
    pb::Group {
        group_id: group.id.to_string(),
        school_id: school.to_string(),
        academic_year: group.academic_year.clone(),
        title: group.title.clone(),
        kind: group_kind(group.kind).into(),
        class_id: group
            .class_id
            .as_ref()
            .map(ClassId::to_string)
            .unwrap_or_default(),
        grade: group.place.map_or(0, |place| place.grade.into()),
        shift: group.place.map_or(0, |place| place.shift.into()),
        unmarked: group.unmarked,
        ends_on: group.ends_on.map(|day| day.to_string()).unwrap_or_default(),
        member_count: 0,
        etag: String::new(),
    }
}

/// A group as answers show it.
pub(crate) fn shown_group(
    school: SchoolId,
    (shown, version): (&Group, i64),
    members: u32,
) -> pb::Group {
    pb::Group {
        member_count: members,
        etag: chassis::etag::of(version),
        ..group(school, shown)
    }
}

/// The kind that a request names; `None`: unspecified.
pub(crate) fn read_group_kind(kind: pb::GroupKind) -> Option<GroupKind> {
    Some(match kind {
        pb::GroupKind::Unspecified => return None,
        pb::GroupKind::Class => GroupKind::Class,
        pb::GroupKind::Subgroup => GroupKind::Subgroup,
        pb::GroupKind::Elective => GroupKind::Elective,
        pb::GroupKind::Club => GroupKind::Club,
        pb::GroupKind::ExtendedDay => GroupKind::ExtendedDay,
        pb::GroupKind::Individual => GroupKind::Individual,
    })
}

/// The personal part of a card, for the feed.
pub(crate) fn person_card(person: &Person) -> pb::PersonCard {
    pb::PersonCard {
        person_id: person.id.to_string(),
        name: Some(name(&person.name)),
        sort_key: person.sort_key.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        has_birth_date: person.birth_date.is_some(),
    }
}

/// An employee without the personal part, as in the feed.
pub(crate) fn staff_member(school: SchoolId, member: &StaffMember) -> pb::StaffMember {
    let duty = |duty: &Duty| match duty {
        Duty::Director => pb::Duty::Director,
        Duty::Deputy => pb::Duty::Deputy,
        Duty::Administrator => pb::Duty::Administrator,
        Duty::Secretary => pb::Duty::Secretary,
        Duty::Engineer => pb::Duty::Engineer,
        Duty::Teacher => pb::Duty::Teacher,
    };
    pb::StaffMember {
        person_id: member.person_id.to_string(),
        school_id: school.to_string(),
        name: None,
        post: member.post.clone(),
        duties: member.duties.iter().map(|d| duty(d).into()).collect(),
        starts_on: member.starts_on.to_string(),
        ends_on: date(member.ends_on),
        phone: String::new(),
        email: String::new(),
    }
}

pub(crate) fn sex(sex: Option<Sex>) -> pb::Sex {
    match sex {
        None => pb::Sex::Unspecified,
        Some(Sex::Male) => pb::Sex::Male,
        Some(Sex::Female) => pb::Sex::Female,
    }
}

pub(crate) fn education_form(form: EducationForm) -> pb::EducationForm {
    match form {
        EducationForm::FullTime => pb::EducationForm::FullTime,
        EducationForm::Home => pb::EducationForm::Home,
        EducationForm::Family => pb::EducationForm::Family,
    }
}

pub(crate) fn enrolment(school: SchoolId, enrolment: &Enrolment) -> pb::Enrolment {
    pb::Enrolment {
        enrolment_id: enrolment.id.to_string(),
        school_id: school.to_string(),
        pupil_id: enrolment.pupil_id.to_string(),
        class_id: enrolment.class_id.to_string(),
        education_form: education_form(enrolment.form).into(),
        starts_on: enrolment.starts_on.to_string(),
        ends_on: date(enrolment.ends_on),
        order_id: enrolment.order_id.to_string(),
    }
}

pub(crate) fn membership(school: SchoolId, membership: &GroupMembership) -> pb::GroupMembership {
    pb::GroupMembership {
        school_id: school.to_string(),
        group_id: membership.group_id.to_string(),
        pupil_id: membership.pupil_id.to_string(),
        starts_on: membership.starts_on.to_string(),
        ends_on: date(membership.ends_on),
    }
}

pub(crate) const fn informing(informing: Informing) -> pb::Informing {
    match informing {
        Informing::Electronic => pb::Informing::Electronic,
        Informing::Paper => pb::Informing::Paper,
    }
}

pub(crate) fn guardian_link(
    school: SchoolId,
    link: &GuardianLink,
    guardian: Option<&Name>,
) -> pb::GuardianLink {
    pb::GuardianLink {
        guardian_link_id: link.id.to_string(),
        school_id: school.to_string(),
        guardian_id: link.guardian_id.to_string(),
        pupil_id: link.pupil_id.to_string(),
        relation: link.relation.clone(),
        is_representative: link.is_representative,
        informing: informing(link.informing).into(),
        starts_on: link.starts_on.to_string(),
        ends_on: date(link.ends_on),
        guardian_name: guardian.map(name),
    }
}

pub(crate) fn supervision(school: SchoolId, supervision: &Supervision) -> pb::Supervision {
    pb::Supervision {
        supervision_id: supervision.id.to_string(),
        school_id: school.to_string(),
        person_id: supervision.person_id.to_string(),
        grade_from: supervision.grade_from.into(),
        grade_to: supervision.grade_to.into(),
        starts_on: supervision.starts_on.to_string(),
        ends_on: date(supervision.ends_on),
    }
}
