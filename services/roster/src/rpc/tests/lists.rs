//! Classes, groups, staff, pupils, orders.

use chassis::service::Service as _;
use tonic::Code;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;

use crate::RosterService;
use crate::domain::school_import::SheetKind;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, region, staff, with_card};

fn surname(name: &Option<zhurnal_proto::types::v1::PersonName>) -> String {
    name.clone().unwrap().surname
}

async fn pupils(world: &World, school: SchoolId, search: &str) -> Vec<String> {
    let request = pb::ListPupilsRequest {
        school_id: school.to_string(),
        search: search.into(),
        ..Default::default()
    };
    let found = world
        .client(&staff(school, "TEACHER"))
        .list_pupils(request)
        .await
        .unwrap()
        .into_inner()
        .pupils;
    found.iter().map(|pupil| surname(&pupil.name)).collect()
}

#[tokio::test]
async fn classes_come_by_grade_with_their_size_and_class_teacher() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let request = pb::ListClassesRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    let classes = world
        .client(&staff(school, "TEACHER"))
        .list_classes(request.clone())
        .await
        .unwrap()
        .into_inner()
        .classes;
    let shown: Vec<(&str, u32, u32)> = classes
        .iter()
        .map(|c| (c.title.as_str(), c.grade, c.pupil_count))
        .collect();
    assert_eq!(shown, [("5-А", 5, 4), ("10-А", 10, 2)]);
    assert_eq!(surname(&classes[0].class_teacher_name), "Алиев");

    for caller in [
        machine(&["roster.read"], &[school]),
        region("MINISTRY_OFFICER"),
    ] {
        let answer = world.client(&caller).list_classes(request.clone()).await;
        let class = answer.unwrap().into_inner().classes.remove(0);
        assert!(class.class_teacher_name.is_none(), "{caller:?}");
        assert!(class.class_teacher_id.starts_with("per_"), "{caller:?}");
    }
    let other_year = pb::ListClassesRequest {
        academic_year: "2025/2026".into(),
        ..request.clone()
    };
    assert!(
        world
            .admin()
            .list_classes(other_year)
            .await
            .unwrap()
            .into_inner()
            .classes
            .is_empty()
    );
    let refused = world
        .client(&staff(other_school(), "DIRECTOR"))
        .list_classes(request)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn in_august_the_classes_of_september_are_full_already() {
    let world = World::sqlite().await;
    world
        .harness
        .clock()
        .set("2026-08-20T06:00:00Z".parse().unwrap());
    let school = world.with_school(&SmallSchool::new()).await;
    let request = pb::ListClassesRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    let classes = world
        .admin()
        .list_classes(request)
        .await
        .unwrap()
        .into_inner()
        .classes;
    assert_eq!(classes[0].pupil_count, 4);
    assert_eq!(pupils(&world, school, "").await.len(), 6);
}

#[tokio::test]
async fn groups_come_by_title_of_the_school_or_of_a_class() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let mut request = pb::ListGroupsRequest {
        school_id: school.to_string(),
        page_size: 3,
        ..Default::default()
    };
    let first = world
        .admin()
        .list_groups(request.clone())
        .await
        .unwrap()
        .into_inner();
    request.page_token = first.next_page_token;
    let second = world
        .admin()
        .list_groups(request.clone())
        .await
        .unwrap()
        .into_inner();
    let groups: Vec<&pb::Group> = first.groups.iter().chain(&second.groups).collect();
    let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "5-А",
            "5-А Информатика гр.1",
            "5-А Информатика гр.2",
            "10-А"
        ]
    );
    assert_eq!(
        (groups[0].kind(), groups[1].kind()),
        (pb::GroupKind::Class, pb::GroupKind::Subgroup)
    );

    let of_class = pb::ListGroupsRequest {
        class_id: groups[3].class_id.clone(),
        page_token: String::new(),
        ..request.clone()
    };
    let found = world
        .admin()
        .list_groups(of_class.clone())
        .await
        .unwrap()
        .into_inner()
        .groups;
    assert_eq!(found.len(), 1);
    let foreign_token = pb::ListGroupsRequest {
        page_token: request.page_token,
        ..of_class
    };
    assert_eq!(
        world
            .admin()
            .list_groups(foreign_token)
            .await
            .unwrap_err()
            .code(),
        Code::InvalidArgument
    );
}

chassis::on_both_databases! { RosterService::migrations();
    async fn people_stand_in_the_order_of_the_russian_alphabet(db) {
        let world = World::on(db);
        let mut school = SmallSchool::new();
        for (n, surname) in ["Ёжикова", "Ежова", "Жукова", "Яшина", "Еясова", "Абрамова"].iter().enumerate() {
            let code = format!("У-9{n:03}");
            school.push(SheetKind::Pupils, &[&code, surname, "Анна", "", "Ж", "15.05.2015", "5-А", "очная", "1", ""]);
        }
        let school = world.with_school(&school).await;
        assert_eq!(
            pupils(&world, school, "").await,
            [
                "Аблаев", "Аблаева", "Абрамова", "Дзюба", "Ежова", "Еясова", "Ёжикова", "Жукова", "Кузнецов", "Меметов",
                "Римская-Корсакова", "Яшина"
            ]
        );
        let mut request = pb::ListPupilsRequest { school_id: school.to_string(), page_size: 5, ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = world.admin().list_pupils(request.clone()).await.unwrap().into_inner();
            assert!(page.pupils.len() <= 5);
            seen.extend(page.pupils.iter().map(|pupil| surname(&pupil.name)));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, pupils(&world, school, "").await);
        let request = pb::ListStaffRequest { school_id: school.to_string(), ..Default::default() };
        let staff = world.admin().list_staff(request).await.unwrap().into_inner().staff;
        let surnames: Vec<String> = staff.iter().map(|member| surname(&member.name)).collect();
        assert_eq!(surnames, ["Алиев", "Белая", "Гончар", "Ёлкин", "Павленко"]);
    }

    async fn pupils_are_found_by_the_start_of_any_part_of_the_name(db) {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        for (search, found) in [
            ("аблаев", vec!["Аблаев", "Аблаева"]),
            ("МАР", vec!["Аблаева"]),
            ("корс", vec!["Римская-Корсакова"]),
            ("римская-корсакова", vec!["Римская-Корсакова"]),
            ("петр", vec!["Дзюба", "Кузнецов"]),
            ("пётр", vec!["Дзюба", "Кузнецов"]),
            ("осман абл", vec!["Аблаев"]),
            ("лаев", vec![]),
            ("%", vec!["Аблаев", "Аблаева", "Дзюба", "Кузнецов", "Меметов", "Римская-Корсакова"]),
            ("а_л", vec![]),
        ] {
            assert_eq!(pupils(&world, school, search).await, found, "{search}");
        }
    }
}

#[tokio::test]
async fn pupils_of_a_class_show_where_and_how_they_learn() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let classes = pb::ListClassesRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    let tenth = world
        .admin()
        .list_classes(classes)
        .await
        .unwrap()
        .into_inner()
        .classes[1]
        .class_id
        .clone();
    let request = pb::ListPupilsRequest {
        school_id: school.to_string(),
        class_id: tenth.clone(),
        ..Default::default()
    };
    let pupils = world
        .admin()
        .list_pupils(request.clone())
        .await
        .unwrap()
        .into_inner()
        .pupils;
    let alisa = &pupils[1];
    assert_eq!(
        (alisa.class_id.as_str(), alisa.class_title.as_str()),
        (tenth.as_str(), "10-А")
    );
    assert_eq!(
        (alisa.sex(), alisa.education_form()),
        (pb::Sex::Female, pb::EducationForm::Family)
    );
    assert_eq!(alisa.birth_date, "2010-02-28");
    teachers_see_names(&world, school, &request).await;
    for caller in [
        staff(other_school(), "DIRECTOR"),
        region("MINISTRY_OFFICER"),
        family(&[]),
        machine(&["roster.read"], &[]),
    ] {
        let refused = world
            .client(&caller)
            .list_pupils(request.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
}

/// More than names and classes is told to the class teacher of the class asked for.
async fn teachers_see_names(world: &World, school: SchoolId, request: &pb::ListPupilsRequest) {
    for (name, in_full) in [("Гончар Вера", true), ("Алиев Осман", false)] {
        let caller = with_card(staff(school, "TEACHER"), world.card(school, name).await);
        let answer = world.client(&caller).list_pupils(request.clone()).await;
        let alisa = answer.unwrap().into_inner().pupils.remove(1);
        assert_eq!(surname(&alisa.name), "Дзюба", "{name}");
        assert_eq!(alisa.class_title, "10-А", "{name}");
        let told = (
            alisa.birth_date.as_str(),
            alisa.sex(),
            alisa.education_form(),
        );
        let wanted = if in_full {
            ("2010-02-28", pb::Sex::Female, pb::EducationForm::Family)
        } else {
            ("", pb::Sex::Unspecified, pb::EducationForm::Unspecified)
        };
        assert_eq!(told, wanted, "{name}");
    }
}

#[tokio::test]
async fn staff_show_post_duties_and_contacts() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    let request = pb::ListStaffRequest {
        school_id: school.to_string(),
        page_size: 2,
        ..Default::default()
    };
    let page = world
        .client(&staff(school, "TEACHER"))
        .list_staff(request.clone())
        .await
        .unwrap()
        .into_inner();
    let aliev = &page.staff[0];
    assert_eq!(
        (aliev.post.as_str(), aliev.starts_on.as_str()),
        ("Учитель: Алгебра", "2026-09-01")
    );
    assert_eq!(
        (aliev.phone.as_str(), aliev.email.as_str()),
        ("+7 978 111-22-02", "s002@school.example")
    );
    assert_eq!(aliev.duties().collect::<Vec<_>>(), [pb::Duty::Teacher]);
    assert_eq!(
        page.staff[1].duties().collect::<Vec<_>>(),
        [pb::Duty::Secretary]
    );
    let rest = pb::ListStaffRequest {
        page_token: page.next_page_token,
        page_size: 50,
        ..request.clone()
    };
    assert_eq!(
        world
            .admin()
            .list_staff(rest)
            .await
            .unwrap()
            .into_inner()
            .staff
            .len(),
        3
    );
    for caller in [
        staff(other_school(), "DIRECTOR"),
        machine(&["roster.read"], &[]),
        family(&[]),
    ] {
        let refused = world
            .client(&caller)
            .list_staff(request.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
}

#[tokio::test]
async fn the_book_of_orders_is_for_those_who_keep_it() {
    let world = World::sqlite().await;
    world
        .harness
        .clock()
        .set("2026-11-22T21:30:00Z".parse().unwrap());
    let school = world.with_school(&SmallSchool::new()).await;
    let request = pb::ListOrdersRequest {
        school_id: school.to_string(),
        ..Default::default()
    };
    for role in ["SECRETARY", "DIRECTOR", "DEPUTY", "ADMINISTRATOR"] {
        let orders = world
            .client(&staff(school, role))
            .list_orders(request.clone())
            .await
            .unwrap()
            .into_inner()
            .orders;
        let order = &orders[0];
        // Half past nine in the evening UTC is the next day in Simferopol.
        assert_eq!(
            (
                order.number.as_str(),
                order.date.as_str(),
                order.pupil_count
            ),
            ("З-1", "2026-11-23", 6)
        );
        assert_eq!(order.kind(), pb::OrderKind::Admission);
        assert!(order.posted_at.is_some());
    }
    for caller in [staff(school, "TEACHER"), staff(other_school(), "DIRECTOR")] {
        let refused = world
            .client(&caller)
            .list_orders(request.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{caller:?}");
    }
}

#[tokio::test]
async fn orders_come_newest_first_in_pages() {
    let world = World::sqlite().await;
    let school = world.with_school(&SmallSchool::new()).await;
    for (n, date) in [(1, "2026-10-01"), (2, "2026-10-05"), (3, "2026-10-05")] {
        let (school, id) = (school.uuid().simple(), format!("{n:032x}"));
        world
            .execute(&format!(
                "INSERT INTO school_order (school_id, order_id, number, date, kind, pupil_count, posted_us, year, effective_on)
                    VALUES (x'{school}', x'{id}', 'П-{n}', '{date}', 2, 1, 0, 2026, '{date}')"
            ))
            .await;
    }
    let mut request = pb::ListOrdersRequest {
        school_id: school.to_string(),
        page_size: 2,
        ..Default::default()
    };
    let first = world
        .admin()
        .list_orders(request.clone())
        .await
        .unwrap()
        .into_inner();
    request.page_token = first.next_page_token;
    let second = world
        .admin()
        .list_orders(request)
        .await
        .unwrap()
        .into_inner();
    let numbers: Vec<&str> = first
        .orders
        .iter()
        .chain(&second.orders)
        .map(|order| order.number.as_str())
        .collect();
    assert_eq!(numbers, ["П-3", "П-2", "П-1", "З-1"]);
}
