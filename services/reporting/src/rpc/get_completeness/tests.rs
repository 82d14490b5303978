//! Tests.

use chassis::on_both_databases;
use tonic::Code;
use zhurnal_proto::id::{PersonId, RegistryRecordId, SchoolId};
use zhurnal_proto::identity::v1 as identity;
use zhurnal_proto::identity::v1::identity_event::Change as Known;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::{self as roster, roster_event::Change as Told};
use zhurnal_proto::schedule::v1::{self as schedule, schedule_event::Change as Planned};

use crate::store::migrations;
use crate::testing::{
    World, a_load, a_mother, a_pupil, a_record, an_employee, cell, cells, id, records, refused,
};

async fn completeness(world: &World) -> pb::GetCompletenessResponse {
    let request = pb::GetCompletenessRequest {
        school_id: id::<SchoolId>("12").to_string(),
    };
    let answer = world.deputy().get_completeness(request).await;
    answer.unwrap().into_inner()
}

fn figure(lines: &[pb::SheetLine], number: &str) -> (u32, u32, u32) {
    let line = lines.iter().find(|line| line.number == number).unwrap();
    (line.have, line.needed, line.percent)
}

fn document(lines: &[pb::SheetLine], number: &str) -> (pb::Presence, String) {
    let line = lines.iter().find(|line| line.number == number).unwrap();
    (line.presence(), line.found.clone())
}

/// Staff, a mother, loads, a plan; nothing in the registries.
async fn peopled(world: &World) {
    use roster::Duty::{Deputy, Teacher};
    let staff = vec![
        an_employee("Ким", "учитель английского языка", &[Teacher]),
        an_employee("Иванова", "учитель математики", &[Teacher]),
        an_employee("Петров", "", &[Teacher]),
        an_employee("Завуч", "заместитель директора", &[Deputy]),
        roster::StaffMember {
            ends_on: "2026-09-02".into(),
            ..an_employee("Уволенный", "учитель", &[Teacher])
        },
    ];
    world
        .roster(Told::StaffChanged(roster::StaffChanged { staff }))
        .await;
    let guardian_links = vec![
        a_mother("Алиева", "Алиев"),
        roster::GuardianLink {
            is_representative: false,
            ..a_mother("Бабушка", "Алиев")
        },
    ];
    world
        .roster(Told::GuardianLinksChanged(roster::GuardianLinksChanged {
            guardian_links,
        }))
        .await;
    let teaching_loads = vec![
        a_load("5-А", "Алгебра", "Иванова"),
        a_load("5-Б", "Алгебра", "Иванова"),
        a_load("5-А", "Физика", "Петров"),
        schedule::TeachingLoad {
            ends_on: "2026-09-05".into(),
            ..a_load("5-А англ", "Английский язык", "Ким")
        },
    ];
    world
        .schedule(Planned::TeachingLoadsChanged(
            schedule::TeachingLoadsChanged { teaching_loads },
        ))
        .await;
    for (group, state) in [
        ("5-А", schedule::LessonPlanState::Approved),
        ("5-Б", schedule::LessonPlanState::Draft),
    ] {
        let load = a_load(group, "Алгебра", "Иванова");
        let plan = schedule::LessonPlan {
            group_id: load.group_id,
            subject_id: load.subject_id,
            state: state.into(),
            ..Default::default()
        };
        world
            .schedule(Planned::LessonPlanChanged(schedule::LessonPlanChanged {
                lesson_plan: Some(plan),
            }))
            .await;
    }
}

on_both_databases! { migrations();
    async fn people_plans_and_timetables_are_counted(db) {
        let world = World::on(db).told().await;
        peopled(&world).await;
        world.at("2026-09-10T12:00");
        let lines = completeness(&world).await.databases;
        for (number, expected) in [
            ("1", (0, 3, 0)),
            ("2.1", (3, 4, 75)),
            ("2.2", (1, 3, 33)),
            ("2.3", (5, 5, 100)),
            ("2.4", (1, 5, 20)),
            ("3.1", (1, 1, 100)),
            ("3.2", (2, 2, 100)),
            ("3.3", (0, 1, 0)),
            ("4.1", (2, 3, 66)),
            ("5", (0, 5, 0)),
            ("6", (1, 3, 33)),
            ("7", (2, 5, 40)),
            ("8", (0, 5, 0)),
            ("9.1", (2, 2, 100)),
            ("9.2", (3, 3, 100)),
            ("11", (0, 0, 100)),
            ("12", (0, 0, 100)),
            ("13", (0, 1, 0)),
            ("14.1", (0, 4, 0)),
            ("16", (1, 3, 33)),
            ("17", (0, 3, 0)),
        ] {
            assert_eq!(figure(&lines, number), expected, "line {number}");
        }
    }

    async fn who_is_enrolled_by_an_order_and_has_a_birth_date_is_complete(db) {
        let world = World::on(db).told().await;
        world.at("2026-09-10T12:00");
        world.enrol(vec![roster::Enrolment {
            order_id: "ord_00000000000000000000000000000001".into(),
            education_form: roster::EducationForm::Home.into(),
            ..a_pupil("Алиев", "5-А")
        }]).await;
        let card = roster::PersonCard {
            person_id: id::<PersonId>("Алиев").to_string(),
            name: Some(zhurnal_proto::types::v1::PersonName {
                surname: "Алиев".into(),
                given_name: "Амет".into(),
                patronymic: String::new(),
            }),
            sort_key: "алиев".into(),
            has_birth_date: true,
            ..Default::default()
        };
        world.roster(Told::PeopleChanged(roster::PeopleChanged { people: vec![card] })).await;
        let lines = completeness(&world).await.databases;
        assert_eq!(figure(&lines, "5"), (1, 5, 20));
        assert_eq!(figure(&lines, "8"), (1, 5, 20));
        assert_eq!(figure(&lines, "11"), (0, 1, 0), "taught at home without lessons of their own");
        assert_eq!(figure(&lines, "12"), (0, 1, 0));
        world.at("2026-09-01T16:00");
        world.grading(cells("5-А", "Алгебра", vec![cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["5"], "")])).await;
        assert_eq!(figure(&completeness(&world).await.databases, "12"), (1, 1, 100));
    }

    async fn codes_and_accounts_are_counted_once(db) {
        let world = World::on(db).told().await;
        peopled(&world).await;
        world.at("2026-09-10T12:00");
        let card = |name: &str| id::<PersonId>(name).to_string();
        let issued = |names: &[&str], role: identity::Role| Known::InvitationsIssued(identity::InvitationsIssued {
            person_ids: names.iter().map(|name| card(name)).collect(),
            role: role.into(),
        });
        let registered = |name: &str, role: identity::Role| Known::PersonRegistered(identity::PersonRegistered {
            person_id: card(name),
            role: role.into(),
            ..Default::default()
        });
        world.identity(registered("Алиев", identity::Role::Pupil)).await;
        world.identity(issued(&["Алиев", "Ёлкин"], identity::Role::Pupil)).await;
        world.identity(issued(&["Ёлкин"], identity::Role::Pupil)).await;
        world.identity(issued(&["Алиева"], identity::Role::Guardian)).await;
        world.identity(registered("Алиева", identity::Role::Guardian)).await;
        world.identity(registered("Иванова", identity::Role::Teacher)).await;
        world.identity(registered("Уволенный", identity::Role::Teacher)).await;
        let lines = completeness(&world).await.databases;
        assert_eq!(figure(&lines, "14.1"), (1, 4, 25), "who has left is not counted");
        assert_eq!(figure(&lines, "14.2"), (1, 5, 20));
        assert_eq!(figure(&lines, "14.3"), (1, 1, 100), "who does not represent the child needs no account");
        assert_eq!(document(&lines, "14.2").1, "Коды получили: 2");
    }

    async fn registries_fill_both_sheets(db) {
        let world = World::on(db).told().await;
        peopled(&world).await;
        world.at("2026-09-10T12:00");
        let equipment = |kind: roster::EquipmentKind, quantity, access| Entry::Equipment(roster::Equipment {
            kind: kind.into(),
            title: "Компьютер".into(),
            place: "Кабинет 12".into(),
            quantity,
            is_access_point: access,
            starts_on: "2026-09-01".into(),
            ..Default::default()
        });
        let training = |kind: roster::TrainingKind, person: &str, done_on: &str| Entry::Training(roster::Training {
            kind: kind.into(),
            person_id: id::<PersonId>(person).to_string(),
            title: "Курсы".into(),
            due_on: "2026-09-05".into(),
            done_on: done_on.into(),
            ..Default::default()
        });
        let named = |kind: roster::ResponsibilityKind, person: &str| Entry::ResponsiblePerson(roster::ResponsiblePerson {
            kind: kind.into(),
            person_id: id::<PersonId>(person).to_string(),
            order_number: "17-к".into(),
            order_date: "2026-08-20".into(),
            starts_on: "2026-09-01".into(),
            ..Default::default()
        });
        let memo = |done_on: &str| Entry::Measure(roster::Measure {
            kind: roster::MeasureKind::Control.into(),
            title: "Справка".into(),
            due_on: "2026-09-09".into(),
            done_on: done_on.into(),
            link: "https://school.example/memo".into(),
            ..Default::default()
        });
        let act = Entry::LocalAct(roster::LocalAct {
            kind: roster::LocalActKind::Assessment.into(),
            title: "Положение об оценивании".into(),
            number: "7".into(),
            dated_on: "2026-08-28".into(),
            link: "https://school.example/7".into(),
            starts_on: "2026-09-01".into(),
            ..Default::default()
        });
        world.roster(records(vec![
            a_record("пк", equipment(roster::EquipmentKind::Computer, 2, true)),
            a_record("принтер", equipment(roster::EquipmentKind::Other, 4, false)),
            a_record("курсы", training(roster::TrainingKind::Course, "Иванова", "2026-09-05")),
            a_record("анкета", training(roster::TrainingKind::Questionnaire, "Ким", "2026-09-05")),
            a_record("будет", training(roster::TrainingKind::Seminar, "Петров", "")),
            a_record("администратор", named(roster::ResponsibilityKind::Administrator, "Завуч")),
            a_record("листок", named(roster::ResponsibilityKind::HealthSheet, "Ким")),
            a_record("справка", memo("2026-09-09")),
            a_record("старая", memo("2026-05-20")),
            a_record("акт", act),
        ])).await;
        let told = completeness(&world).await;
        let lines = &told.databases;
        assert_eq!(figure(lines, "1"), (2, 3, 66), "a printer is no device to fill the journal on");
        assert_eq!(document(lines, "15").1, "Кабинет 12 — 2");
        assert_eq!(figure(lines, "17"), (1, 3, 33));
        assert_eq!(figure(lines, "18"), (1, 3, 33));
        assert_eq!(figure(lines, "19"), (1, 3, 33));
        assert_eq!(document(lines, "19").1, "Курсы нужны, педагогов: 2");
        let documents = &told.documents;
        let yes = |found: &str| (pb::Presence::Yes, found.to_owned());
        assert_eq!(document(documents, "1"), (pb::Presence::Unspecified, String::new()));
        assert_eq!(document(documents, "2"), yes("Положение об оценивании № 7 от 28.08.2026, https://school.example/7"));
        assert_eq!(document(documents, "3"), (pb::Presence::No, String::new()));
        assert_eq!(document(documents, "3.1"), yes("Не позднее 60 минут после последнего урока класса"));
        assert_eq!(document(documents, "4"), yes("Приказ № 17-к от 20.08.2026"));
        assert_eq!(document(documents, "4.1"), yes("учитель английского языка"));
        assert_eq!(document(documents, "4.2"), (pb::Presence::No, String::new()));
        assert_eq!(document(documents, "5"), yes("Справка от 09.09.2026, https://school.example/memo"));
        let contact = told.responsible.unwrap();
        assert_eq!(contact.post, "заместитель директора");

        let gone = roster::RegistryRecordsChanged {
            records: Vec::new(),
            removed_ids: vec![id::<RegistryRecordId>("пк").to_string(), id::<RegistryRecordId>("администратор").to_string()],
        };
        world.roster(Told::RegistryRecordsChanged(gone)).await;
        let told = completeness(&world).await;
        assert_eq!(figure(&told.databases, "1"), (0, 3, 0));
        assert!(told.responsible.is_none());
    }
}

#[tokio::test]
async fn a_school_and_the_ministry_see_the_meter_and_nobody_else() {
    let world = World::sqlite().await;
    world.at("2026-09-10T12:00");
    let request = || pb::GetCompletenessRequest {
        school_id: id::<SchoolId>("12").to_string(),
    };
    assert!(world.ministry().get_completeness(request()).await.is_ok());
    let mut director = world.staff("12", &["DIRECTOR"], "Директор");
    assert!(director.get_completeness(request()).await.is_ok());
    let mut teacher = world.staff("12", &["TEACHER"], "Ким");
    assert_eq!(
        refused(teacher.get_completeness(request()).await).0,
        Code::PermissionDenied
    );
    let mut other = world.staff("31", &["DIRECTOR"], "Чужой");
    let foreign = refused(other.get_completeness(request()).await);
    let unknown = pb::GetCompletenessRequest {
        school_id: id::<SchoolId>("99").to_string(),
    };
    assert_eq!(foreign, refused(other.get_completeness(unknown).await));
}
