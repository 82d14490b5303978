//! The life of a sheet: announced, filled in, sent, returned.

use chassis::on_both_databases;
use chassis::status;
use tonic::{Code, Status};
use zhurnal_proto::id::{MonitoringId, MunicipalityId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::registry_record::Entry;
use zhurnal_proto::roster::v1::roster_event::Change as Told;

use crate::store::migrations;
use crate::testing::{Calls, World, a_record, a_school, an_employee, id, records, refused};

fn monitoring_id(name: &str) -> String {
    id::<MonitoringId>(name).to_string()
}

fn school_id() -> String {
    id::<SchoolId>("12").to_string()
}

fn fresh(world: &World) -> String {
    world.harness.cx().ids.uuid().to_string()
}

fn documents(title: &str) -> pb::Monitoring {
    pb::Monitoring {
        kind: pb::ControlSheetKind::Documents.into(),
        title: title.into(),
        as_of: "2026-09-05".into(),
        due_on: "2026-09-10".into(),
        ..Default::default()
    }
}

async fn announce(
    world: &World,
    calls: &mut Calls,
    name: &str,
    monitoring: pb::Monitoring,
    etag: &str,
) -> Result<pb::Monitoring, Status> {
    let request = pb::PutMonitoringRequest {
        monitoring_id: monitoring_id(name),
        monitoring: Some(monitoring),
        etag: etag.into(),
        request_id: fresh(world),
    };
    let answer = calls.put_monitoring(request).await?.into_inner();
    Ok(answer.monitoring.unwrap())
}

fn said(number: &str, presence: pb::Presence, note: &str) -> pb::LineStatement {
    pb::LineStatement {
        number: number.into(),
        presence: presence.into(),
        note: note.into(),
        ..Default::default()
    }
}

fn save(
    world: &World,
    etag: &str,
    statements: Vec<pb::LineStatement>,
) -> pb::PutControlSheetRequest {
    pb::PutControlSheetRequest {
        school_id: school_id(),
        monitoring_id: monitoring_id("осень"),
        statements,
        problems: "Слабый интернет".into(),
        etag: etag.into(),
        request_id: fresh(world),
    }
}

async fn put(
    calls: &mut Calls,
    request: pb::PutControlSheetRequest,
) -> Result<pb::ControlSheet, Status> {
    Ok(calls
        .put_control_sheet(request)
        .await?
        .into_inner()
        .control_sheet
        .unwrap())
}

fn sending(world: &World, etag: &str) -> pb::SendControlSheetRequest {
    pb::SendControlSheetRequest {
        school_id: school_id(),
        monitoring_id: monitoring_id("осень"),
        etag: etag.into(),
        request_id: fresh(world),
    }
}

async fn send(
    calls: &mut Calls,
    request: pb::SendControlSheetRequest,
) -> Result<pb::ControlSheet, Status> {
    Ok(calls
        .send_control_sheet(request)
        .await?
        .into_inner()
        .control_sheet
        .unwrap())
}

async fn get(calls: &mut Calls) -> pb::ControlSheet {
    let request = pb::GetControlSheetRequest {
        school_id: school_id(),
        monitoring_id: monitoring_id("осень"),
    };
    calls
        .get_control_sheet(request)
        .await
        .unwrap()
        .into_inner()
        .control_sheet
        .unwrap()
}

async fn back(world: &World, etag: &str) -> Result<pb::ControlSheet, Status> {
    let request = pb::ReturnControlSheetRequest {
        school_id: school_id(),
        monitoring_id: monitoring_id("осень"),
        remark: "Приложите справку".into(),
        etag: etag.into(),
        request_id: fresh(world),
    };
    Ok(world
        .ministry()
        .return_control_sheet(request)
        .await?
        .into_inner()
        .control_sheet
        .unwrap())
}

fn line<'a>(sheet: &'a pb::ControlSheet, number: &str) -> &'a pb::SheetLine {
    sheet
        .lines
        .iter()
        .find(|line| line.number == number)
        .unwrap()
}

/// Somebody answers for the journal.
async fn named(world: &World) {
    let staff = vec![
        an_employee(
            "Ким",
            "заместитель директора",
            &[roster::Duty::Administrator],
        ),
        an_employee("Директор", "директор", &[roster::Duty::Director]),
    ];
    world
        .roster(Told::StaffChanged(roster::StaffChanged { staff }))
        .await;
    let named = roster::ResponsiblePerson {
        kind: roster::ResponsibilityKind::Administrator.into(),
        person_id: id::<PersonId>("Ким").to_string(),
        order_number: "17-к".into(),
        order_date: "2026-08-20".into(),
        starts_on: "2026-09-01".into(),
        ..Default::default()
    };
    world
        .roster(records(vec![a_record(
            "администратор",
            Entry::ResponsiblePerson(named),
        )]))
        .await;
}

/// A school and the autumn's monitoring of documents.
async fn autumn(db: chassis::testing::TestDb) -> World {
    let world = World::on(db).told().await;
    world.at("2026-09-08T12:00");
    announce(
        &world,
        &mut world.ministry(),
        "осень",
        documents("Осень"),
        "",
    )
    .await
    .unwrap();
    world
}

fn refusal(status: &Status) -> (Code, String) {
    (status.code(), status::reason(status))
}

fn fields(status: &Status) -> Vec<(String, String)> {
    let all = status::violations(status);
    all.into_iter().map(|one| (one.field, one.reason)).collect()
}

on_both_databases! { migrations();
    async fn a_sheet_is_filled_in_sent_returned_and_sent_again(db) {
        let world = autumn(db).await;
        named(&world).await;
        let mut administrator = world.staff("12", &["ADMINISTRATOR"], "Ким");
        let mut director = world.staff("12", &["DIRECTOR"], "Директор");
        let empty = get(&mut administrator).await;
        assert_eq!((empty.etag.as_str(), empty.state()), ("", pb::ControlSheetState::Draft));
        assert_eq!(empty.lines.len(), 9);

        let missing = send(&mut director, sending(&world, "")).await.unwrap_err();
        assert_eq!(refusal(&missing), (Code::FailedPrecondition, "SHEET_INCOMPLETE".into()));
        assert_eq!(fields(&missing), [("lines[1]".to_owned(), "STATEMENT_REQUIRED".to_owned())]);

        let statements = vec![
            said("1", pb::Presence::Yes, "проверено 07.09"),
            said("2", pb::Presence::Yes, ""),
        ];
        let saved = put(&mut administrator, save(&world, "", statements.clone())).await.unwrap();
        assert_eq!((saved.etag.as_str(), saved.problems.as_str()), ("v1", "Слабый интернет"));
        assert_eq!(line(&saved, "2").presence(), pb::Presence::Yes);
        let nameless = send(&mut director, sending(&world, "v1")).await.unwrap_err();
        assert_eq!(fields(&nameless), [("lines[2]".to_owned(), "NOTE_REQUIRED".to_owned())]);
        let statements = vec![statements[0].clone(), said("2", pb::Presence::Yes, "на сайте школы")];
        put(&mut administrator, save(&world, "v1", statements)).await.unwrap();

        let sent = send(&mut director, sending(&world, "v2")).await.unwrap();
        assert_eq!((sent.state(), sent.late, sent.etag.as_str()), (pb::ControlSheetState::Sent, false, "v3"));
        assert_eq!(sent.counted_on, "2026-09-08");
        let responsible = sent.responsible.clone().unwrap();
        assert_eq!(responsible.name.unwrap().surname, "Ким");
        assert_eq!(sent.head.clone().unwrap().post, "директор");

        // What happens afterwards does not change what was sent.
        let later = roster::RegistryRecordsChanged {
            records: Vec::new(),
            removed_ids: vec![id::<zhurnal_proto::id::RegistryRecordId>("администратор").to_string()],
        };
        world.roster(Told::RegistryRecordsChanged(later)).await;
        assert_eq!(get(&mut administrator).await, sent);
        let closed = put(&mut administrator, save(&world, "v3", Vec::new())).await.unwrap_err();
        assert_eq!(refusal(&closed), (Code::FailedPrecondition, "SHEET_SENT".into()));
        let twice = send(&mut director, sending(&world, "v3")).await.unwrap_err();
        assert_eq!(refusal(&twice), (Code::FailedPrecondition, "SHEET_SENT".into()));

        let returned = back(&world, "v3").await.unwrap();
        assert_eq!((returned.state(), returned.remark.as_str()), (pb::ControlSheetState::Returned, "Приложите справку"));
        assert_eq!(line(&returned, "1").statement.as_ref().unwrap().note, "проверено 07.09", "nothing is lost");
        assert_eq!(refusal(&back(&world, "v4").await.unwrap_err()), (Code::FailedPrecondition, "SHEET_NOT_SENT".into()));
        let nobody = send(&mut director, sending(&world, "v4")).await.unwrap_err();
        assert_eq!(refusal(&nobody), (Code::FailedPrecondition, "RESPONSIBLE_MISSING".into()));
        named(&world).await;
        world.at("2026-09-11T00:01");
        let mut director = world.staff("12", &["DIRECTOR"], "Директор");
        let again = send(&mut director, sending(&world, "v4")).await.unwrap();
        assert!(again.late, "the last day is over");
        assert_eq!(again.remark, "");
    }

    async fn only_the_version_that_was_seen_is_changed(db) {
        let world = autumn(db).await;
        named(&world).await;
        let mut administrator = world.staff("12", &["ADMINISTRATOR"], "Ким");
        let mut deputy = world.deputy();
        let unseen = put(&mut administrator, save(&world, "v1", Vec::new())).await.unwrap_err();
        assert_eq!(refusal(&unseen), (Code::Aborted, "ETAG_STALE".into()));
        let first = save(&world, "", vec![said("1", pb::Presence::No, "")]);
        let saved = put(&mut administrator, first.clone()).await.unwrap();
        assert_eq!(put(&mut administrator, first).await.unwrap(), saved, "a repeat acts once");
        let late = put(&mut deputy, save(&world, "", Vec::new())).await.unwrap_err();
        assert_eq!(refusal(&late), (Code::Aborted, "ETAG_STALE".into()));
        let mut director = world.staff("12", &["DIRECTOR"], "Директор");
        let request = sending(&world, "v1");
        let sent = send(&mut director, request.clone()).await.unwrap();
        assert_eq!(send(&mut director, request).await.unwrap(), sent, "a repeat acts once");
        assert_eq!(refusal(&back(&world, "v1").await.unwrap_err()), (Code::Aborted, "ETAG_STALE".into()));
    }

    async fn of_two_who_save_first_one_is_told(db) {
        let world = autumn(db).await;
        let one = save(&world, "", vec![said("1", pb::Presence::No, "первый")]);
        let other = save(&world, "", vec![said("1", pb::Presence::No, "второй")]);
        let (mut deputy, mut administrator) = (world.deputy(), world.staff("12", &["ADMINISTRATOR"], "Ким"));
        let both = tokio::join!(put(&mut deputy, one), put(&mut administrator, other));
        let (saved, refused) = match both {
            (Ok(saved), Err(refused)) | (Err(refused), Ok(saved)) => (saved, refused),
            other => panic!("{other:?}"),
        };
        assert_eq!(refusal(&refused), (Code::Aborted, "ETAG_STALE".into()));
        assert_eq!(get(&mut deputy).await, saved);
    }

    async fn a_municipal_officer_reads_the_sheets_of_the_own_schools(db) {
        let world = autumn(db).await;
        named(&world).await;
        let Told::SchoolChanged(moved) = a_school("31") else { panic!() };
        let moved = roster::School {
            municipality: "г. Ялта".into(),
            municipality_id: id::<MunicipalityId>("Ялта").to_string(),
            ..moved.school.unwrap()
        };
        world.roster_of("31", Told::SchoolChanged(roster::SchoolChanged { school: Some(moved) })).await;
        let mut administrator = world.staff("12", &["ADMINISTRATOR"], "Ким");
        put(&mut administrator, save(&world, "", vec![said("1", pb::Presence::Yes, "да")])).await.unwrap();
        let mut director = world.staff("12", &["DIRECTOR"], "Директор");
        send(&mut director, sending(&world, "v1")).await.unwrap();

        for (municipality, title, sent) in [("Симферополь", "МБОУ «Средняя школа 12»", 1), ("Ялта", "МБОУ «Средняя школа 31»", 0)] {
            let mut officer = world.municipal(municipality);
            let list = pb::ListMonitoringsRequest::default();
            let all = officer.list_monitorings(list).await.unwrap().into_inner().monitorings;
            assert_eq!((all[0].school_count, all[0].sent_count), (1, sent), "{municipality}");
            let request = pb::ListControlSheetsRequest { monitoring_id: all[0].monitoring_id.clone(), ..Default::default() };
            let sheets = officer.list_control_sheets(request).await.unwrap().into_inner();
            let titles: Vec<&str> = sheets.control_sheets.iter().map(|one| one.school_title.as_str()).collect();
            assert_eq!(titles, [title]);
            let counted = sheets.monitoring.unwrap();
            assert_eq!((counted.school_count, counted.sent_count), (1, sent), "{municipality}");
        }
        let own = get(&mut world.municipal("Симферополь")).await;
        assert_eq!(own.state(), pb::ControlSheetState::Sent);
        let request = |school: &str| pb::GetControlSheetRequest {
            school_id: id::<SchoolId>(school).to_string(),
            monitoring_id: own.monitoring.clone().unwrap().monitoring_id,
        };
        let mut stranger = world.municipal("Ялта");
        let foreign = stranger.get_control_sheet(request("12")).await.unwrap_err();
        let missing = stranger.get_control_sheet(request("999")).await.unwrap_err();
        assert_eq!((foreign.code(), foreign.details()), (Code::NotFound, missing.details()));
        let written = put(&mut world.municipal("Симферополь"), save(&world, "v2", vec![])).await.unwrap_err();
        assert_eq!(written.code(), Code::PermissionDenied);
        world.harness.ignore_announced().await;
    }

    async fn the_ministry_announces_and_sees_every_school(db) {
        let world = autumn(db).await;
        named(&world).await;
        world.roster_of("31", a_school("31")).await;
        let mut ministry = world.ministry();
        let wrong = announce(&world, &mut ministry, "весна", pb::Monitoring { due_on: "2026-09-04".into(), ..documents("Весна") }, "").await;
        assert_eq!(fields(&wrong.unwrap_err()), [("monitoring.dueOn".to_owned(), "DUE_BEFORE_AS_OF".to_owned())]);
        let kind = pb::Monitoring { kind: pb::ControlSheetKind::Databases.into(), ..documents("Осень") };
        let other = announce(&world, &mut ministry, "осень", kind.clone(), "v1").await.unwrap_err();
        assert_eq!(refusal(&other), (Code::FailedPrecondition, "SHEET_KIND_DIFFERS".into()));
        let stale = announce(&world, &mut ministry, "осень", documents("Осень"), "").await.unwrap_err();
        assert_eq!(refusal(&stale), (Code::Aborted, "ETAG_STALE".into()));
        let longer = pb::Monitoring { due_on: "2026-09-12".into(), ..documents("Осень 2026") };
        let changed = announce(&world, &mut ministry, "осень", longer, "v1").await.unwrap();
        assert_eq!((changed.title.as_str(), changed.etag.as_str(), changed.school_count), ("Осень 2026", "v2", 2));
        announce(&world, &mut ministry, "базы", pb::Monitoring { due_on: "2026-10-04".into(), ..kind }, "").await.unwrap();

        let mut administrator = world.staff("12", &["ADMINISTRATOR"], "Ким");
        put(&mut administrator, save(&world, "", vec![said("1", pb::Presence::Yes, "да")])).await.unwrap();
        let mut director = world.staff("12", &["DIRECTOR"], "Директор");
        send(&mut director, sending(&world, "v1")).await.unwrap();

        let list = |calls: &Calls, token: String| {
            let mut calls = calls.clone();
            async move {
                let request = pb::ListMonitoringsRequest { page_size: 1, page_token: token };
                calls.list_monitorings(request).await.unwrap().into_inner()
            }
        };
        let first = list(&ministry, String::new()).await;
        let second = list(&ministry, first.next_page_token.clone()).await;
        assert_eq!(second.next_page_token, "");
        let counts = |one: &pb::Monitoring| (one.due_on.clone(), one.school_count, one.sent_count, one.late_count);
        assert_eq!(counts(&first.monitorings[0]), ("2026-10-04".into(), 2, 0, 0));
        assert_eq!(counts(&second.monitorings[0]), ("2026-09-12".into(), 2, 1, 0));
        let own = list(&director, first.next_page_token).await;
        assert_eq!(counts(&own.monitorings[0]), ("2026-09-12".into(), 0, 1, 0), "a school is told of itself");
        assert_eq!(own.monitorings[0].own_state(), pb::ControlSheetState::Sent);
        assert_eq!(second.monitorings[0].own_state(), pb::ControlSheetState::Unspecified);
        let foreign = world.staff("31", &["DIRECTOR"], "Чужой");
        let theirs = list(&foreign, String::new()).await;
        assert_eq!(counts(&theirs.monitorings[0]), ("2026-10-04".into(), 0, 0, 0));
        assert_eq!(theirs.monitorings[0].own_state(), pb::ControlSheetState::Draft);

        let sheets = |request: pb::ListControlSheetsRequest| {
            let mut calls = world.ministry();
            async move { calls.list_control_sheets(request).await.unwrap().into_inner() }
        };
        let request = pb::ListControlSheetsRequest {
            monitoring_id: monitoring_id("осень"),
            ..Default::default()
        };
        let of = |one: &pb::ControlSheetSummary| (one.school_title.clone(), one.state(), one.late, one.line_count, one.full_count, one.percent);
        let (ours, theirs) = ("МБОУ «Средняя школа 12»".to_owned(), "МБОУ «Средняя школа 31»".to_owned());
        let all = sheets(request.clone()).await.control_sheets;
        assert_eq!(all.iter().map(of).collect::<Vec<_>>(), [
            (ours, pb::ControlSheetState::Sent, false, 9, 4, 44),
            (theirs.clone(), pb::ControlSheetState::Draft, false, 0, 0, 0),
        ]);
        world.at("2026-09-13T08:00");
        let missing = sheets(pb::ListControlSheetsRequest { only_missing: true, ..request.clone() }).await.control_sheets;
        assert_eq!(missing.iter().map(of).collect::<Vec<_>>(), [(theirs, pb::ControlSheetState::Draft, true, 0, 0, 0)]);
        let nowhere = sheets(pb::ListControlSheetsRequest { municipality: "г. Ялта".into(), ..request }).await;
        assert!(nowhere.control_sheets.is_empty());
    }
}

#[tokio::test]
async fn statements_must_fit_the_form() {
    let world = autumn(chassis::testing::TestDb::sqlite(migrations()).await).await;
    let wrong = pb::LineStatement {
        percent: 50,
        due_on: "2026-12-01".into(),
        ..said("2", pb::Presence::Yes, "")
    };
    let request = save(&world, "", vec![wrong, said("7", pb::Presence::No, "")]);
    let refused = put(&mut world.deputy(), request).await.unwrap_err();
    let expected = [
        ("statements[0].percent", "PERCENT_COUNTED"),
        ("statements[0].dueOn", "TERM_NOT_ASKED"),
        ("statements[1].number", "LINE_UNKNOWN"),
    ];
    let found = fields(&refused);
    let found: Vec<_> = found
        .iter()
        .map(|(field, rule)| (field.as_str(), rule.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(get(&mut world.deputy()).await.etag, "", "nothing was saved");
}

#[tokio::test]
async fn each_role_does_its_part_and_no_other() {
    let world = autumn(chassis::testing::TestDb::sqlite(migrations()).await).await;
    let denied = Code::PermissionDenied;
    let mut administrator = world.staff("12", &["ADMINISTRATOR"], "Ким");
    assert_eq!(
        refused(administrator.send_control_sheet(sending(&world, "")).await).0,
        denied
    );
    let mut teacher = world.staff("12", &["TEACHER"], "Петров");
    assert_eq!(
        refused(
            teacher
                .put_control_sheet(save(&world, "", Vec::new()))
                .await
        )
        .0,
        denied
    );
    let list = pb::ListMonitoringsRequest::default;
    assert_eq!(refused(teacher.list_monitorings(list()).await).0, denied);
    let mut director = world.staff("12", &["DIRECTOR"], "Директор");
    let announced = announce(&world, &mut director, "своя", documents("Своя"), "").await;
    assert_eq!(announced.unwrap_err().code(), denied);
    let sheets = pb::ListControlSheetsRequest {
        monitoring_id: monitoring_id("осень"),
        ..Default::default()
    };
    assert_eq!(
        refused(director.list_control_sheets(sheets).await).0,
        denied
    );
    let returning = pb::ReturnControlSheetRequest {
        school_id: school_id(),
        monitoring_id: monitoring_id("осень"),
        remark: "Нет".into(),
        etag: "v1".into(),
        request_id: fresh(&world),
    };
    assert_eq!(
        refused(director.return_control_sheet(returning).await).0,
        denied
    );
    let mut ministry = world.ministry();
    let own = refused(
        ministry
            .put_control_sheet(save(&world, "", Vec::new()))
            .await,
    )
    .0;
    assert_eq!(
        own, denied,
        "the ministry does not fill in a school's sheet"
    );

    let mut foreign = world.staff("31", &["DIRECTOR"], "Чужой");
    let theirs = refused(
        foreign
            .put_control_sheet(save(&world, "", Vec::new()))
            .await,
    );
    let none = pb::PutControlSheetRequest {
        school_id: id::<SchoolId>("99").to_string(),
        ..save(&world, "", Vec::new())
    };
    assert_eq!(theirs, refused(foreign.put_control_sheet(none).await));
    let unknown = pb::PutControlSheetRequest {
        monitoring_id: monitoring_id("нет"),
        ..save(&world, "", Vec::new())
    };
    assert_eq!(
        refused(world.deputy().put_control_sheet(unknown).await).0,
        Code::NotFound
    );
}
