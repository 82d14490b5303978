//! users, roles, enrollments, demographics.

use std::collections::{BTreeMap, HashMap};

use zhurnal_proto::id::{ClassId, PersonId};

use super::Sheet;
use super::places::grade;
use crate::domain::record::{GuardianLink, Person, Sex};
use crate::domain::school_import::value::{Post, PostKind, Relation, Value};
use crate::export::{Snapshot, form, informing, phone, yes_no};

/// What one person is in the school: a card may be of an employee and of a guardian.
struct User<'a> {
    card: &'a Person,
    post: &'a str,
    form: &'static str,
    grade: String,
    ties: Vec<&'a GuardianLink>,
}

impl<'a> User<'a> {
    fn of(card: &'a Person) -> Self {
        Self {
            card,
            post: "",
            form: "",
            grade: String::new(),
            ties: Vec::new(),
        }
    }
}

/// Staff, pupils, guardians; each card once, where it is met first.
fn everybody(of: &Snapshot) -> Vec<User<'_>> {
    let grades: HashMap<ClassId, u8> = of.classes.iter().map(|one| (one.id, one.grade)).collect();
    let mut users: Vec<User<'_>> = Vec::new();
    let mut place: HashMap<PersonId, usize> = HashMap::new();
    let cards = of.staff.iter().map(|one| &one.card);
    let cards = cards
        .chain(of.pupils.iter().map(|one| &one.card))
        .chain(&of.guardians);
    for card in cards {
        place.entry(card.id).or_insert_with(|| {
            users.push(User::of(card));
            users.len() - 1
        });
    }
    for one in &of.staff {
        if let Some(user) = place.get(&one.card.id).and_then(|at| users.get_mut(*at)) {
            user.post = &one.member.post;
        }
    }
    for one in &of.pupils {
        if let Some(user) = place.get(&one.card.id).and_then(|at| users.get_mut(*at)) {
            user.form = form(one.enrolment.form);
            user.grade = grades
                .get(&one.enrolment.class_id)
                .map(|one| grade(*one))
                .unwrap_or_default();
        }
    }
    for tie in &of.ties {
        if let Some(user) = place.get(&tie.pupil_id).and_then(|at| users.get_mut(*at)) {
            user.ties.push(tie);
        }
    }
    users
}

pub(super) fn users(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let school = of.school.id.to_string();
    let children = children(of);
    for user in everybody(of) {
        let (card, id) = (user.card, user.card.id.to_string());
        let each = |say: &dyn Fn(&GuardianLink) -> String| {
            let all: Vec<String> = user.ties.iter().map(|tie| say(tie)).collect();
            all.join(",")
        };
        let mut agents: Vec<String> = user
            .ties
            .iter()
            .map(|tie| tie.guardian_id.to_string())
            .collect();
        agents.extend(children.get(&card.id).into_iter().flatten().cloned());
        sheet.row(&[
            ("sourcedId", &id),
            ("enabledUser", "true"),
            ("username", &id),
            ("givenName", &card.name.given_name),
            ("familyName", &card.name.surname),
            ("middleName", &card.name.patronymic),
            ("email", &card.email),
            ("phone", &phone(card)),
            ("agentSourcedIds", &agents.join(",")),
            ("grades", &user.grade),
            ("primaryOrgSourcedId", &school),
            ("metadata.post", user.post),
            ("metadata.educationForm", user.form),
            (
                "metadata.agentRelations",
                &each(&|tie| tie.relation.clone()),
            ),
            (
                "metadata.agentRepresentatives",
                &each(&|tie| yes_no(tie.is_representative).to_owned()),
            ),
            (
                "metadata.agentInforming",
                &each(&|tie| informing(tie.informing).to_owned()),
            ),
        ])?;
    }
    Ok(())
}

/// The children of each guardian, who is their agent as they are the guardian's.
fn children(of: &Snapshot) -> HashMap<PersonId, Vec<String>> {
    let mut children: HashMap<PersonId, Vec<String>> = HashMap::new();
    for tie in &of.ties {
        children
            .entry(tie.guardian_id)
            .or_default()
            .push(tie.pupil_id.to_string());
    }
    children
}

/// The role that a post comes nearest to.
fn role_of_post(post: &str) -> &'static str {
    match Post::parse(post).map(|post| post.kind().clone()) {
        Ok(PostKind::Director | PostKind::Deputy) => "principal",
        Ok(PostKind::JournalAdministrator) => "siteAdministrator",
        Ok(PostKind::Teacher(_)) => "teacher",
        _ => "aide",
    }
}

/// A mother or father is a parent, a guardian by decision is one, others are relatives.
fn role_of_tie(tie: &GuardianLink) -> &'static str {
    match Relation::parse(&tie.relation) {
        Ok(Relation::Mother | Relation::Father | Relation::AdoptiveParent) => "parent",
        Ok(Relation::Guardian | Relation::Trustee | Relation::FosterParent) => "guardian",
        _ => "relative",
    }
}

pub(super) fn roles(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let school = of.school.id.to_string();
    let mut given: Vec<(PersonId, &str, String)> = Vec::new();
    for one in &of.staff {
        let since = one.member.starts_on.to_string();
        given.push((one.card.id, role_of_post(&one.member.post), since));
    }
    for one in &of.pupils {
        given.push((one.card.id, "student", one.enrolment.starts_on.to_string()));
    }
    let mut of_guardians: BTreeMap<(usize, &str), (PersonId, String)> = BTreeMap::new();
    let order: HashMap<PersonId, usize> = of.guardians.iter().map(|one| one.id).zip(0..).collect();
    for tie in &of.ties {
        let at = order.get(&tie.guardian_id).copied().unwrap_or(usize::MAX);
        let since = tie.starts_on.to_string();
        let role = of_guardians.entry((at, role_of_tie(tie)));
        let known = role.or_insert_with(|| (tie.guardian_id, since.clone()));
        known.1 = known.1.clone().min(since);
    }
    let of_guardians = of_guardians.into_iter();
    given.extend(of_guardians.map(|((_, role), (id, since))| (id, role, since)));
    let mut first: HashMap<PersonId, ()> = HashMap::new();
    for (id, role, since) in given {
        let primary = first.insert(id, ()).is_none();
        let id = id.to_string();
        sheet.row(&[
            ("sourcedId", &format!("rol_{id}_{role}")),
            ("userSourcedId", &id),
            ("roleType", if primary { "primary" } else { "secondary" }),
            ("role", role),
            ("beginDate", &since),
            ("orgSourcedId", &school),
        ])?;
    }
    Ok(())
}

pub(super) fn enrollments(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    let school = of.school.id.to_string();
    let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    for class in &of.classes {
        let Some(teacher) = class.class_teacher_id else {
            continue;
        };
        if !of.staff.iter().any(|one| one.card.id == teacher) {
            continue;
        }
        sheet.row(&[
            ("sourcedId", &format!("enr_{}_{teacher}", class.id)),
            ("classSourcedId", &class.id.to_string()),
            ("schoolSourcedId", &school),
            ("userSourcedId", &teacher.to_string()),
            ("role", "teacher"),
            ("primary", "true"),
        ])?;
    }
    for one in &of.pupils {
        sheet.row(&[
            ("sourcedId", &one.enrolment.id.to_string()),
            ("classSourcedId", &one.enrolment.class_id.to_string()),
            ("schoolSourcedId", &school),
            ("userSourcedId", &one.card.id.to_string()),
            ("role", "student"),
            ("primary", "false"),
            ("beginDate", &one.enrolment.starts_on.to_string()),
            ("endDate", &text(one.enrolment.ends_on)),
        ])?;
    }
    for group in &of.groups {
        for one in &group.members {
            sheet.row(&[
                (
                    "sourcedId",
                    &format!("enr_{}_{}", one.group_id, one.pupil_id),
                ),
                ("classSourcedId", &one.group_id.to_string()),
                ("schoolSourcedId", &school),
                ("userSourcedId", &one.pupil_id.to_string()),
                ("role", "student"),
                ("primary", "false"),
                ("beginDate", &one.starts_on.to_string()),
                ("endDate", &text(one.ends_on)),
            ])?;
        }
    }
    Ok(())
}

/// Of everybody of whom something is known.
pub(super) fn demographics(of: &Snapshot, sheet: &mut Sheet) -> Result<(), csv::Error> {
    for user in everybody(of) {
        let card = user.card;
        let sex = match card.sex {
            Some(Sex::Male) => "male",
            Some(Sex::Female) => "female",
            None => "",
        };
        let born = card
            .birth_date
            .map(|day| day.to_string())
            .unwrap_or_default();
        if sex.is_empty() && born.is_empty() {
            continue;
        }
        sheet.row(&[
            ("sourcedId", &card.id.to_string()),
            ("birthDate", &born),
            ("sex", sex),
        ])?;
    }
    Ok(())
}
