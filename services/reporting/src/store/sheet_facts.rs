//! What is counted for the control sheets: a dozen statements whatever the size of the
//! school, the largest of them over one row per pupil or distinct lesson of a group.

use std::collections::{BTreeMap, BTreeSet};

use chassis::db::statement;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryResult, Value};
use uuid::Uuid;
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1::{
    EquipmentKind, LocalActKind, MeasureKind, Registry, ResponsibilityKind, TrainingKind,
};
use zhurnal_proto::schedule::v1::LessonPlanState;

use super::School;
use super::column::{self, count};
use super::entity::{registry_record, school_year};
use crate::domain::sheet::{AccessPoint, Act, Done, Facts, Of, Responsible};

// Kinds as the feeds number them.
const MEASURES: i16 = Registry::Measures as i16;
const RESPONSIBLE: i16 = Registry::ResponsiblePersons as i16;
const ACTS: i16 = Registry::LocalActs as i16;
const TRAININGS: i16 = Registry::Trainings as i16;
const EQUIPMENT: i16 = Registry::Equipment as i16;
const WITH_FAMILIES: i16 = MeasureKind::Families as i16;
const CONTROL: i16 = MeasureKind::Control as i16;
const ADMINISTRATOR: i16 = ResponsibilityKind::Administrator as i16;
const HEALTH_SHEET: i16 = ResponsibilityKind::HealthSheet as i16;
const ATTENDANCE: i16 = ResponsibilityKind::Attendance as i16;
const JOB_DESCRIPTION: i16 = LocalActKind::JobDescription as i16;
const ASSESSMENT: i16 = LocalActKind::Assessment as i16;
const COURSE: i16 = TrainingKind::Course as i16;
const QUESTIONNAIRE: i16 = TrainingKind::Questionnaire as i16;
const OTHER_EQUIPMENT: i16 = EquipmentKind::Other as i16;
const APPROVED: i16 = LessonPlanState::Approved as i16;

/// Whose year, which day.
#[derive(Debug, Clone, Copy)]
pub struct When<'a> {
    /// Academic year, `2026/2027`.
    pub academic_year: &'a str,
    /// Day.
    pub day: Date,
}

/// Counts everything of a school; `entry_due` is left to the caller.
pub async fn facts(
    conn: &impl ConnectionTrait,
    school: School,
    when: When<'_>,
) -> Result<Facts, DbErr> {
    let ask = Ask {
        conn,
        school,
        day: when.day.to_string(),
        year: when.academic_year,
    };
    let mut facts = Facts::default();
    let lessons = ask.lessons().await?;
    let records = ask.records().await?;
    let posts = staff(&ask, &lessons, &records, &mut facts).await?;
    pupils(&ask, &mut facts).await?;
    home(&ask, &lessons, &mut facts).await?;
    let classes = ask.classes().await?;
    year(&ask, &classes, &lessons, &mut facts).await?;
    groups(&ask, &mut facts).await?;
    registries(&ask, &records, &posts, &mut facts)?;
    Ok(facts)
}

/// Who answers for the journal today: card and post.
pub async fn administrator(
    conn: &impl ConnectionTrait,
    school: School,
    day: Date,
) -> Result<Option<(PersonId, String)>, DbErr> {
    let day = day.to_string();
    let sql = "SELECT r.person_id, s.post FROM registry_record AS r
        LEFT JOIN staff_member AS s ON s.school_id = r.school_id AND s.person_id = r.person_id
        WHERE r.school_id = ? AND r.registry = ? AND r.kind = ? AND r.person_id IS NOT NULL
            AND r.day <= ? AND (r.ends_on IS NULL OR r.ends_on >= ?)
        ORDER BY r.day DESC, r.record_id LIMIT 1";
    let values: [Value; 5] = [
        school.uuid().into(),
        RESPONSIBLE.into(),
        ADMINISTRATOR.into(),
        day.clone().into(),
        day.into(),
    ];
    let query = statement(conn.get_database_backend(), sql, values);
    let row = conn.query_one_raw(query).await?;
    let read = |row: QueryResult| {
        let post: Option<String> = row.try_get_by_index(1)?;
        Ok((
            PersonId::from_uuid(row.try_get_by_index(0)?),
            post.unwrap_or_default(),
        ))
    };
    row.map(read).transpose()
}

/// The post of an employee; empty when there is none.
pub async fn post(
    conn: &impl ConnectionTrait,
    school: School,
    person: PersonId,
) -> Result<String, DbErr> {
    use super::entity::staff_member;
    let row = staff_member::Entity::find_by_id((school.uuid(), person.uuid()))
        .one(conn)
        .await?;
    Ok(row.map(|row| row.post).unwrap_or_default())
}

struct Ask<'a, C> {
    conn: &'a C,
    school: School,
    day: String,
    year: &'a str,
}

/// Groups, classes and teachers that have lessons in the year.
#[derive(Default)]
struct Taught {
    groups: BTreeSet<Uuid>,
    classes: BTreeSet<Uuid>,
    teachers: BTreeSet<Uuid>,
}

struct ClassRow {
    id: Uuid,
    grade: i16,
    shift: i16,
    has_teacher: bool,
    has_pupils: bool,
}

impl<C: ConnectionTrait> Ask<'_, C> {
    async fn all(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let values = std::iter::once(Value::from(self.school.uuid())).chain(values);
        self.conn
            .query_all_raw(statement(self.conn.get_database_backend(), sql, values))
            .await
    }

    /// A day for `starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)`.
    fn today(&self) -> [Value; 2] {
        [self.day.clone().into(), self.day.clone().into()]
    }

    async fn lessons(&self) -> Result<Taught, DbErr> {
        let sql = "SELECT DISTINCT group_id, class_id, teacher_id FROM lesson
            WHERE school_id = ? AND academic_year = ? AND state <> 3";
        let mut taught = Taught::default();
        for row in self.all(sql, [self.year.into()]).await? {
            taught.groups.insert(row.try_get_by_index(0)?);
            taught
                .classes
                .extend(row.try_get_by_index::<Option<Uuid>>(1)?);
            taught
                .teachers
                .extend(row.try_get_by_index::<Option<Uuid>>(2)?);
        }
        Ok(taught)
    }

    /// Records of all registries, in order of their day.
    async fn records(&self) -> Result<Vec<registry_record::Model>, DbErr> {
        use registry_record::Column as R;
        use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
        registry_record::Entity::find()
            .filter(R::SchoolId.eq(self.school.uuid()))
            .order_by_asc(R::Day)
            .order_by_asc(R::RecordId)
            .all(self.conn)
            .await
    }

    async fn classes(&self) -> Result<Vec<ClassRow>, DbErr> {
        let sql = "SELECT c.class_id, c.grade, c.shift, c.class_teacher_id IS NOT NULL,
                EXISTS (SELECT 1 FROM enrolment AS e WHERE e.school_id = c.school_id AND e.class_id = c.class_id
                    AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?))
            FROM school_class AS c WHERE c.school_id = ? AND c.academic_year = ?";
        let [from, to] = self.today();
        let values = [from, to, self.school.uuid().into(), self.year.into()];
        let query = statement(self.conn.get_database_backend(), sql, values);
        let read = |row: &QueryResult| {
            Ok(ClassRow {
                id: row.try_get_by_index(0)?,
                grade: row.try_get_by_index(1)?,
                shift: row.try_get_by_index(2)?,
                has_teacher: row.try_get_by_index(3)?,
                has_pupils: row.try_get_by_index(4)?,
            })
        };
        self.conn
            .query_all_raw(query)
            .await?
            .iter()
            .map(read)
            .collect()
    }
}

/// Employees of the day: accounts, loads, timetables, trainings. Answers their posts.
async fn staff<C: ConnectionTrait>(
    ask: &Ask<'_, C>,
    taught: &Taught,
    records: &[registry_record::Model],
    facts: &mut Facts,
) -> Result<BTreeMap<Uuid, String>, DbErr> {
    let sql = "SELECT s.person_id, s.post, s.teaches, COALESCE(a.issued, FALSE), COALESCE(a.registered, FALSE)
        FROM staff_member AS s
        LEFT JOIN access_fact AS a ON a.school_id = s.school_id AND a.person_id = s.person_id
        WHERE s.school_id = ? AND s.starts_on <= ? AND (s.ends_on IS NULL OR s.ends_on >= ?)";
    let loads = "SELECT DISTINCT teacher_id FROM teaching_load
        WHERE school_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)";
    let mut loaded = BTreeSet::new();
    for row in ask.all(loads, ask.today()).await? {
        loaded.insert(row.try_get_by_index::<Uuid>(0)?);
    }
    let held = |wanted: &dyn Fn(i16) -> bool| -> BTreeSet<Uuid> {
        let done = records
            .iter()
            .filter(|one| one.registry == TRAININGS && one.done_on.is_some() && wanted(one.kind));
        done.filter_map(|one| one.person_id).collect()
    };
    let asked = held(&|kind| kind == QUESTIONNAIRE);
    let trained = held(&|kind| kind != QUESTIONNAIRE);
    let courses = held(&|kind| kind == COURSE);
    let mut posts = BTreeMap::new();
    for row in ask.all(sql, ask.today()).await? {
        let person: Uuid = row.try_get_by_index(0)?;
        let post: String = row.try_get_by_index(1)?;
        facts.staff.add(!post.is_empty());
        posts.insert(person, post);
        facts.issued[0] += u32::from(row.try_get_by_index::<bool>(3)?);
        facts.staff_accounts.add(row.try_get_by_index(4)?);
        let teaches: bool = row.try_get_by_index(2)?;
        if teaches {
            facts.loads.add(loaded.contains(&person));
            facts.questionnaires.add(asked.contains(&person));
            facts.trainings.add(trained.contains(&person));
            facts.courses.add(courses.contains(&person));
        }
    }
    for teacher in &loaded {
        facts
            .teacher_timetables
            .add(taught.teachers.contains(teacher));
    }
    Ok(posts)
}

/// Pupils of the day and their guardians.
async fn pupils<C: ConnectionTrait>(ask: &Ask<'_, C>, facts: &mut Facts) -> Result<(), DbErr> {
    let sql = "SELECT COUNT(*), SUM(CASE WHEN c.surname <> '' THEN 1 ELSE 0 END),
            SUM(CASE WHEN c.surname <> '' AND c.has_birth_date THEN 1 ELSE 0 END),
            SUM(CASE WHEN EXISTS (SELECT 1 FROM guardian_link AS g
                WHERE g.school_id = e.school_id AND g.pupil_id = e.pupil_id
                    AND g.starts_on <= ? AND (g.ends_on IS NULL OR g.ends_on >= ?)) THEN 1 ELSE 0 END),
            SUM(CASE WHEN e.by_order THEN 1 ELSE 0 END),
            SUM(CASE WHEN a.issued THEN 1 ELSE 0 END), SUM(CASE WHEN a.registered THEN 1 ELSE 0 END)
        FROM enrolment AS e
        LEFT JOIN person_card AS c ON c.school_id = e.school_id AND c.person_id = e.pupil_id
        LEFT JOIN access_fact AS a ON a.school_id = e.school_id AND a.person_id = e.pupil_id
        WHERE e.school_id = ? AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?)";
    let [from, to] = ask.today();
    let values = [from.clone(), to.clone(), ask.school.uuid().into(), from, to];
    let sums = ask.sums(sql, values).await?;
    let of = |at: usize| Of::new(sums[at], sums[0]);
    facts.pupils = of(1);
    facts.cards = of(2);
    facts.guardians = of(3);
    facts.orders = of(4);
    facts.issued[1] = sums[5];
    facts.pupil_accounts = of(6);

    let sql = "SELECT COUNT(*), SUM(CASE WHEN a.issued THEN 1 ELSE 0 END), SUM(CASE WHEN a.registered THEN 1 ELSE 0 END)
        FROM (SELECT DISTINCT g.school_id, g.guardian_id FROM enrolment AS e
            JOIN guardian_link AS g ON g.school_id = e.school_id AND g.pupil_id = e.pupil_id
            WHERE e.school_id = ? AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?)
                AND g.is_representative AND g.starts_on <= ? AND (g.ends_on IS NULL OR g.ends_on >= ?)) AS p
        LEFT JOIN access_fact AS a ON a.school_id = p.school_id AND a.person_id = p.guardian_id";
    let [from, to] = ask.today();
    let values = [ask.school.uuid().into(), from.clone(), to.clone(), from, to];
    let sums = ask.sums(sql, values).await?;
    facts.issued[2] = sums[1];
    facts.guardian_accounts = Of::new(sums[2], sums[0]);
    Ok(())
}

impl<C: ConnectionTrait> Ask<'_, C> {
    /// The counts of the only row; a sum over nothing is 0.
    async fn sums(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<u32>, DbErr> {
        let query = statement(self.conn.get_database_backend(), sql, values);
        let row = self.conn.query_one_raw(query).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("counts".to_owned()))?;
        (0..row.column_names().len())
            .map(|at| {
                let sum: Option<i64> = row.try_get_by_index(at)?;
                Ok(count("enrolment", "sums", sum.unwrap_or(0))?)
            })
            .collect()
    }
}

/// Pupils taught at home: lessons of their own, entries in the journal.
async fn home<C: ConnectionTrait>(
    ask: &Ask<'_, C>,
    taught: &Taught,
    facts: &mut Facts,
) -> Result<(), DbErr> {
    let sql = "SELECT e.pupil_id, g.group_id, EXISTS (SELECT 1 FROM cell_fact AS c
                WHERE c.school_id = e.school_id AND c.pupil_id = e.pupil_id)
        FROM enrolment AS e
        LEFT JOIN group_membership AS m ON m.school_id = e.school_id AND m.pupil_id = e.pupil_id
            AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)
        LEFT JOIN study_group AS g ON g.school_id = m.school_id AND g.group_id = m.group_id AND g.kind = 6
        WHERE e.school_id = ? AND e.education_form = 2 AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?)";
    let [from, to] = ask.today();
    let values = [from.clone(), to.clone(), ask.school.uuid().into(), from, to];
    let query = statement(ask.conn.get_database_backend(), sql, values);
    let mut pupils: BTreeMap<Uuid, (bool, bool)> = BTreeMap::new();
    for row in ask.conn.query_all_raw(query).await? {
        let group: Option<Uuid> = row.try_get_by_index(1)?;
        let pupil = pupils.entry(row.try_get_by_index(0)?).or_default();
        pupil.0 |= group.is_some_and(|group| taught.groups.contains(&group));
        pupil.1 |= row.try_get_by_index::<bool>(2)?;
    }
    for (has_lessons, has_entries) in pupils.into_values() {
        facts.home_timetables.add(has_lessons);
        facts.home_pupils.add(has_entries);
    }
    Ok(())
}

/// The calendar, its bells, and the classes of the year.
async fn year<C: ConnectionTrait>(
    ask: &Ask<'_, C>,
    classes: &[ClassRow],
    taught: &Taught,
    facts: &mut Facts,
) -> Result<(), DbErr> {
    let mut with_periods = BTreeSet::new();
    let sql = "SELECT grade_from, grade_to FROM period WHERE school_id = ? AND academic_year = ?";
    for row in ask.all(sql, [ask.year.into()]).await? {
        let (from, to): (i16, i16) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        with_periods.extend(from..=to);
    }
    let calendar = school_year::Entity::find_by_id((ask.school.uuid(), ask.year.to_owned()))
        .one(ask.conn)
        .await?;
    facts.calendar.add(calendar.is_some());
    let found = |count: fn(&school_year::Model) -> i32| {
        calendar
            .as_ref()
            .is_some_and(|calendar| count(calendar) > 0)
    };
    facts.days_off.add(found(|year| year.days_off));
    let grades: BTreeSet<i16> = classes.iter().map(|class| class.grade).collect();
    for grade in grades {
        facts.periods.add(with_periods.contains(&grade));
    }
    let shifts: BTreeSet<i16> = classes.iter().map(|class| class.shift).collect();
    for shift in shifts {
        facts.bells.add(if shift == 2 {
            found(|year| year.second_shift_bells)
        } else {
            found(|year| year.first_shift_bells)
        });
    }
    for class in classes {
        facts.class_teachers.add(class.has_teacher);
        facts.classes.add(class.has_teacher && class.has_pupils);
        facts
            .class_timetables
            .add(taught.classes.contains(&class.id));
    }
    Ok(())
}

/// Groups of today's pupils with a teacher, and loads with an approved plan.
async fn groups<C: ConnectionTrait>(ask: &Ask<'_, C>, facts: &mut Facts) -> Result<(), DbErr> {
    let sql = "SELECT COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM teaching_load AS l
                WHERE l.school_id = g.school_id AND l.group_id = g.group_id
                    AND l.starts_on <= ? AND (l.ends_on IS NULL OR l.ends_on >= ?)) THEN 1 ELSE 0 END)
        FROM (SELECT DISTINCT school_id, group_id FROM group_membership
            WHERE school_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)) AS g";
    let [from, to] = ask.today();
    let values = [
        from.clone(),
        to.clone(),
        ask.school.uuid().into(),
        from.clone(),
        to.clone(),
    ];
    let sums = ask.sums(sql, values).await?;
    facts.groups = Of::new(sums[1], sums[0]);
    let sql = "SELECT COUNT(*), SUM(CASE WHEN p.state = ? THEN 1 ELSE 0 END)
        FROM (SELECT DISTINCT school_id, group_id, subject_id FROM teaching_load
            WHERE school_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)) AS l
        LEFT JOIN lesson_plan AS p ON p.school_id = l.school_id AND p.group_id = l.group_id
            AND p.subject_id = l.subject_id";
    let values = [APPROVED.into(), ask.school.uuid().into(), from, to];
    let sums = ask.sums(sql, values).await?;
    facts.lesson_plans = Of::new(sums[1], sums[0]);
    Ok(())
}

/// What the registries name.
fn registries<C>(
    ask: &Ask<'_, C>,
    records: &[registry_record::Model],
    posts: &BTreeMap<Uuid, String>,
    facts: &mut Facts,
) -> Result<(), DbErr> {
    let begins = format!("{}-08-01", ask.year.get(..4).unwrap_or_default());
    let in_force = |one: &registry_record::Model| {
        one.day <= ask.day && one.ends_on.as_ref().is_none_or(|end| *end >= ask.day)
    };
    let dated = |text: Option<&String>| {
        text.map(|text| column::read::<Date>("registry_record", "dated_on", text))
            .transpose()
    };
    let mut devices = 0_u32;
    for one in records {
        match (one.registry, one.kind) {
            (MEASURES, WITH_FAMILIES | CONTROL) => {
                let done = one.done_on.as_ref().filter(|on| **on >= begins);
                if done.is_some() {
                    let done = Done {
                        title: one.title.clone(),
                        on: dated(done)?,
                        link: one.link.clone(),
                    };
                    match one.kind {
                        CONTROL => facts.control.push(done),
                        _ => facts.families.push(done),
                    }
                }
            }
            (ACTS, ASSESSMENT | JOB_DESCRIPTION) if in_force(one) => {
                let act = Act {
                    title: one.title.clone(),
                    number: one.number.clone(),
                    dated_on: dated(one.dated_on.as_ref())?,
                    link: one.link.clone(),
                };
                match one.kind {
                    ASSESSMENT => facts.assessment_acts.push(act),
                    _ => facts.job_descriptions.push(act),
                }
            }
            (EQUIPMENT, kind) if in_force(one) => {
                let quantity = u32::try_from(one.quantity).unwrap_or(0);
                if kind != OTHER_EQUIPMENT {
                    devices = devices.saturating_add(quantity);
                }
                if one.is_access_point {
                    facts.access_points.push(AccessPoint {
                        place: one.place.clone(),
                        devices: quantity,
                    });
                }
            }
            (RESPONSIBLE, ADMINISTRATOR | HEALTH_SHEET | ATTENDANCE) if in_force(one) => {
                let person = Responsible {
                    post: one
                        .person_id
                        .and_then(|person| posts.get(&person).cloned())
                        .unwrap_or_default(),
                    order: one.number.clone(),
                    ordered_on: dated(one.dated_on.as_ref())?,
                };
                match one.kind {
                    ADMINISTRATOR => facts.administrators.push(person),
                    HEALTH_SHEET => facts.health_sheet.push(person),
                    _ => facts.attendance.push(person),
                }
            }
            _ => {}
        }
    }
    facts.devices = Of::new(devices, facts.loads.needed).of_some();
    Ok(())
}
