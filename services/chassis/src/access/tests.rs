//! The policies against the descriptor and against the stories of the domain.

use std::collections::{BTreeMap, BTreeSet};

use tonic::Code;
use uuid::Uuid;
use zhurnal_proto::access::v1::CallerKind;
use zhurnal_proto::id::{AccountId, MunicipalityId, PersonId, SchoolId};

use super::*;
use crate::caller::tests::{family, staff};
use crate::caller::{Client, User};

fn access() -> Access {
    Access::new().unwrap()
}

fn school(n: u128) -> SchoolId {
    SchoolId::from_uuid(Uuid::from_u128(100 + n))
}

fn card(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(1_000 + n))
}

/// Staff of school 1 with card 1.
fn employee(roles: &[&str]) -> User {
    User {
        person: Some(card(1)),
        ..staff(school(1), roles)
    }
}

fn user(user: User) -> Caller {
    Caller::User(user)
}

fn regional(role: &str) -> Caller {
    user(User {
        school: None,
        person: None,
        region: true,
        ..staff(school(1), &[role])
    })
}

fn municipality(n: u128) -> MunicipalityId {
    MunicipalityId::from_uuid(Uuid::from_u128(500 + n))
}

/// An officer of a municipality.
fn municipal(n: u128) -> Caller {
    user(User {
        school: None,
        person: None,
        municipality: Some(municipality(n)),
        ..staff(school(1), &["MUNICIPAL_OFFICER"])
    })
}

fn parent() -> Caller {
    user(family(&[card(50), card(51)]))
}

fn ok(caller: &Caller, permission: &str, facts: &Facts) -> bool {
    access().check(caller, permission, facts).is_ok()
}

#[test]
fn the_policies_pass_strict_validation() {
    assert!(access().actions().count() > 30);
}

#[test]
fn a_policy_that_misspells_an_attribute_is_refused() {
    let broken = zhurnal_proto::POLICIES.replace("classTeachers", "clasTeachers");
    let error = Access::from_text(&broken, zhurnal_proto::POLICY_SCHEMA).unwrap_err();
    assert!(error.to_string().contains("clasTeachers"), "{error}");
}

#[test]
fn every_permission_is_an_action_and_every_action_a_permission() {
    let access = access();
    let actions: BTreeSet<&str> = access.actions().collect();
    let permissions: BTreeSet<&str> = Rules::all().unwrap().iter().map(|r| r.permission).collect();
    assert_eq!(actions, permissions);
}

#[test]
fn principals_of_an_action_are_the_callers_of_its_rpcs() {
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for rule in Rules::all().unwrap().iter() {
        let kinds = rule.callers.iter().map(|kind| entity_of(*kind).to_owned());
        wanted.entry(rule.permission).or_default().extend(kinds);
    }
    let access = access();
    for (permission, kinds) in wanted {
        assert_eq!(
            access.inner.policies.principals(permission),
            kinds,
            "{permission}"
        );
    }
}

#[test]
fn the_resource_of_an_action_is_the_resolver_of_its_rpcs() {
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for rule in Rules::all().unwrap().iter() {
        let (first, rest) = rule.resolver.split_at(1);
        wanted
            .entry(rule.permission)
            .or_default()
            .insert(first.to_uppercase() + rest);
    }
    let access = access();
    for (permission, kinds) in wanted {
        assert_eq!(
            access.inner.policies.resources(permission),
            kinds,
            "{permission}"
        );
    }
}

fn entity_of(kind: CallerKind) -> &'static str {
    match kind {
        CallerKind::Anonymous => "Anonymous",
        CallerKind::Staff => "Staff",
        CallerKind::Family => "Family",
        CallerKind::Service => "Service",
        CallerKind::Client => "Client",
        CallerKind::Unspecified => "",
    }
}

#[test]
fn every_caller_kind_of_a_rule_has_somebody_who_may() {
    let access = access();
    let roles = [
        "DIRECTOR",
        "DEPUTY",
        "ADMINISTRATOR",
        "SECRETARY",
        "TEACHER",
    ];
    for rule in Rules::all().unwrap().iter() {
        for kind in &rule.callers {
            let candidates: Vec<Caller> = match kind {
                CallerKind::Anonymous => vec![Caller::Anonymous],
                CallerKind::Staff => vec![
                    user(employee(&roles)),
                    regional("MINISTRY_OFFICER"),
                    regional("ADMINISTRATOR"),
                    municipal(1),
                ],
                CallerKind::Family => vec![parent()],
                CallerKind::Service => [
                    "gateway",
                    "identity",
                    "roster",
                    "schedule",
                    "grading",
                    "reporting",
                ]
                .map(Caller::service)
                .to_vec(),
                CallerKind::Client => vec![client(&[
                    "roster.read",
                    "schedule.read",
                    "identity.events",
                    "roster.events",
                    "schedule.events",
                    "grading.events",
                ])],
                CallerKind::Unspecified => vec![],
            };
            assert!(
                candidates.iter().any(|c| access.could(c, rule.permission)),
                "nobody of kind {kind:?} may {}",
                rule.permission
            );
        }
    }
}

fn client(scopes: &[&str]) -> Caller {
    Caller::Client(Client {
        id: "region".into(),
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        schools: vec![],
    })
}

#[test]
fn nothing_is_open_to_nobody() {
    let access = access();
    let open: BTreeSet<&str> = access
        .actions()
        .filter(|a| access.could(&Caller::Anonymous, a))
        .collect();
    let wanted = [
        "identity.accounts.register",
        "identity.clientTokens.issue",
        "identity.invitations.preview",
        "identity.jwks.get",
        "identity.passwordResets.use",
        "identity.sessions.completeLogIn",
        "identity.sessions.exchange",
        "identity.sessions.logIn",
        "schedule.calendarFeeds.get",
    ];
    assert_eq!(open, BTreeSet::from(wanted));
}

#[test]
fn only_the_teacher_of_the_lesson_records() {
    let journal =
        |teacher: PersonId| Facts::object("Journal", "jrn", school(1)).teachers([teacher]);
    let teacher = user(employee(&["TEACHER"]));
    assert!(ok(&teacher, "grading.marks.record", &journal(card(1))));
    assert!(!ok(&teacher, "grading.marks.record", &journal(card(2))));
    for role in ["DEPUTY", "DIRECTOR", "ADMINISTRATOR"] {
        assert!(
            !ok(
                &user(employee(&[role])),
                "grading.marks.record",
                &journal(card(2))
            ),
            "{role}"
        );
    }
    let elsewhere = Facts::object("Journal", "jrn", school(2)).teachers([card(1)]);
    assert!(!ok(&teacher, "grading.marks.record", &elsewhere));
    assert!(!ok(
        &teacher,
        "grading.marks.record",
        &Facts::object("Journal", "jrn", school(1))
    ));
}

#[test]
fn a_journal_is_read_by_its_teachers_class_teachers_and_the_management() {
    let journal = || Facts::object("Journal", "jrn", school(1));
    let teacher = user(employee(&["TEACHER"]));
    assert!(ok(
        &teacher,
        "grading.journals.get",
        &journal().teachers([card(1)])
    ));
    assert!(ok(
        &teacher,
        "grading.journals.get",
        &journal().class_teachers([card(1)])
    ));
    assert!(!ok(
        &teacher,
        "grading.journals.get",
        &journal().teachers([card(2)])
    ));
    for role in ["DEPUTY", "DIRECTOR", "ADMINISTRATOR"] {
        assert!(
            ok(&user(employee(&[role])), "grading.journals.get", &journal()),
            "{role}"
        );
    }
    let other = Facts::object("Journal", "jrn", school(2));
    assert!(!ok(
        &user(employee(&["DIRECTOR"])),
        "grading.journals.get",
        &other
    ));
    assert!(!ok(
        &user(employee(&["SECRETARY"])),
        "grading.journals.get",
        &journal()
    ));
}

#[test]
fn a_correction_is_decided_by_the_deputy_in_charge_and_never_by_its_author() {
    let request = || Facts::object("CorrectionRequest", "crq", school(1)).author(card(9));
    let decide = "grading.corrections.decide";
    let deputy = user(employee(&["DEPUTY"]));
    assert!(ok(&deputy, decide, &request().supervisors([card(1)])));
    assert!(!ok(&deputy, decide, &request().supervisors([card(2)])));
    assert!(
        !ok(&deputy, decide, &request()),
        "without supervision the director decides"
    );
    let own = Facts::object("CorrectionRequest", "crq", school(1));
    assert!(!ok(
        &deputy,
        decide,
        &own.clone().author(card(1)).supervisors([card(1)])
    ));
    let account = employee(&["DEPUTY"]).account;
    assert!(!ok(
        &deputy,
        decide,
        &own.clone().author_account(account).supervisors([card(1)])
    ));

    let director = user(employee(&["DIRECTOR"]));
    assert!(ok(&director, decide, &request()));
    assert!(!ok(&director, decide, &request().supervisors([card(2)])));
    assert!(
        ok(&director, decide, &request().supervisors([card(9)])),
        "the one in charge asked"
    );
    assert!(!ok(&director, decide, &own.author(card(1))));
    assert!(!ok(&user(employee(&["TEACHER"])), decide, &request()));
}

#[test]
fn a_family_sees_its_own_child_and_gets_a_scope_of_that_child() {
    let pupil = |guardian| {
        Facts::object("Pupil", card(7), school(1))
            .pupil(card(7))
            .guardians([guardian])
    };
    for permission in [
        "grading.diary.get",
        "grading.pupilMarks.list",
        "roster.pupils.get",
    ] {
        let scope = access()
            .check(&parent(), permission, &pupil(card(50)))
            .unwrap();
        assert_eq!(scope.reach(), &Reach::OwnChildren(vec![card(7)]));
        assert_eq!(scope.only_pupils(), Some(&[card(7)][..]));
        assert_eq!(scope.school().unwrap(), school(1));
        let status = access()
            .check(&parent(), permission, &pupil(card(60)))
            .unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
    }
    let self_pupil = user(family(&[card(7)]));
    assert!(ok(&self_pupil, "grading.diary.get", &pupil(card(60))));
}

#[test]
fn a_teacher_who_is_also_a_parent_gains_nothing_in_the_parent_view() {
    let parent_view = user(family(&[card(1)]));
    let journal = Facts::object("Journal", "jrn", school(1)).teachers([card(1)]);
    let status = access()
        .check(&parent_view, "grading.marks.record", &journal)
        .unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert!(!access().could(&parent_view, "grading.marks.record"));
}

#[test]
fn a_diary_is_open_to_class_teacher_deputy_and_director_only() {
    let pupil = || Facts::object("Pupil", card(7), school(1)).pupil(card(7));
    let get = "grading.diary.get";
    assert!(ok(
        &user(employee(&["TEACHER"])),
        get,
        &pupil().class_teachers([card(1)])
    ));
    assert!(!ok(
        &user(employee(&["TEACHER"])),
        get,
        &pupil().teachers([card(1)])
    ));
    assert!(ok(&user(employee(&["DEPUTY"])), get, &pupil()));
    assert!(ok(&user(employee(&["DIRECTOR"])), get, &pupil()));
    assert!(!ok(&user(employee(&["ADMINISTRATOR"])), get, &pupil()));
    assert!(!ok(&regional("ADMINISTRATOR"), get, &pupil()));
}

#[test]
fn codes_are_issued_by_those_who_answer_for_the_persons() {
    let issue = "identity.invitations.issue";
    let staff_codes = Facts::staff_audience(school(1));
    for (role, may) in [
        ("ADMINISTRATOR", true),
        ("DIRECTOR", true),
        ("DEPUTY", false),
        ("TEACHER", false),
    ] {
        assert_eq!(
            ok(&user(employee(&[role])), issue, &staff_codes),
            may,
            "{role}"
        );
    }
    let class_codes = || Facts::class_audience(school(1), "cls");
    let teacher = user(employee(&["TEACHER"]));
    assert!(ok(
        &teacher,
        issue,
        &class_codes().class_teachers([card(1)])
    ));
    assert!(!ok(
        &teacher,
        issue,
        &class_codes().class_teachers([card(2)])
    ));
    assert!(ok(
        &user(employee(&["ADMINISTRATOR"])),
        issue,
        &class_codes()
    ));
    assert!(!ok(&user(employee(&["DIRECTOR"])), issue, &class_codes()));
    assert!(!ok(&teacher, issue, &staff_codes.class_teachers([card(1)])));
    assert!(!ok(
        &user(employee(&["ADMINISTRATOR"])),
        issue,
        &Facts::staff_audience(school(2))
    ));
    assert!(ok(
        &regional("ADMINISTRATOR"),
        issue,
        &Facts::staff_audience(school(2))
    ));
}

#[test]
fn a_lost_second_factor_is_reset_by_an_administrator_of_the_school_and_never_ones_own() {
    let reset = "identity.secondFactor.reset";
    let account = |n, at| Facts::object("Account", card(n), school(at)).subject(card(n));
    for (role, may) in [
        ("ADMINISTRATOR", true),
        ("DIRECTOR", false),
        ("DEPUTY", false),
        ("SECRETARY", false),
        ("TEACHER", false),
    ] {
        let who = user(employee(&[role]));
        assert_eq!(ok(&who, reset, &account(7, 1).flag("staff")), may, "{role}");
    }
    let admin = user(employee(&["ADMINISTRATOR"]));
    assert!(ok(&admin, reset, &account(7, 1).flag("class")));
    assert!(!ok(&admin, reset, &account(7, 2)), "another school");
    assert!(!ok(&admin, reset, &account(1, 1)), "the own card");
    let Caller::User(own) = &admin else { panic!() };
    let by_account = account(7, 1).subject_account(own.account);
    assert!(
        !ok(&admin, reset, &by_account),
        "another card of the own account"
    );
    assert!(ok(&regional("ADMINISTRATOR"), reset, &account(7, 2)));
    let class_teacher = account(7, 1).flag("class").class_teachers([card(1)]);
    assert!(!ok(&user(employee(&["TEACHER"])), reset, &class_teacher));
}

#[test]
fn a_lost_password_is_helped_by_those_who_answer_for_the_person() {
    let issue = "identity.passwordResets.issue";
    let account = |n, at| Facts::object("Account", card(n), school(at)).subject(card(n));
    let admin = user(employee(&["ADMINISTRATOR"]));
    assert!(ok(&admin, issue, &account(7, 1).flag("staff")));
    assert!(ok(&admin, issue, &account(7, 1).flag("class")));
    assert!(!ok(&admin, issue, &account(7, 2).flag("staff")));
    assert!(
        !ok(&admin, issue, &account(1, 1).flag("staff")),
        "the own card"
    );
    let teacher = user(employee(&["TEACHER"]));
    let of = |n| account(7, 1).class_teachers([card(n)]);
    assert!(ok(&teacher, issue, &of(1).flag("class")));
    assert!(!ok(&teacher, issue, &of(2).flag("class")), "another class");
    assert!(!ok(&teacher, issue, &of(1).flag("staff")), "an employee");
    for role in ["DIRECTOR", "DEPUTY", "SECRETARY"] {
        let who = user(employee(&[role]));
        assert!(!ok(&who, issue, &account(7, 1).flag("class")), "{role}");
    }
}

#[test]
fn roles_are_granted_by_administrators_and_never_to_oneself() {
    let grant = "identity.roleGrants.grant";
    let admin = user(employee(&["ADMINISTRATOR"]));
    let stranger = AccountId::from_uuid(Uuid::from_u128(77));
    let own = employee(&["ADMINISTRATOR"]).account;
    assert!(ok(
        &admin,
        grant,
        &Facts::school(school(1)).subject_account(stranger)
    ));
    assert!(!ok(
        &admin,
        grant,
        &Facts::school(school(1)).subject_account(own)
    ));
    assert!(!ok(
        &admin,
        grant,
        &Facts::school(school(1)).subject(card(1))
    ));
    assert!(!ok(
        &admin,
        grant,
        &Facts::school(school(2)).subject_account(stranger)
    ));
    assert!(
        !ok(&admin, grant, &Facts::region().subject_account(stranger)),
        "no regional roles"
    );
    assert!(ok(
        &regional("ADMINISTRATOR"),
        grant,
        &Facts::region().subject_account(stranger)
    ));
    assert!(!ok(
        &regional("ADMINISTRATOR"),
        grant,
        &Facts::region().subject_account(own)
    ));
    assert!(!ok(
        &user(employee(&["DIRECTOR"])),
        grant,
        &Facts::school(school(1))
    ));
}

#[test]
fn staff_never_reach_another_school() {
    let roles = [
        "DIRECTOR",
        "DEPUTY",
        "ADMINISTRATOR",
        "SECRETARY",
        "TEACHER",
    ];
    let all_powerful = user(employee(&roles));
    let access = access();
    let kinds = [
        "Journal",
        "Lesson",
        "Pupil",
        "CorrectionRequest",
        "Invitation",
        "RoleGrant",
        "ReportJob",
        "SchoolImport",
    ];
    for action in access.actions() {
        for kind in kinds {
            let facts = Facts::object(kind, "x", school(2))
                .teachers([card(1)])
                .class_teachers([card(1)])
                .supervisors([card(1)])
                .flag("staff")
                .flag("class");
            let refused = access.inner.policies.decide(&all_powerful, action, &facts);
            assert!(
                !refused.unwrap_or(false),
                "{action} on a {kind} of another school"
            );
        }
        let collection =
            access
                .inner
                .policies
                .decide(&all_powerful, action, &Facts::school(school(2)));
        assert!(!collection.unwrap_or(false), "{action} on another school");
    }
}

#[test]
fn an_operator_sees_nothing_of_the_school() {
    let operator = user(employee(&["OPERATOR"]));
    let access = access();
    let open: Vec<&str> = access
        .actions()
        .filter(|a| access.could(&operator, a))
        .collect();
    for action in &open {
        assert_eq!(
            access.inner.policies.resources(action),
            BTreeSet::from(["Self".to_owned()]),
            "{action}"
        );
    }
    assert!(!ok(
        &operator,
        "roster.pupils.list",
        &Facts::school(school(1))
    ));
}

#[test]
fn the_ministry_sees_the_organisation_and_not_the_people() {
    let officer = regional("MINISTRY_OFFICER");
    assert!(ok(
        &officer,
        "roster.classes.list",
        &Facts::school(school(1))
    ));
    for permission in [
        "roster.pupils.list",
        "roster.staff.list",
        "reporting.controlBoard.pupils",
    ] {
        assert!(
            !ok(&officer, permission, &Facts::school(school(1))),
            "{permission}"
        );
    }
}

#[test]
fn administrator_and_director_take_the_school_away_as_a_file() {
    let permission = "roster.schools.export";
    let (own, other) = (Facts::school(school(1)), Facts::school(school(2)));
    for (role, may) in [
        ("ADMINISTRATOR", true),
        ("DIRECTOR", true),
        ("DEPUTY", false),
        ("SECRETARY", false),
        ("TEACHER", false),
    ] {
        let caller = user(employee(&[role]));
        assert_eq!(ok(&caller, permission, &own), may, "{role}");
        assert!(!ok(&caller, permission, &other), "{role}");
    }
    assert!(ok(&regional("ADMINISTRATOR"), permission, &own));
    assert!(!ok(&client(&["roster.read"]), permission, &own));
}

#[test]
fn only_roster_writes_plans_and_reads_them() {
    let facts = Facts::school(school(1));
    assert!(ok(&Caller::service("roster"), "schedule.plans.put", &facts));
    assert!(ok(&Caller::service("roster"), "schedule.plans.get", &facts));
    assert!(!ok(
        &Caller::service("grading"),
        "schedule.plans.get",
        &facts
    ));
    assert!(!ok(
        &Caller::service("grading"),
        "schedule.plans.put",
        &facts
    ));
    assert!(!ok(
        &regional("ADMINISTRATOR"),
        "schedule.plans.put",
        &facts
    ));
}

#[test]
fn a_client_needs_the_scope_and_stays_in_its_schools() {
    let facts = Facts::school(school(1));
    assert!(ok(&client(&["roster.read"]), "roster.classes.list", &facts));
    assert!(!ok(
        &client(&["schedule.read"]),
        "roster.classes.list",
        &facts
    ));
    let bound = Caller::Client(Client {
        id: "one".into(),
        scopes: vec!["roster.read".into()],
        schools: vec![school(1)],
    });
    assert!(ok(&bound, "roster.classes.list", &facts));
    assert!(!ok(
        &bound,
        "roster.classes.list",
        &Facts::school(school(2))
    ));
    let scope = access()
        .check(&bound, "roster.schools.list", &Facts::own())
        .unwrap();
    assert_eq!(scope.reach(), &Reach::Schools(vec![school(1)]));
}

#[test]
fn a_class_teacher_runs_reports_of_the_class_only() {
    let run = "reporting.reportJobs.run";
    let teacher = user(employee(&["TEACHER"]));
    assert!(ok(
        &teacher,
        run,
        &Facts::school(school(1)).class_teachers([card(1)])
    ));
    assert!(!ok(&teacher, run, &Facts::school(school(1))));
    assert!(ok(
        &user(employee(&["DEPUTY"])),
        run,
        &Facts::school(school(1))
    ));
    assert!(!ok(
        &teacher,
        "reporting.controlBoard.get",
        &Facts::school(school(1))
    ));
}

#[test]
fn a_refusal_on_an_object_looks_like_absence_and_on_a_collection_like_refusal() {
    let teacher = user(employee(&["TEACHER"]));
    let journal = Facts::object("Journal", "jrn", school(1));
    let refused = access()
        .check(&teacher, "grading.journals.get", &journal)
        .unwrap_err();
    let absent = crate::status::not_found("journal");
    assert_eq!(refused.code(), absent.code());
    assert_eq!(refused.details(), absent.details());
    let list = access().check(&teacher, "roster.orders.list", &Facts::school(school(1)));
    assert_eq!(list.unwrap_err().code(), Code::PermissionDenied);
}

#[test]
fn a_lesson_plan_is_its_teachers_and_the_managements_and_approval_is_the_deputys() {
    let plan = || Facts::object("LessonPlan", "grp/sub", school(1));
    let teacher = user(employee(&["TEACHER"]));
    for permission in [
        "schedule.lessonPlans.get",
        "schedule.lessonPlans.put",
        "schedule.lessonPlans.copy",
        "schedule.lessonPlans.import",
    ] {
        assert!(ok(&teacher, permission, &plan().teachers([card(1)])));
        assert!(!ok(&teacher, permission, &plan().teachers([card(2)])));
        assert!(ok(&user(employee(&["DEPUTY"])), permission, &plan()));
        assert!(ok(&user(employee(&["ADMINISTRATOR"])), permission, &plan()));
        let abroad = Facts::object("LessonPlan", "grp/sub", school(2)).teachers([card(1)]);
        assert!(!ok(&user(employee(&["DEPUTY"])), permission, &abroad));
        assert!(!ok(&parent(), permission, &plan()));
    }
    for permission in [
        "schedule.lessonPlans.approve",
        "schedule.lessonPlans.return",
    ] {
        assert!(!ok(&teacher, permission, &plan().teachers([card(1)])));
        assert!(!ok(&user(employee(&["DIRECTOR"])), permission, &plan()));
        assert!(ok(&user(employee(&["DEPUTY"])), permission, &plan()));
    }
    let director = user(employee(&["DIRECTOR"]));
    assert!(ok(&director, "schedule.lessonPlans.get", &plan()));
    assert!(!ok(&director, "schedule.lessonPlans.put", &plan()));
}

#[test]
fn a_timetable_is_read_by_the_staff_made_by_the_deputy_and_approved_by_the_director() {
    let version = |at| Facts::object("Timetable", "ttb", school(at));
    let of = |role: &str| user(employee(&[role]));
    let read = "schedule.timetableVersions.get";
    for role in ["TEACHER", "DEPUTY", "ADMINISTRATOR", "DIRECTOR"] {
        assert!(ok(&of(role), read, &version(1)) && !ok(&of(role), read, &version(2)));
        let list = "schedule.timetableVersions.list";
        assert!(ok(&of(role), list, &Facts::school(school(1))));
    }
    assert!(!ok(&parent(), read, &version(1)));
    let cases = [
        ("create", ["DEPUTY", "ADMINISTRATOR"].as_slice()),
        ("change", &["DEPUTY", "ADMINISTRATOR"]),
        ("places", &["DEPUTY", "ADMINISTRATOR"]),
        ("discard", &["DEPUTY", "ADMINISTRATOR"]),
        ("preview", &["DEPUTY", "ADMINISTRATOR", "DIRECTOR"]),
        ("approve", &["DIRECTOR"]),
    ];
    for (verb, allowed) in cases {
        let permission = format!("schedule.timetableVersions.{verb}");
        for role in [
            "TEACHER",
            "SECRETARY",
            "DEPUTY",
            "ADMINISTRATOR",
            "DIRECTOR",
        ] {
            let here = ok(&of(role), &permission, &version(1));
            assert_eq!(here, allowed.contains(&role), "{role} {verb}");
            assert!(
                !ok(&of(role), &permission, &version(2)),
                "{role} {verb} abroad"
            );
        }
    }
}

#[test]
fn study_documents_are_read_by_the_staff_made_by_the_deputy_and_approved_by_the_director() {
    let document = |at| Facts::object("StudyDocument", "sdc", school(at));
    let of = |role: &str| user(employee(&[role]));
    let makers = ["DEPUTY", "ADMINISTRATOR"].as_slice();
    for role in ["TEACHER", "DEPUTY", "ADMINISTRATOR", "DIRECTOR"] {
        let caller = of(role);
        let here = |permission| ok(&caller, permission, &Facts::school(school(1)));
        let abroad = |permission| ok(&caller, permission, &Facts::school(school(2)));
        for read in [
            "schedule.schoolYears.get",
            "schedule.studyDocuments.list",
            "schedule.loadSummaries.get",
        ] {
            assert!(here(read) && !abroad(read), "{role} {read}");
        }
        for make in [
            "schedule.schoolYears.preview",
            "schedule.schoolYears.save",
            "schedule.schoolYears.draft",
            "schedule.schoolYears.open",
            "schedule.studyDocuments.save",
            "schedule.teachingLoads.change",
            "schedule.teachingLoads.previewCarry",
            "schedule.teachingLoads.carry",
            "schedule.timetableVersions.start",
        ] {
            assert_eq!(here(make), makers.contains(&role), "{role} {make}");
            assert!(!abroad(make), "{role} {make}");
        }
        let get = "schedule.studyDocuments.get";
        assert!(ok(&caller, get, &document(1)) && !ok(&caller, get, &document(2)));
        let approve = "schedule.studyDocuments.approve";
        assert_eq!(ok(&caller, approve, &document(1)), role == "DIRECTOR");
        assert!(!ok(&caller, approve, &document(2)));
    }
    assert!(!ok(&parent(), "schedule.studyDocuments.get", &document(1)));
}

#[test]
fn days_are_changed_by_deputies_and_administrators_of_the_school() {
    for role in [
        "TEACHER",
        "SECRETARY",
        "DIRECTOR",
        "DEPUTY",
        "ADMINISTRATOR",
    ] {
        let caller = user(employee(&[role]));
        let at = |number, permission| ok(&caller, permission, &Facts::school(school(number)));
        let list = "schedule.dayChanges.list";
        assert!(at(1, list) && !at(2, list), "{role}");
        for make in ["schedule.dayChanges.make", "schedule.dayChanges.undo"] {
            let office = ["DEPUTY", "ADMINISTRATOR"].contains(&role);
            assert_eq!(at(1, make), office, "{role}");
            assert!(!at(2, make), "{role}");
        }
    }
    assert!(!ok(
        &parent(),
        "schedule.dayChanges.list",
        &Facts::school(school(1))
    ));
}

#[test]
fn events_are_made_by_the_management_and_the_class_teacher_of_all_classes_concerned() {
    let makes = [
        "schedule.schoolEvents.save",
        "schedule.schoolEvents.publish",
        "schedule.schoolEvents.cancel",
        "schedule.schoolEvents.discard",
    ];
    let list = "schedule.schoolEvents.list";
    for role in [
        "TEACHER",
        "SECRETARY",
        "DIRECTOR",
        "DEPUTY",
        "ADMINISTRATOR",
    ] {
        let caller = user(employee(&[role]));
        let management = !["TEACHER", "SECRETARY"].contains(&role);
        let at = |number| Facts::school(school(number));
        assert!(ok(&caller, list, &at(1)) && !ok(&caller, list, &at(2)));
        for make in makes {
            assert_eq!(ok(&caller, make, &at(1)), management, "{role}");
            assert!(
                ok(&caller, make, &at(1).class_teachers([card(1)])),
                "{role}"
            );
            assert!(
                !ok(&caller, make, &at(2).class_teachers([card(1)])),
                "{role}"
            );
        }
    }
    for permission in makes.iter().chain([&list]) {
        assert!(!ok(&parent(), permission, &Facts::school(school(1))));
    }
    let of_pupil = "schedule.schoolEvents.ofPupil";
    let child = Facts::object("Pupil", card(7), school(1)).pupil(card(7));
    assert!(ok(
        &parent(),
        of_pupil,
        &child.clone().guardians([card(51)])
    ));
    assert!(!ok(
        &parent(),
        of_pupil,
        &child.clone().guardians([card(9)])
    ));
    assert!(!ok(&user(employee(&["DIRECTOR"])), of_pupil, &child));
}

#[test]
fn what_nobody_could_open_for_the_caller_is_known_beforehand() {
    let access = access();
    let teacher = user(employee(&["TEACHER"]));
    for (permission, could) in [
        ("grading.marks.record", true),
        ("grading.corrections.decide", true),
        ("schedule.lessons.cancel", false),
        ("identity.roleGrants.grant", false),
        ("reporting.controlBoard.get", false),
        ("schedule.plans.put", false),
        ("roster.schools.export", false),
        ("no.such.permission", false),
    ] {
        assert_eq!(access.could(&teacher, permission), could, "{permission}");
    }
    assert!(access.could(&user(employee(&["DIRECTOR"])), "grading.corrections.decide"));
    assert!(access.could(&regional("ADMINISTRATOR"), "identity.roleGrants.grant"));
}

#[test]
fn facts_of_the_wrong_kind_are_a_programming_error_and_closed() {
    let teacher = user(employee(&["TEACHER"]));
    let status = access()
        .check(&teacher, "grading.marks.record", &Facts::school(school(1)))
        .unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let status = access()
        .check(&teacher, "no.such.permission", &Facts::own())
        .unwrap_err();
    assert_eq!(status.code(), Code::Internal);
}

#[test]
fn scopes_say_how_far_a_list_reaches() {
    let reach = |caller: &Caller, permission: &str, facts: &Facts| {
        access()
            .check(caller, permission, facts)
            .unwrap()
            .reach()
            .clone()
    };
    let list = "roster.schools.list";
    assert_eq!(
        reach(&user(employee(&["TEACHER"])), list, &Facts::own()),
        Reach::School(school(1))
    );
    assert_eq!(
        reach(&regional("ADMINISTRATOR"), list, &Facts::own()),
        Reach::Region
    );
    assert_eq!(
        reach(&client(&["roster.read"]), list, &Facts::own()),
        Reach::Region
    );
    let of_school = reach(
        &regional("ADMINISTRATOR"),
        "roster.pupils.list",
        &Facts::school(school(2)),
    );
    assert_eq!(of_school, Reach::School(school(2)));
    let watch = access().check(
        &Caller::service("grading"),
        "roster.events.watch",
        &Facts::own(),
    );
    assert_eq!(watch.unwrap().only_schools(), None);
}

/// RPCs that demand a fresh proof: a new one is written here on purpose.
const STEP_UP: [&str; 12] = [
    "grading.ApproveCorrection",
    "identity.GrantRole",
    "identity.IssueInvitations",
    "identity.IssuePasswordReset",
    "identity.RegisterServiceClient",
    "identity.ResetSecondFactor",
    "identity.RetireClientSecret",
    "identity.RevokeRole",
    "identity.RotateClientSecret",
    "reporting.DownloadReport",
    "roster.ExportSchool",
    "schedule.CreateCalendarSubscription",
];

/// What a session may do that has yet to set up its second factor.
const WITHOUT_SECOND_FACTOR: [&str; 11] = [
    "identity.BeginSecondFactor",
    "identity.ChangePassword",
    "identity.ConfirmSecondFactor",
    "identity.EndOtherSessions",
    "identity.EndSession",
    "identity.GetMe",
    "identity.GetSecondFactor",
    "identity.ListSecurityEntries",
    "identity.ListSessions",
    "identity.LogOut",
    "identity.SwitchRole",
];

fn rules_where(wanted: impl Fn(&Rule) -> bool) -> BTreeSet<String> {
    let rules = Rules::all().unwrap().iter();
    let found = rules.filter(|rule| wanted(rule));
    found
        .map(|rule| format!("{}.{}", rule.service, rule.method))
        .collect()
}

#[test]
fn grants_resets_exports_and_late_changes_demand_a_fresh_proof() {
    let found = rules_where(|rule| rule.step_up);
    assert_eq!(found, STEP_UP.map(str::to_owned).into());
    let impossible = rules_where(|rule| {
        let person = |kind: &CallerKind| matches!(kind, CallerKind::Staff | CallerKind::Family);
        rule.step_up && !rule.callers.iter().all(person)
    });
    assert_eq!(impossible, BTreeSet::new(), "only a person can prove");
}

#[test]
fn without_the_second_factor_it_needs_a_session_only_sets_one_up() {
    let found = rules_where(|rule| rule.without_second_factor);
    assert_eq!(found, WITHOUT_SECOND_FACTOR.map(str::to_owned).into());
    let both = rules_where(|rule| rule.without_second_factor && rule.step_up);
    assert_eq!(both, BTreeSet::new());
}

#[test]
fn the_access_log_is_read_by_the_family_the_director_and_the_administrator() {
    let of_pupil = "identity.looks.ofPupil";
    let pupil = |at| {
        Facts::object("Pupil", card(7), school(at))
            .pupil(card(7))
            .guardians([card(50)])
    };
    assert!(ok(&parent(), of_pupil, &pupil(1)));
    assert!(ok(&user(family(&[card(7)])), of_pupil, &pupil(1)));
    assert!(!ok(&user(family(&[card(60)])), of_pupil, &pupil(1)));
    for (role, may) in [
        ("DIRECTOR", true),
        ("ADMINISTRATOR", true),
        ("DEPUTY", false),
        ("SECRETARY", false),
        ("TEACHER", false),
        ("OPERATOR", false),
    ] {
        let who = user(employee(&[role]));
        assert_eq!(ok(&who, of_pupil, &pupil(1)), may, "{role}");
        assert!(!ok(&who, of_pupil, &pupil(2)), "{role} of another school");
        let list = "identity.looks.list";
        assert_eq!(ok(&who, list, &Facts::school(school(1))), may, "{role}");
        assert!(!ok(&who, list, &Facts::school(school(2))), "{role}");
    }
}

#[test]
fn other_systems_are_registered_by_the_operator_and_the_regions_administrator() {
    let may = |caller: &Caller, what: &str| {
        let permission = format!("identity.serviceClients.{what}");
        ok(caller, &permission, &Facts::own())
    };
    for what in ["register", "list", "rotate", "revoke"] {
        assert!(may(&regional("OPERATOR"), what), "{what}");
        assert!(may(&regional("ADMINISTRATOR"), what), "{what}");
        assert!(!may(&user(employee(&["ADMINISTRATOR"])), what), "{what}");
        assert!(!may(&user(employee(&["DIRECTOR"])), what), "{what}");
        let ministry = may(&regional("MINISTRY_OFFICER"), what);
        assert_eq!(ministry, what == "list", "{what}");
    }
}

#[test]
fn a_municipal_officer_reaches_the_schools_of_the_own_municipality_and_its_registries() {
    let officer = municipal(1);
    let get = "roster.schools.get";
    let there = |n| Facts::school(school(1)).in_municipality(municipality(n));
    assert!(ok(&officer, get, &there(1)));
    assert!(!ok(&officer, get, &there(2)));
    assert!(!ok(&officer, get, &Facts::school(school(1))), "untold");
    for permission in [
        "roster.pupils.list",
        "roster.staff.list",
        "roster.orders.list",
    ] {
        assert!(!ok(&officer, permission, &there(1)), "{permission}");
    }
    for permission in [
        "roster.authorityRecords.list",
        "roster.authorityRecords.put",
    ] {
        let of = |n| Facts::municipality(municipality(n));
        assert!(ok(&officer, permission, &of(1)), "{permission}");
        let foreign = access().check(&officer, permission, &of(2)).unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound, "{permission}");
        assert!(
            !ok(&officer, permission, &Facts::ministry()),
            "{permission}"
        );
        assert!(!ok(&user(employee(&["DIRECTOR"])), permission, &of(1)));
    }
    let pupil = Facts::object("Pupil", card(7), school(1)).in_municipality(municipality(1));
    assert!(!ok(&officer, "roster.cards.get", &pupil));
}

#[test]
fn whatever_role_acts_in_a_municipality_stays_in_it() {
    let everything = user(User {
        school: None,
        person: None,
        municipality: Some(municipality(1)),
        ..staff(
            school(1),
            &[
                "MUNICIPAL_OFFICER",
                "ADMINISTRATOR",
                "DIRECTOR",
                "MINISTRY_OFFICER",
            ],
        )
    });
    let access = access();
    for action in access.actions() {
        for facts in [
            Facts::school(school(2)).in_municipality(municipality(2)),
            Facts::municipality(municipality(2)),
            Facts::ministry(),
        ] {
            let decided = access.inner.policies.decide(&everything, action, &facts);
            assert!(!decided.unwrap_or(false), "{action} on {facts:?}");
        }
    }
}

#[test]
fn a_municipal_officers_lists_reach_the_municipality_and_no_school_by_itself() {
    let scope = access()
        .check(&municipal(1), "roster.schools.list", &Facts::own())
        .unwrap();
    assert_eq!(scope.only_municipality(), Some(municipality(1)));
    assert_eq!(scope.only_schools_of(), None);
    assert_eq!(
        scope.only_schools(),
        Some(Vec::new()),
        "a service that knows no municipalities shows nothing"
    );
}

#[test]
fn the_ministry_keeps_municipalities_and_its_own_registries() {
    let officer = regional("MINISTRY_OFFICER");
    let one = Facts::municipality(municipality(1));
    assert!(ok(&officer, "roster.municipalities.put", &one));
    assert!(ok(&officer, "roster.authorityRecords.list", &one));
    assert!(!ok(&officer, "roster.authorityRecords.put", &one));
    assert!(ok(
        &officer,
        "roster.authorityRecords.put",
        &Facts::ministry()
    ));
    let administrator = regional("ADMINISTRATOR");
    assert!(ok(&administrator, "roster.authorityRecords.put", &one));
    assert!(!ok(
        &regional("OPERATOR"),
        "roster.authorityRecords.list",
        &one
    ));
}

#[test]
fn a_calendar_is_made_by_the_family_of_the_pupil_and_the_staff_of_the_school() {
    let create = "schedule.calendarSubscriptions.create";
    let pupil = |at| {
        Facts::school(school(at))
            .pupil(card(7))
            .guardians([card(50)])
    };
    assert!(ok(&parent(), create, &pupil(1)));
    assert!(ok(&user(family(&[card(7)])), create, &pupil(1)));
    assert!(!ok(&user(family(&[card(60)])), create, &pupil(1)));
    assert!(!ok(&user(employee(&["DEPUTY"])), create, &pupil(1)));
    let staff = |at| Facts::school(school(at)).teachers([card(1)]);
    assert!(ok(&user(employee(&["SECRETARY"])), create, &staff(1)));
    assert!(!ok(&user(employee(&["SECRETARY"])), create, &staff(2)));
    assert!(!ok(&parent(), create, &staff(1)));
    assert!(ok(
        &Caller::Anonymous,
        "schedule.calendarFeeds.get",
        &Facts::own()
    ));
}
