//! A workbook is taken and judged; nothing is applied.

use chassis::status::{reason, retry_delay};
use prost::Message;
use tonic::Code;
use zhurnal_proto::roster::v1 as pb;

use crate::domain::school_import::SheetKind;
use crate::store::imports;
use crate::testing::{SmallSchool, to_xlsx};
use crate::world::{World, family, other_school, region, staff};

fn slips() -> SmallSchool {
    let mut school = SmallSchool::new();
    school.set(SheetKind::Pupils, "F", 2, "31.02.2015");
    school.set(SheetKind::Pupils, "G", 3, "5 а");
    school
}

#[tokio::test]
async fn a_sound_workbook_is_checked_and_makes_nothing_yet() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    assert_eq!(import.state(), pb::SchoolImportState::Checked);
    assert_eq!(
        (import.school_title.as_str(), import.school_id.as_str()),
        ("МБОУ «Школа № 1»", "")
    );
    let counts = import.counts.unwrap();
    assert_eq!(
        (
            counts.staff,
            counts.classes,
            counts.pupils,
            counts.guardians
        ),
        (5, 2, 6, 6)
    );
    assert_eq!(
        (counts.loads, counts.weekly_lessons, counts.lessons),
        (4, 5, 82)
    );
    assert_eq!(
        (
            import.error_count,
            import.warning_count,
            import.normalisation_count
        ),
        (0, 0, 0)
    );
    assert_eq!(world.import(&import).await, import);
    let schools = world
        .admin()
        .list_schools(pb::ListSchoolsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(schools.schools.is_empty());
    assert!(world.schedule.calls().is_empty());
}

#[tokio::test]
async fn each_finding_is_told_with_its_place_and_row_by_row() {
    let world = World::sqlite().await;
    let import = world.upload(&slips()).await;
    assert_eq!(import.state(), pb::SchoolImportState::Refused);
    let error = &import.errors[0];
    assert_eq!(
        (error.sheet.as_str(), error.row, error.column.as_str()),
        ("Ученики", 2, "F «Дата рождения»")
    );
    assert_eq!(
        (error.value.as_str(), error.reason.as_str()),
        ("31.02.2015", "BAD_DATE")
    );
    assert!(!error.message.is_empty() && !error.hint.is_empty());
    let mended = &import.normalisations[0];
    assert_eq!(
        (mended.row, mended.value.as_str(), mended.message.as_str()),
        (3, "5 а", "5-А")
    );

    let request = pb::ListImportRowsRequest {
        school_import_id: import.school_import_id.clone(),
        sheet: "Ученики".into(),
        verdict: pb::RowVerdict::Error.into(),
        ..Default::default()
    };
    let rows = world
        .admin()
        .list_import_rows(request.clone())
        .await
        .unwrap()
        .into_inner()
        .rows;
    assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2]);
    let guardians = pb::ListImportRowsRequest {
        sheet: "Родители".into(),
        ..request
    };
    let rows = world
        .admin()
        .list_import_rows(guardians)
        .await
        .unwrap()
        .into_inner()
        .rows;
    assert_eq!(rows[0].issues[0].reason, "REFERS_TO_REFUSED_ROW");
}

#[tokio::test]
async fn rows_come_in_pages_in_the_order_of_the_file_and_show_no_snils() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    let mut request = pb::ListImportRowsRequest {
        school_import_id: import.school_import_id.clone(),
        page_size: 7,
        ..Default::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = world
            .admin()
            .list_import_rows(request.clone())
            .await
            .unwrap()
            .into_inner();
        rows.extend(page.rows);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let sheets: Vec<&str> = rows.iter().map(|row| row.sheet.as_str()).collect();
    let mut distinct = sheets.clone();
    distinct.dedup();
    assert_eq!(
        distinct,
        [
            "Школа",
            "Сотрудники",
            "Классы",
            "Ученики",
            "Родители",
            "Нагрузка",
            "Звонки",
            "Учебные периоды",
            "Выходные дни",
            "Расписание"
        ]
    );
    assert_eq!(rows.len(), 5 + 5 + 2 + 6 + 6 + 4 + 3 + 3 + 1 + 5);
    let text = format!("{rows:?}");
    assert!(text.contains("•••-•••-••• 11") && !text.contains("000-000-001"));
    let other = pb::ListImportRowsRequest {
        sheet: "Ученики".into(),
        ..request.clone()
    };
    let first = pb::ListImportRowsRequest {
        page_token: String::new(),
        ..request
    };
    let token = world
        .admin()
        .list_import_rows(first)
        .await
        .unwrap()
        .into_inner()
        .next_page_token;
    let refused = world
        .admin()
        .list_import_rows(pb::ListImportRowsRequest {
            page_token: token,
            ..other
        })
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_repeated_upload_is_the_same_import_and_another_file_under_its_key_is_refused() {
    let world = World::sqlite().await;
    let request = world.upload_request(to_xlsx(&SmallSchool::new().book()).unwrap());
    let first = world
        .admin()
        .upload_school_import(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = world
        .admin()
        .upload_school_import(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    let other = pb::UploadSchoolImportRequest {
        content: to_xlsx(&slips().book()).unwrap(),
        ..request
    };
    let refused = world.admin().upload_school_import(other).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "IDEMPOTENCY_KEY_REUSED")
    );
}

#[tokio::test]
async fn what_is_no_workbook_is_refused_with_its_reason() {
    let world = World::sqlite().await;
    let zip_of_nothing = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    let too_large = vec![b'P'; (16 << 20) + 1];
    for (content, expected) in [
        (b"%PDF-1.7 ...".to_vec(), "WORKBOOK_WRONG_FORMAT"),
        (b"name;surname\n".to_vec(), "WORKBOOK_WRONG_FORMAT"),
        (too_large, "WORKBOOK_TOO_LARGE"),
    ] {
        let refused = world
            .admin()
            .upload_school_import(world.upload_request(content))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, expected)
        );
        assert!(
            refused.message().starts_with("Файл не принят"),
            "{}",
            refused.message()
        );
    }
    let refused = world
        .admin()
        .upload_school_import(world.upload_request(zip_of_nothing))
        .await
        .unwrap_err();
    assert!(reason(&refused).starts_with("WORKBOOK_"), "{refused:?}");
    let empty = world
        .admin()
        .upload_school_import(world.upload_request(Vec::new()))
        .await
        .unwrap_err();
    assert_eq!(reason(&empty), "INVALID_ARGUMENT");
}

#[tokio::test]
async fn only_administrators_of_the_region_may_upload() {
    let world = World::sqlite().await;
    let content = to_xlsx(&SmallSchool::new().book()).unwrap();
    for caller in [
        staff(other_school(), "ADMINISTRATOR"),
        staff(other_school(), "DIRECTOR"),
        region("MINISTRY_OFFICER"),
        family(&[]),
    ] {
        let refused = world
            .client(&caller)
            .upload_school_import(world.upload_request(content.clone()))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
}

#[tokio::test]
async fn an_import_is_not_there_for_those_who_may_not_see_it() {
    let world = World::sqlite().await;
    let import = world.upload(&SmallSchool::new()).await;
    let get = |id: &str| pb::GetSchoolImportRequest {
        school_import_id: id.to_owned(),
    };
    let mut client = world.client(&staff(other_school(), "ADMINISTRATOR"));
    let hidden = client
        .get_school_import(get(&import.school_import_id))
        .await
        .unwrap_err();
    let missing = client
        .get_school_import(get("imp_0192f0c10000700080000000000000ff"))
        .await
        .unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    assert_eq!(
        (hidden.message(), hidden.details()),
        (missing.message(), missing.details())
    );
    let rows = pb::ListImportRowsRequest {
        school_import_id: import.school_import_id.clone(),
        ..Default::default()
    };
    assert_eq!(
        client.list_import_rows(rows).await.unwrap_err().code(),
        Code::NotFound
    );
    let apply = pb::ApplySchoolImportRequest {
        school_import_id: import.school_import_id,
        skip_refused_rows: false,
        request_id: world.request_id(),
    };
    assert_eq!(
        client.apply_school_import(apply).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn the_workbook_is_kept_sealed() {
    let world = World::sqlite().await;
    let content = to_xlsx(&SmallSchool::new().book()).unwrap();
    let request = world.upload_request(content.clone());
    let import = world
        .admin()
        .upload_school_import(request)
        .await
        .unwrap()
        .into_inner()
        .school_import
        .unwrap();
    let sealed = imports::workbook(
        world.harness.db().read(),
        import.school_import_id.parse().unwrap(),
    )
    .await
    .unwrap();
    let sealed = sealed.unwrap();
    assert!(
        sealed.len() > content.len() && !sealed.windows(8).any(|window| window == &content[..8])
    );
}

#[tokio::test]
async fn long_lists_of_findings_are_cut_and_their_number_told() {
    let world = World::sqlite().await;
    let mut school = SmallSchool::new();
    for n in 0..600 {
        let code = format!("У-1{n:03}");
        school.push(
            SheetKind::Pupils,
            &[
                &code,
                "Тестов",
                "Тест",
                "",
                "М",
                "31.02.2015",
                "5-А",
                "очная",
                "1",
                "",
            ],
        );
    }
    let import = world.upload(&school).await;
    assert_eq!((import.errors.len(), import.error_count), (500, 600));
    assert!(import.encoded_len() < 1 << 20);
}

#[tokio::test]
async fn a_school_that_is_there_is_told_before_anything_is_applied() {
    let world = World::sqlite().await;
    world.with_school(&SmallSchool::new()).await;
    let mut school = SmallSchool::new();
    school.set(SheetKind::School, "B", 2, "МБОУ  «ШКОЛА № 1»");
    let import = world.upload(&school).await;
    assert_eq!(import.state(), pb::SchoolImportState::Checked);
    assert_eq!(import.notices[0].reason, "SCHOOL_EXISTS");
    let refused = world.apply(&import, false).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::AlreadyExists, "SCHOOL_EXISTS")
    );
    assert_eq!(retry_delay(&refused), None);
}
