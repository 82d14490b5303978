//! Somebody of each role in a demo school.

use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::PersonId;

use crate::Roster;
use crate::domain::duty::Duty;
use crate::domain::record::Name;
use crate::store::{School, classes, guardians, people, pupils, schools, staff};

/// What somebody is in the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoRole {
    /// Director.
    Director,
    /// Deputy director.
    Deputy,
    /// Administrator of the e-journal.
    Administrator,
    /// Class teacher of the last class, who teaches it.
    ClassTeacher,
    /// Teaches, and is no class teacher.
    Teacher,
    /// Pupil of the last class.
    Pupil,
    /// Legal representative of that pupil.
    Guardian,
}

/// Somebody.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// What.
    pub role: DemoRole,
    /// Card.
    pub person_id: PersonId,
    /// «Примерова Мария Образцовна».
    pub name: String,
    /// Class of the pupil, the guardian's child, the class teacher; else empty.
    pub class_title: String,
}

/// Somebody of each role, in the order of [`DemoRole`].
pub(super) async fn somebody_of_each_role(
    roster: &Roster,
    school: School,
) -> Result<Vec<DemoPerson>, DbErr> {
    let conn = roster.cx.db.read();
    let staff = staff::page(conn, school, None, 1_000).await?;
    let Some(found) = schools::get(conn, school).await? else {
        return Ok(Vec::new());
    };
    let classes = classes::of_year(conn, school, &found.academic_year).await?;
    let class_teachers: Vec<PersonId> = classes
        .iter()
        .filter_map(|class| class.class_teacher_id)
        .collect();
    let last = classes.last();
    let with_duty = |duty: Duty| move |one: &&staff::Listed| one.member.duties.contains(&duty);
    let mut somebody = Vec::new();
    let mut add = |role, one: Option<&staff::Listed>, class_title: &str| {
        if let Some(one) = one {
            somebody.push(person(role, one.member.person_id, &one.name, class_title));
        }
    };
    add(
        DemoRole::Director,
        staff.iter().find(with_duty(Duty::Director)),
        "",
    );
    add(
        DemoRole::Deputy,
        staff.iter().find(with_duty(Duty::Deputy)),
        "",
    );
    add(
        DemoRole::Administrator,
        staff.iter().find(with_duty(Duty::Administrator)),
        "",
    );
    let of_last = |one: &&staff::Listed| {
        Some(one.member.person_id) == last.and_then(|class| class.class_teacher_id)
    };
    add(
        DemoRole::ClassTeacher,
        staff.iter().find(of_last),
        last.map_or("", |class| &class.title),
    );
    let only_teaches = |one: &&staff::Listed| {
        one.member.duties == [Duty::Teacher] && !class_teachers.contains(&one.member.person_id)
    };
    add(DemoRole::Teacher, staff.iter().find(only_teaches), "");
    let wanted = pupils::Wanted {
        day: roster.present_day(&found),
        class: last.map(|class| class.id),
        search: "",
    };
    for pupil in pupils::page(conn, school, wanted, None, 1).await? {
        let class = pupil.place.as_ref().map_or("", |(_, title, _)| title);
        somebody.push(person(DemoRole::Pupil, pupil.id, &pupil.name, class));
        somebody.extend(guardian_of(conn, school, pupil.id, class).await?);
    }
    Ok(somebody)
}

async fn guardian_of(
    conn: &impl ConnectionTrait,
    school: School,
    pupil: PersonId,
    class: &str,
) -> Result<Option<DemoPerson>, DbErr> {
    let links = guardians::of_pupil(conn, school, pupil).await?;
    let Some(link) = links.iter().find(|link| link.is_representative) else {
        return Ok(None);
    };
    let names = people::names(conn, school, vec![link.guardian_id]).await?;
    Ok(names
        .get(&link.guardian_id)
        .map(|name| person(DemoRole::Guardian, link.guardian_id, name, class)))
}

fn person(role: DemoRole, person_id: PersonId, name: &Name, class_title: &str) -> DemoPerson {
    let name = format!("{} {} {}", name.surname, name.given_name, name.patronymic)
        .trim_end()
        .to_owned();
    DemoPerson {
        role,
        person_id,
        name,
        class_title: class_title.to_owned(),
    }
}
