//! The rollover of the academic year: the plan, its dry run, applying, undoing.

use std::collections::HashMap;

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as schedule;

use super::orders::{Book, broken, expelled, order_id, refusal, to_class};
use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{family, other_school, region, staff};

const YEAR: &str = "2026/2027";

impl Book {
    /// In June, when the year may be closed.
    async fn in_june(db: TestDb) -> Self {
        let book = Self::on(db).await;
        book.at("2027-06-15T09:00:00Z");
        book
    }

    fn at(&self, now: &str) {
        self.world.harness.clock().set(now.parse().unwrap());
    }

    async fn plan(&self, by: &Caller) -> Result<pb::Rollover, Status> {
        self.plan_of(by, "").await
    }

    async fn plan_of(&self, by: &Caller, year: &str) -> Result<pb::Rollover, Status> {
        let request = pb::GetRolloverRequest {
            school_id: self.school.to_string(),
            academic_year: year.into(),
        };
        let answer = self.world.client(by).get_rollover(request).await?;
        Ok(answer.into_inner().rollover.unwrap())
    }

    fn to_save(&self, rollover: &pb::Rollover) -> pb::PutRolloverRequest {
        pb::PutRolloverRequest {
            school_id: self.school.to_string(),
            academic_year: rollover.academic_year.clone(),
            plan: rollover.plan.clone(),
            etag: rollover.etag.clone(),
            request_id: self.world.request_id(),
        }
    }

    async fn save(&self, by: &Caller, rollover: &pb::Rollover) -> Result<pb::Rollover, Status> {
        let request = self.to_save(rollover);
        let answer = self.world.client(by).put_rollover(request).await?;
        Ok(answer.into_inner().rollover.unwrap())
    }

    /// The plan drafted from the present year, as it is.
    async fn saved(&self) -> pb::Rollover {
        let drafted = self.plan(&self.by).await.unwrap();
        self.save(&self.by, &drafted).await.unwrap()
    }

    fn to_apply(&self, rollover: &pb::Rollover) -> pb::ApplyRolloverRequest {
        pb::ApplyRolloverRequest {
            school_id: self.school.to_string(),
            academic_year: rollover.academic_year.clone(),
            etag: rollover.etag.clone(),
            date: "2027-06-10".into(),
            promotion_number: String::new(),
            graduation_number: String::new(),
            basis: "Решение педагогического совета".into(),
            request_id: self.world.request_id(),
        }
    }

    async fn apply(&self, by: &Caller, rollover: &pb::Rollover) -> Result<pb::Rollover, Status> {
        let request = self.to_apply(rollover);
        let answer = self.world.client(by).apply_rollover(request).await?;
        Ok(answer.into_inner().rollover.unwrap())
    }

    fn to_undo(&self, rollover: &pb::Rollover) -> pb::UndoRolloverRequest {
        pb::UndoRolloverRequest {
            school_id: self.school.to_string(),
            academic_year: rollover.academic_year.clone(),
            etag: rollover.etag.clone(),
            date: "2027-06-11".into(),
            basis: "Ошибка в плане".into(),
            request_id: self.world.request_id(),
        }
    }

    async fn undo(&self, by: &Caller, rollover: &pb::Rollover) -> Result<pb::Rollover, Status> {
        let request = self.to_undo(rollover);
        let answer = self.world.client(by).undo_rollover(request).await?;
        Ok(answer.into_inner().rollover.unwrap())
    }

    /// Pupils of each class of the present year.
    async fn lists(&self) -> HashMap<String, Vec<String>> {
        let request = pb::ListPupilsRequest {
            school_id: self.school.to_string(),
            page_size: 500,
            ..Default::default()
        };
        let pupils = self.world.client(&self.by).list_pupils(request).await;
        let mut lists: HashMap<String, Vec<String>> = HashMap::new();
        for one in pupils.unwrap().into_inner().pupils {
            let list = lists.entry(one.class_title).or_default();
            list.push(one.name.unwrap().surname);
        }
        lists
    }

    async fn year(&self) -> String {
        let request = pb::GetSchoolRequest {
            school_id: self.school.to_string(),
        };
        let school = self.world.client(&self.by).get_school(request).await;
        school.unwrap().into_inner().school.unwrap().academic_year
    }
}

fn next_id(rollover: &pb::Rollover, title: &str) -> String {
    let classes = &rollover.plan.as_ref().unwrap().next_classes;
    let found = classes.iter().find(|one| one.title == title);
    found.unwrap().class_id.clone()
}

fn rules(rollover: &pb::Rollover) -> Vec<(String, String, String)> {
    let obstacles = rollover.obstacles.iter();
    let surname = |one: &pb::RolloverObstacle| {
        let name = one.pupil_name.as_ref();
        name.map(|name| name.surname.clone()).unwrap_or_default()
    };
    obstacles
        .map(|one| (one.rule.clone(), one.about.clone(), surname(one)))
        .collect()
}

fn lesson(date: &str, starts_at: &str, state: schedule::LessonState) -> schedule::Lesson {
    schedule::Lesson {
        date: date.into(),
        starts_at: starts_at.into(),
        state: state.into(),
        ..Default::default()
    }
}

/// What events tell: the year, classes and groups with those that are gone, and the
/// enrolments and memberships with their days.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    year: String,
    classes: (Vec<String>, usize),
    groups: (Vec<String>, usize),
    enrolments: HashMap<(String, String), usize>,
    memberships: HashMap<(String, String), usize>,
}

fn told(events: &[pb::RosterEvent]) -> Told {
    let mut told = Told::default();
    for event in events {
        match event.change.as_ref().unwrap() {
            Change::SchoolChanged(c) => {
                told.year = c.school.as_ref().unwrap().academic_year.clone()
            }
            Change::ClassesChanged(c) => {
                let titles = c.classes.iter().map(|one| one.title.clone());
                told.classes.0.extend(titles);
                told.classes.1 += c.removed_ids.len();
            }
            Change::GroupsChanged(c) => {
                let titles = c.groups.iter().map(|one| one.title.clone());
                told.groups.0.extend(titles);
                told.groups.1 += c.removed_ids.len();
            }
            Change::EnrolmentsChanged(c) => {
                for one in &c.enrolments {
                    let days = (one.starts_on.clone(), one.ends_on.clone());
                    *told.enrolments.entry(days).or_default() += 1;
                }
            }
            Change::MembershipsChanged(c) => {
                for one in &c.memberships {
                    let days = (one.starts_on.clone(), one.ends_on.clone());
                    *told.memberships.entry(days).or_default() += 1;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    told
}

fn days(counted: &[(&str, &str, usize)]) -> HashMap<(String, String), usize> {
    let counted = counted.iter();
    counted
        .map(|(from, to, n)| ((from.to_string(), to.to_string()), *n))
        .collect()
}

chassis::on_both_databases! { RosterService::migrations();
    async fn a_year_is_opened_by_orders_and_its_undo_restores_every_row(db) {
        let book = Book::in_june(db).await;
        let (before, lists) = (book.rows().await, book.lists().await);
        let drafted = book.plan(&book.by).await.unwrap();
        assert_eq!((drafted.etag.as_str(), drafted.academic_year.as_str()), ("", YEAR));
        assert_eq!((drafted.next_academic_year.as_str(), drafted.first_day.as_str()), ("2027/2028", "2027-09-01"));
        assert_eq!(drafted.obstacles, []);
        let saved = book.save(&book.by, &drafted).await.unwrap();
        assert_eq!(saved.etag, "v1");
        let promised = saved.diff.unwrap();
        assert_eq!((promised.promoted, promised.staying, promised.graduating), (6, 0, 0));
        assert_eq!((promised.classes_made, promised.groups_made), (3, 5));
        assert_eq!((promised.memberships_opened, promised.memberships_ended), (10, 10));
        let groups = &saved.plan.as_ref().unwrap().groups;
        assert_eq!((groups[0].next_title.as_str(), groups[0].member_count, groups[0].next_member_count), ("6-А Информатика гр.1", 2, 2));
        assert_eq!((book.rows().await, book.year().await.as_str()), (before.clone(), YEAR), "a dry run changes nothing");

        let applied = book.apply(&book.by, &saved).await.unwrap();
        assert_eq!((applied.state(), applied.diff), (pb::RolloverState::Applied, Some(promised)), "what was promised was done");
        assert_eq!((applied.promotion_number.as_str(), applied.graduation_order_id.as_str()), ("П-1", ""));
        let events = told(&book.world.harness.announced::<pb::RosterEvent>().await);
        assert_eq!(events, Told {
            year: "2027/2028".into(),
            classes: (vec!["6-А".into(), "10-А".into(), "11-А".into()], 0),
            groups: (["6-А", "10-А", "11-А", "6-А Информатика гр.1", "6-А Информатика гр.2"].map(String::from).into(), 0),
            enrolments: days(&[("2026-09-01", "2027-08-31", 6), ("2027-09-01", "", 6)]),
            memberships: days(&[("2026-09-01", "2027-08-31", 10), ("2027-09-01", "", 10)]),
        });
        assert_eq!(book.year().await, "2027/2028");
        let next = book.lists().await;
        assert_eq!((&next["6-А"], &next["11-А"]), (&lists["5-А"], &lists["10-А"]), "lists of September");
        let order = book.get(&book.by, &applied.promotion_order_id).await.unwrap().order.unwrap();
        assert_eq!((order.kind(), order.effective_on.as_str(), order.pupil_count), (pb::OrderKind::Promotion, "2027-09-01", 6));
        let effect = order.pupils[0].effect.as_ref().unwrap();
        assert_eq!((effect.left_class_title.as_str(), effect.entered_class_title.as_str(), effect.left_group_count), ("5-А", "6-А", 2));
        assert_eq!(book.plan(&book.by).await.unwrap(), applied, "it is shown first while it may be undone");

        let undone = book.undo(&book.by, &applied).await.unwrap();
        assert_eq!((undone.state(), undone.etag.as_str()), (pb::RolloverState::Draft, "v3"));
        assert_eq!(undone.plan, saved.plan, "the plan is there to be mended");
        assert_eq!(book.rows().await, before, "every row is what it was");
        assert_eq!((book.year().await.as_str(), book.lists().await), (YEAR, lists));
        let events = told(&book.world.harness.announced::<pb::RosterEvent>().await);
        assert_eq!(events, Told {
            year: YEAR.into(),
            classes: (vec![], 3),
            groups: (vec![], 5),
            enrolments: days(&[("2026-09-01", "", 6), ("2027-09-01", "0001-01-01", 6)]),
            memberships: days(&[("2026-09-01", "", 10), ("2027-09-01", "0001-01-01", 10)]),
        }, "what was withdrawn was in force on no day");
        let order = book.get(&book.by, &applied.promotion_order_id).await.unwrap().order.unwrap();
        assert_eq!((order.state(), order.reversed_by_number.as_str()), (pb::OrderState::Reversed, "ОТМ-1"));

        let again = book.apply(&book.by, &undone).await.unwrap();
        assert_eq!(next_id(&again, "6-А"), next_id(&applied, "6-А"), "the same classes again");
        assert_eq!(again.promotion_number, "П-2");
        book.world.harness.ignore_announced().await;
    }

    async fn the_year_after_graduates_the_eleventh_grade(db) {
        let book = Book::in_june(db).await;
        let saved = book.saved().await;
        book.apply(&book.by, &saved).await.unwrap();
        book.world.harness.ignore_announced().await;
        book.at("2028-06-20T09:00:00Z");
        let before = book.rows().await;
        let mut plan = book.plan_of(&book.by, "2027/2028").await.unwrap();
        plan.plan.as_mut().unwrap().graduates_until = "2028-06-25".into();
        let plan = book.save(&book.by, &plan).await.unwrap();
        assert_eq!((plan.obstacles.clone(), plan.diff.unwrap().graduating), (vec![], 2));
        let applied = book.apply(&book.by, &plan).await.unwrap();
        assert_eq!((applied.promotion_number.as_str(), applied.graduation_number.as_str()), ("П-1", "О-1"));
        let events = told(&book.world.harness.announced::<pb::RosterEvent>().await);
        assert_eq!(events.enrolments, days(&[
            ("2027-09-01", "2028-08-31", 4), ("2028-09-01", "", 4), ("2027-09-01", "2028-06-25", 2),
        ]));
        let order = book.get(&book.by, &applied.graduation_order_id).await.unwrap().order.unwrap();
        assert_eq!((order.kind(), order.effective_on.as_str()), (pb::OrderKind::Graduation, "2028-06-26"));
        assert_eq!(order.pupils[0].reason, "Получение среднего общего образования");
        assert_eq!(order.pupils[0].effect.as_ref().unwrap().last_day, "2028-06-25");
        let undone = book.undo(&book.by, &applied).await.unwrap();
        assert_eq!((book.rows().await, undone.academic_year.as_str()), (before, "2027/2028"));
        book.world.harness.ignore_announced().await;
    }

    async fn of_two_secretaries_who_apply_one_acts_and_so_it_is_with_the_undo(db) {
        let book = Book::in_june(db).await;
        let saved = book.saved().await;
        let director = staff(book.school, "DIRECTOR");
        let (one, other) = tokio::join!(book.apply(&book.by, &saved), book.apply(&director, &saved));
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::FailedPrecondition, "ROLLOVER_APPLIED".into()));
        let events = told(&book.world.harness.announced::<pb::RosterEvent>().await);
        assert_eq!(events.classes.0.len(), 3, "once");
        let (one, other) = tokio::join!(book.undo(&book.by, &won), book.undo(&director, &won));
        let lost = match (one, other) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&lost), (Code::FailedPrecondition, "ROLLOVER_NOT_APPLIED".into()));
        let events = told(&book.world.harness.announced::<pb::RosterEvent>().await);
        assert_eq!(events.classes.1, 3, "once");
    }

    async fn a_repeated_rollover_acts_once(db) {
        let book = Book::in_june(db).await;
        let mut client = book.world.client(&book.by);
        let drafted = book.plan(&book.by).await.unwrap();
        let put = book.to_save(&drafted);
        let saved = client.put_rollover(put.clone()).await.unwrap().into_inner();
        assert_eq!(client.put_rollover(put).await.unwrap().into_inner(), saved);
        let apply = book.to_apply(saved.rollover.as_ref().unwrap());
        let applied = client.apply_rollover(apply.clone()).await.unwrap().into_inner();
        assert_eq!(client.apply_rollover(apply).await.unwrap().into_inner(), applied);
        let undo = book.to_undo(applied.rollover.as_ref().unwrap());
        let undone = client.undo_rollover(undo.clone()).await.unwrap().into_inner();
        assert_eq!(client.undo_rollover(undo).await.unwrap().into_inner(), undone);
        let numbers: Vec<String> = book.list(pb::ListOrdersRequest::default()).await.unwrap()
            .into_iter().map(|one| one.number).collect();
        assert_eq!(numbers.len(), 3, "the import's, the promotion and its reversal: {numbers:?}");
        book.world.harness.ignore_announced().await;
    }

    async fn a_plan_is_changed_and_applied_in_the_version_that_was_seen(db) {
        let book = Book::in_june(db).await;
        let drafted = book.plan(&book.by).await.unwrap();
        let first = book.save(&book.by, &drafted).await.unwrap();
        let stale = book.save(&book.by, &drafted).await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        let mut changed = first.clone();
        changed.plan.as_mut().unwrap().next_classes[0].letter = "Б".into();
        let director = staff(book.school, "DIRECTOR");
        let (one, other) = tokio::join!(book.save(&book.by, &changed), book.save(&director, &first));
        let (won, lost) = match (one, other) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("{other:?}"),
        };
        assert_eq!((won.etag.as_str(), refusal(&lost)), ("v2", (Code::Aborted, "ETAG_STALE".into())));
        assert_eq!(status::error_info(&lost).unwrap().metadata["current"], "v2", "the present version is told");
        let old = book.apply(&book.by, &first).await.unwrap_err();
        assert_eq!(refusal(&old), (Code::Aborted, "ETAG_STALE".into()), "nobody applies what was not read");
        let applied = book.apply(&book.by, &won).await.unwrap();
        let changed = book.save(&book.by, &applied).await.unwrap_err();
        assert_eq!(refusal(&changed), (Code::FailedPrecondition, "ROLLOVER_APPLIED".into()));
        let old = book.undo(&book.by, &won).await.unwrap_err();
        assert_eq!(refusal(&old), (Code::Aborted, "ETAG_STALE".into()));
        book.world.harness.ignore_announced().await;
    }

    async fn nothing_is_undone_over_later_orders_or_changed_records(db) {
        let book = Book::in_june(db).await;
        let applied = book.apply(&book.by, &book.saved().await).await.unwrap();
        let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
        let to = book.class(book.school, "10-А").await;
        let mut draft = book.draft(1, pb::OrderKind::Transfer, vec![to_class(pyotr, &to)]);
        draft.effective_on = "2027-09-02".into();
        let transfer = book.posted(draft).await.unwrap();
        let held = book.undo(&book.by, &applied).await.unwrap_err();
        assert_eq!(refusal(&held), (Code::FailedPrecondition, "LATER_ORDERS".into()));
        assert_eq!(status::error_info(&held).unwrap().metadata["orders"], "№ 1");
        book.reverse(&book.by, &transfer, "ОТМ-7").await.unwrap();

        let newcomer = pb::OrderPupil {
            new_pupil: Some(pb::NewPupil {
                name: Some(zhurnal_proto::types::v1::PersonName {
                    surname: "Примеров".into(),
                    given_name: "Пётр".into(),
                    patronymic: String::new(),
                }),
                sex: pb::Sex::Male.into(),
                birth_date: "2011-05-05".into(),
            }),
            class_id: to.clone(),
            ..Default::default()
        };
        let mut draft = book.draft(2, pb::OrderKind::Admission, vec![newcomer]);
        draft.effective_on = "2027-09-01".into();
        let admission = book.posted(draft).await.unwrap();
        let held = book.undo(&book.by, &applied).await.unwrap_err();
        assert_eq!(refusal(&held), (Code::FailedPrecondition, "LATER_ORDERS".into()));
        assert_eq!(status::error_info(&held).unwrap().metadata["orders"], "№ 2", "somebody new is in the new class");
        book.reverse(&book.by, &admission, "ОТМ-8").await.unwrap();

        let change = "UPDATE group_membership SET ends_on = '2027-12-31' WHERE starts_on = '2027-09-01'";
        book.world.execute(change).await;
        let before = book.rows().await;
        let held = book.undo(&book.by, &applied).await.unwrap_err();
        assert_eq!(refusal(&held), (Code::FailedPrecondition, "RECORDS_CHANGED".into()));
        assert_eq!((book.rows().await, book.year().await.as_str()), (before, "2027/2028"), "nothing was done by halves");
        book.world.harness.ignore_announced().await;
    }
}

#[tokio::test]
async fn it_is_undone_until_the_first_lesson_of_the_new_year() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let applied = book.apply(&book.by, &book.saved().await).await.unwrap();
    // 08:30 at the school.
    book.at("2027-09-01T05:30:00Z");
    let planned = schedule::LessonState::Planned;
    let cancelled = lesson("2027-09-01", "08:00", schedule::LessonState::Cancelled);
    let schedule = &book.world.schedule;
    schedule.hold_lessons([cancelled.clone(), lesson("2027-09-01", "08:30", planned)]);
    let refused = book.undo(&book.by, &applied).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "LESSONS_HAVE_BEGUN".into())
    );
    schedule.go_down();
    let refused = book.undo(&book.by, &applied).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::Unavailable, "SCHEDULE_UNAVAILABLE".into())
    );
    assert_eq!(book.year().await, "2027/2028");
    book.at("2027-08-31T20:00:00Z");
    book.undo(&book.by, &applied).await.unwrap();
    assert_eq!(
        book.year().await,
        YEAR,
        "nobody was asked before the first day"
    );
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_lesson_that_was_cancelled_or_is_still_to_come_does_not_hold_it() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let applied = book.apply(&book.by, &book.saved().await).await.unwrap();
    book.at("2027-09-01T05:30:00Z");
    book.world.schedule.hold_lessons([
        lesson("2027-09-01", "08:00", schedule::LessonState::Cancelled),
        lesson("2027-09-01", "08:31", schedule::LessonState::Planned),
    ]);
    book.undo(&book.by, &applied).await.unwrap();
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn choices_are_shown_and_what_is_in_the_way_names_class_and_pupil() {
    let mut small = SmallSchool::new();
    small.push(
        SheetKind::Classes,
        &["9-А", "9", "А", "С-004", "Основное", "1"],
    );
    let pupil = |code: &'static str, surname: &'static str| {
        [
            code,
            surname,
            "Анна",
            "",
            "Ж",
            "01.03.2012",
            "9-А",
            "очная",
            "",
            "",
        ]
    };
    small.push(SheetKind::Pupils, &pupil("У-0091", "Девятова"));
    small.push(SheetKind::Pupils, &pupil("У-0092", "Зимина"));
    let world = crate::world::World::sqlite().await;
    let school = world.with_school(&small).await;
    let book = Book {
        by: staff(school, "SECRETARY"),
        world,
        school,
    };
    book.at("2027-05-31T09:00:00Z");
    let mut plan = book.plan(&book.by).await.unwrap();
    assert_eq!(plan.diff.unwrap().graduating, 2);
    let card = async |name: &str| book.world.card(book.school, name).await.to_string();
    let choices = plan.plan.as_mut().unwrap();
    let passage = |pupil_id: String, next_class_id: String| pb::PupilPassage {
        pupil_id,
        next_class_id,
        ..Default::default()
    };
    let (six, ten) = {
        let id = |title: &str| {
            let found = choices.next_classes.iter().find(|one| one.title == title);
            found.unwrap().class_id.clone()
        };
        (id("6-А"), id("10-А"))
    };
    choices.pupils = vec![
        passage(card("Девятова Анна").await, ten.clone()),
        passage(card("Кузнецов Пётр").await, ten.clone()),
        passage(card("Дзюба Алиса").await, ten),
        passage(card("Аблаев Осман").await, String::new()),
    ];
    let teacher = &mut choices.next_classes[0];
    assert_eq!((teacher.class_id.clone(), teacher.grade), (six, 6));
    teacher.class_teacher_id = card("Кузнецова Ольга").await;
    let saved = book.save(&book.by, &plan).await.unwrap();
    let told = |rule: &str, about: &str, surname: &str| (rule.into(), about.into(), surname.into());
    assert_eq!(
        rules(&saved),
        [
            told("YEAR_NOT_OVER", "", ""),
            told("CLASS_TEACHER_UNKNOWN", "6-А", ""),
            told("PUPIL_GRADE", "5-А", "Кузнецов"),
            told("PUPIL_WITHOUT_CLASS", "10-А", "Аблаев"),
        ]
    );
    let shown = &saved.plan.as_ref().unwrap().pupils;
    let shown: HashMap<String, (String, pb::PupilOutcome)> = shown
        .iter()
        .map(|one| {
            let name = one.name.as_ref().unwrap().surname.clone();
            (name, (one.class_title.clone(), one.outcome()))
        })
        .collect();
    assert_eq!(
        shown["Девятова"],
        ("9-А".into(), pb::PupilOutcome::Promoted)
    );
    assert_eq!(shown["Дзюба"], ("10-А".into(), pb::PupilOutcome::Stays));
    assert_eq!(
        shown["Аблаев"],
        ("10-А".into(), pb::PupilOutcome::Unspecified)
    );
    let diff = saved.diff.unwrap();
    assert_eq!((diff.promoted, diff.staying, diff.graduating), (4, 1, 1));

    let before = book.rows().await;
    let mut request = book.to_apply(&saved);
    request.date = "2027-05-31".into();
    let refused = book.world.client(&book.by).apply_rollover(request).await;
    assert_eq!(
        refusal(&refused.unwrap_err()),
        (Code::FailedPrecondition, "YEAR_NOT_OVER".into())
    );
    assert_eq!(book.rows().await, before);
}

#[tokio::test]
async fn drafts_of_orders_and_taken_numbers_are_in_the_way() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let maria = book.world.card(book.school, "Аблаева Мария").await;
    let draft = book.draft(1, pb::OrderKind::Expulsion, vec![expelled(maria)]);
    let order = book.put(&book.by, draft).await.unwrap().order.unwrap();
    let saved = book.saved().await;
    let drafts = ("DRAFT_ORDERS".into(), "№ 1".into(), String::new());
    assert_eq!(rules(&saved), [drafts]);
    let refused = book.apply(&book.by, &saved).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "DRAFT_ORDERS".into())
    );
    book.post(&book.by, &order).await.unwrap();

    let mut client = book.world.client(&book.by);
    let mut request = book.to_apply(&saved);
    request.promotion_number = "З-1".into();
    let refused = client.apply_rollover(request).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::AlreadyExists, "ORDER_NUMBER_TAKEN".into())
    );
    let mut request = book.to_apply(&saved);
    (request.promotion_number, request.graduation_number) = ("5".into(), " 5".into());
    let refused = client.apply_rollover(request).await.unwrap_err();
    assert_eq!(
        broken(&refused),
        [("graduationNumber".into(), "SAME_NUMBER".into())]
    );
    let mut request = book.to_apply(&saved);
    request.date = "2027-06-16".into();
    let refused = client.apply_rollover(request).await.unwrap_err();
    assert_eq!(broken(&refused), [("date".into(), "DATE_IN_FUTURE".into())]);
    let mut request = book.to_apply(&saved);
    request.promotion_number = " 77-у ".into();
    let applied = client.apply_rollover(request).await.unwrap();
    let applied = applied.into_inner().rollover.unwrap();
    assert_eq!(applied.promotion_number, "77-у");
    assert_eq!(
        applied.diff.unwrap().promoted,
        5,
        "the expelled one stays out"
    );

    let mut request = book.to_undo(&applied);
    request.date = "2027-06-16".into();
    let refused = client.undo_rollover(request).await.unwrap_err();
    assert_eq!(broken(&refused), [("date".into(), "DATE_IN_FUTURE".into())]);
    let order = book.get(&book.by, &applied.promotion_order_id).await;
    let order = order.unwrap().order.unwrap();
    let refused = book.reverse(&book.by, &order, "ОТМ-1").await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "ORDER_NOT_REVERSIBLE".into()),
        "only with the whole rollover"
    );
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_plan_that_contradicts_itself_is_refused_field_by_field() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let drafted = book.plan(&book.by).await.unwrap();
    let with = async |change: &dyn Fn(&mut pb::RolloverPlan)| {
        let mut changed = drafted.clone();
        change(changed.plan.as_mut().unwrap());
        broken(&book.save(&book.by, &changed).await.unwrap_err())
    };
    let one = |field: &str, rule: &str| vec![(format!("plan.{field}"), rule.to_owned())];
    assert_eq!(
        with(&|plan| plan.next_classes[0].letter = "Ю7".into()).await,
        one("nextClasses[0].letter", "LETTER")
    );
    assert_eq!(
        with(&|plan| plan.next_classes[1].grade = 11).await,
        one("nextClasses[2].letter", "CLASS_TWICE")
    );
    assert_eq!(
        with(&|plan| plan.classes[0].next_class_id = plan.classes[0].class_id.clone()).await,
        one("classes[0].nextClassId", "NEXT_CLASS_UNKNOWN")
    );
    assert_eq!(
        with(&|plan| plan.groups.push(plan.groups[0].clone())).await,
        one("groups[2].groupId", "GROUP_TWICE")
    );
    assert_eq!(
        with(&|plan| plan.graduates_until = "2027-09-01".into()).await,
        one("graduatesUntil", "DATE_OUTSIDE_YEAR")
    );
    let pyotr = book.world.card(book.school, "Кузнецов Пётр").await;
    let twice = pb::PupilPassage {
        pupil_id: pyotr.to_string(),
        ..Default::default()
    };
    assert_eq!(
        with(&|plan| plan.pupils = vec![twice.clone(), twice.clone()]).await,
        one("pupils[1].pupilId", "PUPIL_TWICE")
    );
    let mut bad = book.to_save(&drafted);
    bad.academic_year = "осень".into();
    let refused = book.world.client(&book.by).put_rollover(bad).await;
    assert_eq!(
        broken(&refused.unwrap_err()),
        [("academicYear".into(), "YEAR".into())]
    );
}

#[tokio::test]
async fn groups_that_came_after_the_plan_go_with_it_there_and_back() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let before = book.rows().await;
    let saved = book.saved().await;
    book.world.execute("DELETE FROM rollover_group").await;
    let applied = book.apply(&book.by, &saved).await.unwrap();
    assert_eq!(applied.diff.unwrap().groups_made, 5, "they join as usual");
    assert_eq!(applied.plan.as_ref().unwrap().groups.len(), 2);
    book.undo(&book.by, &applied).await.unwrap();
    assert_eq!(book.rows().await, before);
    book.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn the_same_school_of_the_next_year_is_in_the_way() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    book.another_school().await;
    let twin = "UPDATE school SET academic_year = '2027/2028',
        title_key = (SELECT s.title_key FROM school s WHERE s.title LIKE '%№ 1%')
        WHERE title LIKE '%№ 2%'";
    book.world.execute(twin).await;
    let plan = book.plan(&book.by).await.unwrap();
    let taken = ("SCHOOL_YEAR_TAKEN".into(), String::new(), String::new());
    assert_eq!(rules(&plan), [taken]);
    let saved = book.save(&book.by, &plan).await.unwrap();
    let refused = book.apply(&book.by, &saved).await.unwrap_err();
    assert_eq!(
        refusal(&refused),
        (Code::FailedPrecondition, "SCHOOL_YEAR_TAKEN".into())
    );
}

#[tokio::test]
async fn the_office_rolls_over_and_the_deputies_look() {
    let book = Book::in_june(TestDb::sqlite(RosterService::migrations()).await).await;
    let saved = book.saved().await;
    let deputy = staff(book.school, "DEPUTY");
    assert_eq!(book.plan(&deputy).await.unwrap(), saved);
    for by in [
        deputy,
        staff(book.school, "TEACHER"),
        staff(book.school, "ENGINEER"),
        staff(other_school(), "SECRETARY"),
        family(&[]),
    ] {
        for refused in [
            book.save(&by, &saved).await,
            book.apply(&by, &saved).await,
            book.undo(&by, &saved).await,
        ] {
            assert_eq!(
                refused.unwrap_err().code(),
                Code::PermissionDenied,
                "{by:?}"
            );
        }
    }
    for by in [staff(book.school, "TEACHER"), family(&[])] {
        let refused = book.plan(&by).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let (other, stranger) = book.another_school().await;
    assert!(book.plan(&stranger).await.is_err());
    let mut theirs = book.to_apply(&saved);
    theirs.school_id = other.to_string();
    let refused = book.world.client(&stranger).apply_rollover(theirs).await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound, "no plan there");
    let nothing = book.undo(&book.by, &saved).await.unwrap_err();
    assert_eq!(
        refusal(&nothing),
        (Code::FailedPrecondition, "ROLLOVER_NOT_APPLIED".into())
    );
    let missing = book.plan_of(&book.by, "2024/2025").await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let mut new = saved.clone();
    for by in [
        staff(book.school, "DIRECTOR"),
        staff(book.school, "ADMINISTRATOR"),
        region("ADMINISTRATOR"),
    ] {
        new = book.save(&by, &new).await.unwrap();
    }
    assert_eq!(new.etag, "v4");
    let director = staff(book.school, "DIRECTOR");
    let applied = book.apply(&director, &new).await.unwrap();
    let reader = staff(book.school, "DEPUTY");
    assert_eq!(book.plan(&reader).await.unwrap(), applied);
    let unknown = pb::GetOrderRequest {
        school_id: other.to_string(),
        order_id: applied.promotion_order_id.clone(),
    };
    let hidden = book.world.client(&stranger).get_order(unknown).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    assert_ne!(applied.promotion_order_id, order_id(1));
    book.world.harness.ignore_announced().await;
}
