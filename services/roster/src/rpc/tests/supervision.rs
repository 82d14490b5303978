//! Who decides on corrections: deputies, directors, grades.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use zhurnal_proto::id::{PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff};

/// Grades 5 and 10; director Павленко; deputies Жукова and Щербаков, who came in this order.
struct Case {
    world: World,
    school: SchoolId,
    director: PersonId,
    first: PersonId,
    second: PersonId,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let mut book = SmallSchool::new();
        for (code, surname, given, patronymic) in [
            ("С-006", "Щербаков", "Назар", "Рустемович"),
            ("С-007", "Жукова", "Алла", "Петровна"),
        ] {
            let post = "Заместитель директора по УВР";
            book.push(
                SheetKind::Staff,
                &[code, surname, given, patronymic, post, "", ""],
            );
        }
        let school = world.with_school(&book).await;
        let case = Self {
            director: world.card(school, "Павленко Ева").await,
            first: world.card(school, "Щербаков Назар").await,
            second: world.card(school, "Жукова Алла").await,
            world,
            school,
        };
        case.world
            .harness
            .clock()
            .set("2026-11-22T09:00:00Z".parse().unwrap());
        case
    }

    fn as_director(&self) -> Caller {
        staff(self.school, "DIRECTOR")
    }

    async fn get(&self, caller: &Caller) -> Result<pb::SchoolSupervision, Status> {
        let school_id = self.school.to_string();
        let request = pb::GetSchoolSupervisionRequest { school_id };
        let answer = self
            .world
            .client(caller)
            .get_school_supervision(request)
            .await?;
        Ok(answer.into_inner().supervision.unwrap())
    }

    fn wanted(
        &self,
        wanted: &[(PersonId, u32, u32)],
        etag: &str,
    ) -> pb::PutSchoolSupervisionRequest {
        let supervisor = |(person, from, to): &(PersonId, u32, u32)| pb::Supervisor {
            person_id: person.to_string(),
            grade_from: *from,
            grade_to: *to,
            ..Default::default()
        };
        pb::PutSchoolSupervisionRequest {
            school_id: self.school.to_string(),
            supervisors: wanted.iter().map(supervisor).collect(),
            etag: etag.into(),
            request_id: self.world.request_id(),
        }
    }

    async fn put(
        &self,
        caller: &Caller,
        request: pb::PutSchoolSupervisionRequest,
    ) -> Result<pb::SchoolSupervision, Status> {
        let answer = self
            .world
            .client(caller)
            .put_school_supervision(request)
            .await?;
        Ok(answer.into_inner().supervision.unwrap())
    }
}

/// Surname, first and last grade, first day.
fn shown(supervision: &pb::SchoolSupervision) -> Vec<(&str, u32, u32, &str)> {
    let rows = supervision.supervisors.iter().map(|one| {
        let surname = one.name.as_ref().map_or("", |name| name.surname.as_str());
        (
            surname,
            one.grade_from,
            one.grade_to,
            one.starts_on.as_str(),
        )
    });
    rows.collect()
}

fn refused(status: &Status) -> (Code, String, String) {
    let violations = status::violations(status);
    let (field, rule) = violations.first().map_or_else(Default::default, |one| {
        (one.field.clone(), one.reason.clone())
    });
    (status.code(), field, rule)
}

chassis::on_both_databases! { RosterService::migrations();
    async fn an_import_splits_the_grades_and_the_director_changes_who_decides(db) {
        let case = Case::on(db).await;
        let before = case.get(&case.as_director()).await.unwrap();
        assert_eq!(shown(&before), [("Щербаков", 5, 7, "2026-09-01"), ("Жукова", 8, 10, "2026-09-01")]);
        let candidates: Vec<&str> = before.candidates.iter().map(|one| one.name.as_ref().unwrap().surname.as_str()).collect();
        assert_eq!(candidates, ["Жукова", "Павленко", "Щербаков"]);
        assert!(before.director_grades.is_empty());
        case.world.harness.ignore_announced().await;

        let wanted = [(case.second, 8, 10), (case.second, 5, 5), (case.director, 5, 5)];
        let request = case.wanted(&wanted, &before.etag);
        let after = case.put(&case.as_director(), request.clone()).await.unwrap();
        let expected = [("Жукова", 5, 5, "2026-11-22"), ("Павленко", 5, 5, "2026-11-22"), ("Жукова", 8, 10, "2026-09-01")];
        assert_eq!(shown(&after), expected);
        assert_eq!(case.put(&case.as_director(), request).await.unwrap(), after, "a repeat");
        assert_eq!(case.get(&staff(case.school, "TEACHER")).await.unwrap(), after);

        let none = case.put(&case.as_director(), case.wanted(&[], &after.etag)).await.unwrap();
        assert_eq!((none.supervisors.len(), none.director_grades.as_slice()), (0, [5, 10].as_slice()));

        let events: Vec<pb::RosterEvent> = case.world.harness.announced().await;
        let told: Vec<Vec<(String, u32, String)>> = events.into_iter().map(|event| match event.change {
            Some(Change::SupervisionsChanged(changed)) => changed.supervisions.into_iter().map(|one| (one.person_id, one.grade_from, one.ends_on)).collect(),
            other => panic!("{other:?}"),
        }).collect();
        let [first, second, director] = [case.first, case.second, case.director].map(|id| id.to_string());
        let open = String::new;
        let yesterday = || "2026-11-21".to_owned();
        assert_eq!(told[0], [(first, 5, yesterday()), (second.clone(), 5, open()), (director.clone(), 5, open())]);
        let mut ended = told[1].clone();
        ended.sort();
        let mut expected = [(second.clone(), 5, yesterday()), (second, 8, yesterday()), (director, 5, yesterday())];
        expected.sort();
        assert_eq!(ended, expected);
    }

    async fn of_two_who_change_it_at_once_one_wins(db) {
        let case = Case::on(db).await;
        let etag = case.get(&case.as_director()).await.unwrap().etag;
        let (director, admin) = (case.as_director(), staff(case.school, "ADMINISTRATOR"));
        let (one, other) = tokio::join!(
            case.put(&director, case.wanted(&[(case.first, 1, 11)], &etag)),
            case.put(&admin, case.wanted(&[(case.second, 1, 11)], &etag)),
        );
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(status::reason(&lost), "ETAG_STALE");
        assert_eq!(case.get(&director).await.unwrap(), won);
        case.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn what_cannot_be_names_the_place_in_the_list_and_changes_nothing() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let director = case.as_director();
    let before = case.get(&director).await.unwrap();
    let teacher = case.world.card(case.school, "Алиев Осман").await;
    let (first, second) = (case.first, case.second);
    for (wanted, field, rule) in [
        (vec![(first, 5, 4)], "supervisors[0].gradeTo", "GRADE_ORDER"),
        (
            vec![(first, 1, 5), (second, 1, 9), (first, 5, 5)],
            "supervisors[2].gradeFrom",
            "OVERLAP",
        ),
        (
            vec![(first, 1, 5), (teacher, 6, 11)],
            "supervisors[1].personId",
            "NOT_DEPUTY",
        ),
    ] {
        let refusal = case
            .put(&director, case.wanted(&wanted, &before.etag))
            .await
            .unwrap_err();
        assert_eq!(
            refused(&refusal),
            (Code::InvalidArgument, field.into(), rule.into())
        );
    }
    for wanted in [(first, 0, 4), (first, 1, 12)] {
        let refusal = case
            .put(&director, case.wanted(&[wanted], &before.etag))
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidArgument);
    }
    assert_eq!(case.get(&director).await.unwrap(), before);
    case.world
        .execute("UPDATE staff_member SET ends_on = '2026-11-21' WHERE post LIKE 'Заместитель%'")
        .await;
    let gone = case.get(&director).await.unwrap();
    assert_eq!(
        gone.candidates.len(),
        1,
        "deputies that have left are no candidates"
    );
    let refusal = case
        .put(&director, case.wanted(&[(first, 5, 5)], &gone.etag))
        .await
        .unwrap_err();
    assert_eq!(refused(&refusal).2, "NOT_DEPUTY");
    case.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_staff_see_who_decides_and_two_roles_set_it() {
    let case = Case::on(TestDb::sqlite(RosterService::migrations()).await).await;
    let etag = case.get(&region("ADMINISTRATOR")).await.unwrap().etag;
    for role in ["TEACHER", "DEPUTY", "SECRETARY"] {
        let caller = staff(case.school, role);
        case.get(&caller).await.unwrap();
        let refusal = case
            .put(&caller, case.wanted(&[], &etag))
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), Code::PermissionDenied, "{role}");
    }
    for caller in [
        staff(other_school(), "DIRECTOR"),
        region("MINISTRY_OFFICER"),
        family(&[case.first]),
        machine(&["roster.read"], &[case.school]),
    ] {
        assert!(case.get(&caller).await.is_err(), "{caller:?}");
        assert!(
            case.put(&caller, case.wanted(&[], &etag)).await.is_err(),
            "{caller:?}"
        );
    }
    case.put(
        &staff(case.school, "ADMINISTRATOR"),
        case.wanted(&[], &etag),
    )
    .await
    .unwrap();
    case.world.harness.ignore_announced().await;
}
