//! Groups that people keep: who may, what is refused, what the feed tells.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as schedule;

use crate::RosterService;
use crate::testing::SmallSchool;
use crate::world::{World, family, machine, other_school, staff};

/// The deputy keeps a chess club of several classes.
struct Case {
    world: World,
    school: SchoolId,
    pupils: Vec<pb::Pupil>,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let at = "2026-11-16T09:00:00Z".parse().unwrap();
        world.harness.clock().set(at);
        let request = pb::ListPupilsRequest {
            school_id: school.to_string(),
            page_size: 500,
            ..Default::default()
        };
        let mut client = world.client(&staff(school, "DEPUTY"));
        let pupils = client
            .list_pupils(request)
            .await
            .unwrap()
            .into_inner()
            .pupils;
        Self {
            world,
            school,
            pupils,
        }
    }

    fn deputy(&self) -> Caller {
        staff(self.school, "DEPUTY")
    }

    fn pupil(&self, at: usize) -> String {
        self.pupils[at].pupil_id.clone()
    }

    /// Somebody of another class than the first pupil's.
    fn of_other_class(&self) -> String {
        let class = &self.pupils[0].class_id;
        let other = self.pupils.iter().find(|one| one.class_id != *class);
        other.unwrap().pupil_id.clone()
    }

    fn club(&self, id: u128) -> pb::PutGroupRequest {
        pb::PutGroupRequest {
            school_id: self.school.to_string(),
            group_id: group_id(id),
            title: format!(" Шахматы {id} "),
            kind: pb::GroupKind::Club.into(),
            grade: 5,
            shift: 1,
            unmarked: true,
            request_id: self.world.request_id(),
            ..Default::default()
        }
    }

    async fn put(&self, request: pb::PutGroupRequest) -> Result<pb::Group, Status> {
        let mut client = self.world.client(&self.deputy());
        Ok(client.put_group(request).await?.into_inner().group.unwrap())
    }

    fn members(&self, of: &pb::Group, from: &str) -> pb::ChangeGroupMembersRequest {
        pb::ChangeGroupMembersRequest {
            school_id: self.school.to_string(),
            group_id: of.group_id.clone(),
            from: from.into(),
            etag: of.etag.clone(),
            request_id: self.world.request_id(),
            ..Default::default()
        }
    }

    async fn change(
        &self,
        request: pb::ChangeGroupMembersRequest,
    ) -> Result<pb::ChangeGroupMembersResponse, Status> {
        let mut client = self.world.client(&self.deputy());
        Ok(client.change_group_members(request).await?.into_inner())
    }

    async fn add(
        &self,
        of: &pb::Group,
        from: &str,
        pupils: &[String],
    ) -> Result<pb::Group, Status> {
        let request = pb::ChangeGroupMembersRequest {
            add_pupil_ids: pupils.to_vec(),
            ..self.members(of, from)
        };
        Ok(self.change(request).await?.group.unwrap())
    }

    async fn end(&self, of: &pb::Group, ends_on: &str) -> Result<pb::Group, Status> {
        let request = pb::EndGroupRequest {
            school_id: self.school.to_string(),
            group_id: of.group_id.clone(),
            ends_on: ends_on.into(),
            etag: of.etag.clone(),
            request_id: self.world.request_id(),
        };
        let mut client = self.world.client(&self.deputy());
        Ok(client.end_group(request).await?.into_inner().group.unwrap())
    }

    async fn delete(&self, of: &pb::Group) -> Result<(), Status> {
        let request = pb::DeleteGroupRequest {
            school_id: self.school.to_string(),
            group_id: of.group_id.clone(),
            etag: of.etag.clone(),
            request_id: self.world.request_id(),
        };
        let mut client = self.world.client(&self.deputy());
        client.delete_group(request).await.map(|_| ())
    }

    async fn card(&self, group: &str, date: &str) -> Result<pb::GetGroupResponse, Status> {
        let request = pb::GetGroupRequest {
            school_id: self.school.to_string(),
            group_id: group.into(),
            date: date.into(),
        };
        let mut client = self.world.client(&self.deputy());
        Ok(client.get_group(request).await?.into_inner())
    }

    /// Pupil, first and last day of who is in a group in the year.
    async fn membership(&self, group: &str) -> Vec<(String, String, String)> {
        let members = self.card(group, "").await.unwrap().members.into_iter();
        let mut found: Vec<_> = members
            .map(|one| (one.pupil_id, one.starts_on, one.ends_on))
            .collect();
        found.sort();
        found
    }

    async fn groups(&self, kind: pb::GroupKind) -> Vec<pb::Group> {
        let request = pb::ListGroupsRequest {
            school_id: self.school.to_string(),
            kind: kind.into(),
            page_size: 500,
            ..Default::default()
        };
        let mut client = self.world.client(&self.deputy());
        client
            .list_groups(request)
            .await
            .unwrap()
            .into_inner()
            .groups
    }

    /// Groups, and memberships, told since the last look.
    async fn told(&self) -> (Vec<pb::Group>, Vec<pb::GroupMembership>, Vec<String>) {
        let (mut groups, mut members, mut removed) = (Vec::new(), Vec::new(), Vec::new());
        for event in self.world.harness.announced::<pb::RosterEvent>().await {
            match event.change {
                Some(Change::GroupsChanged(changed)) => {
                    groups.extend(changed.groups);
                    removed.extend(changed.removed_ids);
                }
                Some(Change::MembershipsChanged(changed)) => members.extend(changed.memberships),
                other => panic!("{other:?}"),
            }
        }
        (groups, members, removed)
    }
}

fn group_id(id: u128) -> String {
    GroupId::from_uuid(Uuid::from_u128(id)).to_string()
}

fn reason(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn fields(refused: &Status) -> Vec<(String, String)> {
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
    let violations = status::violations(refused).into_iter();
    violations.map(|v| (v.field, v.reason)).collect()
}

chassis::on_both_databases! {
    RosterService::migrations();

    async fn a_club_is_made_renamed_filled_and_ended(db) {
        let case = Case::on(db).await;
        let request = case.club(1);
        let club = case.put(request.clone()).await.unwrap();
        assert_eq!((club.title.as_str(), club.kind(), club.grade, club.unmarked), ("Шахматы 1", pb::GroupKind::Club, 5, true));
        // The same key again: the same answer, one group, one event.
        assert_eq!(case.put(request).await.unwrap(), club);
        let (groups, members, _) = case.told().await;
        assert_eq!((groups.len(), groups[0].shift, groups[0].etag.as_str(), members.len()), (1, 1, "", 0));

        let renamed = pb::PutGroupRequest { title: "Шахматный клуб".into(), unmarked: false, etag: club.etag.clone(), ..case.club(1) };
        let club = case.put(renamed).await.unwrap();
        assert_eq!((club.title.as_str(), club.unmarked), ("Шахматный клуб", false));

        let pupils = [case.pupil(0), case.of_other_class()];
        let club = case.add(&club, "2026-09-01", &pupils).await.unwrap();
        assert_eq!(club.member_count, 2);
        case.world.harness.ignore_announced().await;
        let leaves = pb::ChangeGroupMembersRequest { remove_pupil_ids: vec![case.pupil(0)], ..case.members(&club, "2026-11-02") };
        let club = case.change(leaves).await.unwrap().group.unwrap();
        let (_, members, _) = case.told().await;
        assert_eq!((members.len(), members[0].ends_on.as_str()), (1, "2026-11-01"));
        let before = case.card(&club.group_id, "2026-10-01").await.unwrap().members;
        let after = case.card(&club.group_id, "2026-11-02").await.unwrap().members;
        assert_eq!((before.len(), after.len()), (2, 1));
        assert!(before.iter().all(|one| !one.class_title.is_empty() && one.name.is_some()));

        let club = case.end(&club, "2026-12-30").await.unwrap();
        assert_eq!(club.ends_on, "2026-12-30");
        let (groups, members, _) = case.told().await;
        assert_eq!((groups[0].ends_on.as_str(), members.len(), members[0].ends_on.as_str()), ("2026-12-30", 1, "2026-12-30"));
        for refused in [case.add(&club, "2026-11-20", &[case.pupil(0)]).await, case.end(&club, "2026-12-01").await] {
            assert_eq!(reason(&refused.unwrap_err()), (Code::FailedPrecondition, "GROUP_ENDED".into()));
        }
        let listed = case.groups(pb::GroupKind::Club).await;
        assert_eq!((listed.len(), listed[0].member_count, listed[0].etag.clone()), (1, 1, club.etag));
    }

    async fn of_two_changes_at_once_one_is_made(db) {
        let case = Case::on(db).await;
        let club = case.put(case.club(1)).await.unwrap();
        let (pupils, others) = ([case.pupil(0)], [case.pupil(1)]);
        let (one, other) = tokio::join!(case.add(&club, "2026-11-16", &pupils), case.add(&club, "2026-11-16", &others));
        let refused: Vec<_> = [one, other].into_iter().filter_map(Result::err).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(status::reason(&refused[0]), "ETAG_STALE");
        assert_eq!(case.membership(&club.group_id).await.len(), 1);
        case.world.harness.ignore_announced().await;
    }

    async fn an_expulsion_ends_a_membership_and_nobody_joins_for_longer_than_enrolled(db) {
        let case = Case::on(db).await;
        let club = case.put(case.club(1)).await.unwrap();
        let (stays, gone) = (case.pupil(0), case.pupil(1));
        let club = case.add(&club, "2026-09-01", &[stays.clone(), gone.clone()]).await.unwrap();
        let expelled = pb::OrderPupil { pupil_id: gone.clone(), reason: "Переезд".into(), ..Default::default() };
        expel(&case, "О-1", expelled).await;
        let of = |pupil: &str, last: &str| (pupil.to_owned(), "2026-09-01".to_owned(), last.to_owned());
        let mut expected = vec![of(&stays, ""), of(&gone, "2026-11-16")];
        expected.sort();
        assert_eq!(case.membership(&club.group_id).await, expected);

        let late = case.add(&club, "2026-11-17", std::slice::from_ref(&gone)).await.unwrap_err();
        assert_eq!(fields(&late), [("addPupilIds[0]".to_owned(), "NOT_ENROLLED".to_owned())]);
        let other = case.put(case.club(2)).await.unwrap();
        case.add(&other, "2026-10-01", std::slice::from_ref(&gone)).await.unwrap();
        assert_eq!(case.membership(&other.group_id).await, [(gone, "2026-10-01".to_owned(), "2026-11-16".to_owned())]);
        case.world.harness.ignore_announced().await;
    }
}

/// An order that expels from 17 November on is put and posted.
async fn expel(case: &Case, number: &str, pupil: pb::OrderPupil) {
    let mut client = case.world.client(&staff(case.school, "SECRETARY"));
    let order_id = zhurnal_proto::id::OrderId::from_uuid(Uuid::from_u128(2)).to_string();
    let request = pb::PutOrderRequest {
        school_id: case.school.to_string(),
        order_id: order_id.clone(),
        kind: pb::OrderKind::Expulsion.into(),
        number: number.into(),
        date: "2026-11-16".into(),
        effective_on: "2026-11-17".into(),
        basis: "Заявление родителей".into(),
        pupils: vec![pupil],
        etag: String::new(),
        request_id: case.world.request_id(),
    };
    let order = client
        .put_order(request)
        .await
        .unwrap()
        .into_inner()
        .order
        .unwrap();
    let request = pb::PostOrderRequest {
        school_id: case.school.to_string(),
        order_id,
        etag: order.etag,
        request_id: case.world.request_id(),
    };
    client.post_order(request).await.unwrap();
}

async fn sqlite() -> Case {
    Case::on(TestDb::sqlite(RosterService::migrations()).await).await
}

#[tokio::test]
async fn what_a_group_may_be_is_told_at_its_field() {
    let case = sqlite().await;
    let refused = |request| async { case.put(request).await.unwrap_err() };
    let both = pb::PutGroupRequest {
        kind: pb::GroupKind::ExtendedDay.into(),
        grade: 0,
        unmarked: false,
        ..case.club(1)
    };
    let expected = [("grade", "REQUIRED"), ("unmarked", "MARKS_OF_KIND")];
    let expected = expected.map(|(field, rule)| (field.to_owned(), rule.to_owned()));
    assert_eq!(fields(&refused(both).await), expected);
    let part = pb::PutGroupRequest {
        kind: pb::GroupKind::Subgroup.into(),
        ..case.club(1)
    };
    assert_eq!(fields(&refused(part).await)[0].1, "CLASS_NEEDED");
    let nowhere = pb::PutGroupRequest {
        class_id: ClassId::from_uuid(Uuid::from_u128(7)).to_string(),
        grade: 0,
        shift: 0,
        ..case.club(1)
    };
    let expected = (Code::FailedPrecondition, "CLASS_UNKNOWN".to_owned());
    assert_eq!(reason(&refused(nowhere).await), expected);
    let of_class = pb::PutGroupRequest {
        kind: pb::GroupKind::Class.into(),
        ..case.club(1)
    };
    assert_eq!(reason(&refused(of_class).await).1, "GROUP_OF_CLASS");

    let club = case.put(case.club(1)).await.unwrap();
    let twin = pb::PutGroupRequest {
        title: "шахматы  1".into(),
        ..case.club(2)
    };
    assert_eq!(reason(&refused(twin).await).1, "GROUP_TITLE_TAKEN");
    let other = pb::PutGroupRequest {
        grade: 6,
        etag: club.etag.clone(),
        ..case.club(1)
    };
    assert_eq!(reason(&refused(other).await).1, "GROUP_DIFFERS");
    assert_eq!(reason(&refused(case.club(1)).await).1, "ETAG_STALE");
    let unknown = pb::PutGroupRequest {
        etag: "v1".into(),
        ..case.club(9)
    };
    assert_eq!(refused(unknown).await.code(), Code::NotFound);
    case.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn who_cannot_join_is_told_at_the_pupil_and_nobody_joins() {
    let case = sqlite().await;
    let club = case.put(case.club(1)).await.unwrap();
    let stranger = PersonId::from_uuid(Uuid::from_u128(404)).to_string();
    let teacher = case
        .world
        .card(case.school, "Кузнецова Ольга")
        .await
        .to_string();
    let asked = [case.pupil(0), stranger, teacher];
    let refused = case.add(&club, "2026-11-16", &asked).await.unwrap_err();
    let unknown = |at: usize| (format!("addPupilIds[{at}]"), "PUPIL_UNKNOWN".to_owned());
    assert_eq!(fields(&refused), [unknown(1), unknown(2)]);
    assert_eq!(case.membership(&club.group_id).await, []);

    let day = case.add(&club, "2027-09-01", &[case.pupil(0)]).await;
    let expected = [("from".to_owned(), "OUTSIDE_YEAR".to_owned())];
    assert_eq!(fields(&day.unwrap_err()), expected);
    let again = pb::ChangeGroupMembersRequest {
        remove_pupil_ids: vec![case.pupil(0)],
        ..case.members(&club, "2026-11-16")
    };
    let refused = case.change(again).await.unwrap_err();
    assert_eq!(fields(&refused)[0].1, "NOT_MEMBER");
    case.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn only_pupils_of_the_class_join_its_group_and_the_class_itself_is_not_touched() {
    let case = sqlite().await;
    let elective = pb::PutGroupRequest {
        kind: pb::GroupKind::Elective.into(),
        class_id: case.pupils[0].class_id.clone(),
        grade: 0,
        shift: 0,
        unmarked: false,
        ..case.club(1)
    };
    let group = case.put(elective).await.unwrap();
    let asked = [case.pupil(0), case.of_other_class()];
    let refused = case.add(&group, "2026-11-16", &asked).await.unwrap_err();
    let expected = [("addPupilIds[1]".to_owned(), "OTHER_CLASS".to_owned())];
    assert_eq!(fields(&refused), expected);

    let whole = case.groups(pb::GroupKind::Class).await;
    let class = &whole[0];
    let refusals = [
        case.add(class, "2026-11-16", &[case.pupil(0)]).await.err(),
        case.end(class, "2026-11-16").await.err(),
        case.delete(class).await.err(),
    ];
    for refused in refusals {
        let expected = (Code::FailedPrecondition, "GROUP_OF_CLASS".to_owned());
        assert_eq!(reason(&refused.unwrap()), expected);
    }
    case.world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_group_that_is_taught_is_not_deleted_one_of_a_mistake_is() {
    let case = sqlite().await;
    let club = case.put(case.club(1)).await.unwrap();
    let club = case
        .add(&club, "2026-09-01", &[case.pupil(0)])
        .await
        .unwrap();
    case.world.schedule.hold_loads([schedule::TeachingLoad {
        group_id: club.group_id.clone(),
        ..Default::default()
    }]);
    let expected = (Code::FailedPrecondition, "GROUP_HAS_LESSONS".to_owned());
    assert_eq!(reason(&case.delete(&club).await.unwrap_err()), expected);
    case.world.schedule.hold_loads([]);
    case.world.harness.ignore_announced().await;

    case.delete(&club).await.unwrap();
    let (_, members, removed) = case.told().await;
    assert_eq!(removed, std::slice::from_ref(&club.group_id));
    assert_eq!(members[0].ends_on, "0001-01-01");
    let gone = case.card(&club.group_id, "").await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);

    // Nothing is deleted while schedule does not say whether it is taught.
    let club = case.put(case.club(2)).await.unwrap();
    case.world.harness.ignore_announced().await;
    case.world.schedule.go_down();
    let refused = case.delete(&club).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::Unavailable, "SCHEDULE_UNAVAILABLE".into())
    );
}

#[tokio::test]
async fn who_was_added_by_mistake_has_never_been_in_it() {
    let case = sqlite().await;
    let club = case.put(case.club(1)).await.unwrap();
    let club = case
        .add(&club, "2026-11-16", &[case.pupil(0)])
        .await
        .unwrap();
    case.world.harness.ignore_announced().await;
    let out = pb::ChangeGroupMembersRequest {
        remove_pupil_ids: vec![case.pupil(0)],
        ..case.members(&club, "2026-11-16")
    };
    let answer = case.change(out).await.unwrap();
    assert_eq!(
        (answer.members.len(), answer.group.unwrap().member_count),
        (0, 0)
    );
    let (_, members, _) = case.told().await;
    assert_eq!(members[0].ends_on, "0001-01-01");
}

#[tokio::test]
async fn teachers_families_machines_and_other_schools_keep_no_groups() {
    let case = sqlite().await;
    let club = case.put(case.club(1)).await.unwrap();
    case.world.harness.ignore_announced().await;
    let pupil: PersonId = case.pupil(0).parse().unwrap();
    let strangers = [
        staff(case.school, "TEACHER"),
        staff(case.school, "ENGINEER"),
        staff(other_school(), "DEPUTY"),
        family(&[pupil]),
        machine(&["roster.read"], &[case.school]),
    ];
    for stranger in strangers {
        let mut client = case.world.client(&stranger);
        let put = client.put_group(case.club(2)).await.unwrap_err();
        let request = pb::GetGroupRequest {
            school_id: case.school.to_string(),
            group_id: club.group_id.clone(),
            date: String::new(),
        };
        let get = client.get_group(request).await.unwrap_err();
        let change = case.members(&club, "2026-11-16");
        let change = client.change_group_members(change).await.unwrap_err();
        for refused in [put, get, change] {
            let code = refused.code();
            assert!(
                matches!(code, Code::PermissionDenied | Code::NotFound),
                "{stranger:?}: {refused:?}"
            );
        }
    }
    // A group of another school is no group.
    let elsewhere = pb::GetGroupRequest {
        school_id: case.school.to_string(),
        group_id: group_id(77),
        date: String::new(),
    };
    let mut client = case.world.client(&case.deputy());
    assert_eq!(
        client.get_group(elsewhere).await.unwrap_err().code(),
        Code::NotFound
    );
}
