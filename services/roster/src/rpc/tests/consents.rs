//! Consents of families: who signs, who records, what follows from an application.

use chassis::caller::Caller;
use chassis::service::Service as _;
use chassis::status;
use chassis::testing::TestDb;
use tonic::{Code, Status};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, ConsentId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_event::Change;

use crate::RosterService;
use crate::testing::SmallSchool;
use crate::world::{World, family, other_school, region, staff};

/// Пётр of 5-А: the mother is informed on paper, the father in the system.
struct Case {
    world: World,
    school: SchoolId,
    class: ClassId,
    pupil: PersonId,
    mother: PersonId,
    father: PersonId,
}

impl Case {
    async fn on(db: TestDb) -> Self {
        let world = World::on(db);
        let school = world.with_school(&SmallSchool::new()).await;
        let at = "2026-11-22T09:00:00Z".parse().unwrap();
        world.harness.clock().set(at);
        let (pupil, mother, father) = (
            world.card(school, "Кузнецов Пётр").await,
            world.card(school, "Кузнецова Ольга").await,
            world.card(school, "Кузнецов Илья").await,
        );
        let answer = world
            .client(&staff(school, "SECRETARY"))
            .get_pupil(pb::GetPupilRequest {
                pupil_id: pupil.to_string(),
            })
            .await
            .unwrap();
        let class = answer.into_inner().pupil.unwrap().class_id;
        Self {
            world,
            school,
            class: class.parse().unwrap(),
            pupil,
            mother,
            father,
        }
    }

    fn secretary(&self) -> Caller {
        staff(self.school, "SECRETARY")
    }

    /// A teacher of the school with the card of somebody.
    async fn teacher(&self, name: &str) -> Caller {
        let card = self.world.card(self.school, name).await;
        let Caller::User(user) = staff(self.school, "TEACHER") else {
            panic!("staff are users")
        };
        Caller::User(chassis::caller::User {
            person: Some(card),
            ..user
        })
    }

    fn request(&self, id: u128, consent: pb::Consent, etag: &str) -> pb::PutConsentRequest {
        pb::PutConsentRequest {
            pupil_id: self.pupil.to_string(),
            consent_id: consent_id(id),
            consent: Some(consent),
            etag: etag.into(),
            request_id: self.world.request_id(),
        }
    }

    async fn send(
        &self,
        caller: &Caller,
        request: pb::PutConsentRequest,
    ) -> Result<pb::Consent, Status> {
        let answer = self.world.client(caller).put_consent(request).await?;
        Ok(answer.into_inner().consent.unwrap())
    }

    async fn put(&self, id: u128, consent: pb::Consent) -> Result<pb::Consent, Status> {
        let request = self.request(id, consent, "");
        self.send(&self.secretary(), request).await
    }

    async fn delete(&self, id: u128, etag: &str) -> Result<(), Status> {
        let request = pb::DeleteConsentRequest {
            pupil_id: self.pupil.to_string(),
            consent_id: consent_id(id),
            etag: etag.into(),
            request_id: self.world.request_id(),
        };
        let mut client = self.world.client(&self.secretary());
        client.delete_consent(request).await.map(|_| ())
    }

    async fn withdraw(&self, caller: &Caller, id: u128) -> Result<pb::Consent, Status> {
        let request = pb::WithdrawConsentRequest {
            pupil_id: self.pupil.to_string(),
            consent_id: consent_id(id),
        };
        let answer = self.world.client(caller).withdraw_consent(request).await?;
        Ok(answer.into_inner().consent.unwrap())
    }

    async fn of_pupil(&self, caller: &Caller) -> Result<pb::PupilConsents, Status> {
        let request = pb::ListPupilConsentsRequest {
            pupil_id: self.pupil.to_string(),
        };
        let answer = self
            .world
            .client(caller)
            .list_pupil_consents(request)
            .await?;
        Ok(answer.into_inner().consents.unwrap())
    }

    async fn of_class(&self, caller: &Caller) -> Result<pb::ListClassConsentsResponse, Status> {
        let request = pb::ListClassConsentsRequest {
            school_id: self.school.to_string(),
            class_id: self.class.to_string(),
        };
        let answer = self
            .world
            .client(caller)
            .list_class_consents(request)
            .await?;
        Ok(answer.into_inner())
    }

    async fn coverage(&self, caller: &Caller) -> Result<pb::GetConsentCoverageResponse, Status> {
        let request = pb::GetConsentCoverageRequest {
            school_id: self.school.to_string(),
        };
        let answer = self
            .world
            .client(caller)
            .get_consent_coverage(request)
            .await?;
        Ok(answer.into_inner())
    }

    /// How a guardian is informed by the links announced since the last look.
    async fn announced(&self) -> Vec<(String, pb::Informing)> {
        let events = self.world.harness.announced::<pb::RosterEvent>().await;
        events
            .into_iter()
            .filter_map(|event| match event.change {
                Some(Change::GuardianLinksChanged(changed)) => Some(changed.guardian_links),
                _ => None,
            })
            .flatten()
            .map(|link| (link.guardian_id.clone(), link.informing()))
            .collect()
    }
}

fn consent_id(id: u128) -> String {
    ConsentId::from_uuid(Uuid::from_u128(id)).to_string()
}

fn signed(signer: PersonId, kind: pb::ConsentKind, signed_on: &str) -> pb::Consent {
    pb::Consent {
        signer_id: signer.to_string(),
        kind: kind.into(),
        decision: pb::ConsentDecision::Given.into(),
        signed_on: signed_on.into(),
        note: " Папка 5-А ".into(),
        ..Default::default()
    }
}

fn refused(signer: PersonId, kind: pb::ConsentKind, signed_on: &str) -> pb::Consent {
    pb::Consent {
        decision: pb::ConsentDecision::Refused.into(),
        ..signed(signer, kind, signed_on)
    }
}

fn reason(refused: &Status) -> (Code, String) {
    (refused.code(), status::reason(refused))
}

fn fields(refused: &Status) -> Vec<(String, String)> {
    let violations = status::violations(refused).into_iter();
    violations.map(|v| (v.field, v.reason)).collect()
}

use pb::ConsentKind::{Informing, PersonalData, Photo};

chassis::on_both_databases! { RosterService::migrations();
    async fn a_consent_is_recorded_once_corrected_and_removed(db) {
        let case = Case::on(db).await;
        let request = case.request(1, signed(case.mother, PersonalData, "2026-09-05"), "");
        let first = case.send(&case.secretary(), request.clone()).await.unwrap();
        assert_eq!((first.etag.as_str(), first.note.as_str()), ("v1", "Папка 5-А"));
        assert_eq!(first.signer_name.as_ref().unwrap().given_name, "Ольга");
        let again = case.send(&case.secretary(), request).await.unwrap();
        assert_eq!(again, first, "a repeated request gets the first answer");

        let known = case.put(1, signed(case.mother, PersonalData, "2026-09-05")).await.unwrap_err();
        assert_eq!(reason(&known), (Code::Aborted, "ETAG_STALE".into()));
        let corrected = signed(case.mother, PersonalData, "2026-09-06");
        let request = case.request(1, corrected, "v1");
        let second = case.send(&case.secretary(), request.clone()).await.unwrap();
        assert_eq!((second.etag.as_str(), second.signed_on.as_str()), ("v2", "2026-09-06"));
        let stale = case.send(&case.secretary(), pb::PutConsentRequest {
            request_id: case.world.request_id(),
            ..request
        }).await.unwrap_err();
        assert_eq!(reason(&stale), (Code::Aborted, "ETAG_STALE".into()));

        let other = signed(case.mother, Photo, "2026-09-06");
        let differs = case.send(&case.secretary(), case.request(1, other, "v2")).await.unwrap_err();
        assert_eq!(reason(&differs), (Code::FailedPrecondition, "CONSENT_DIFFERS".into()));
        let lost = signed(case.mother, Photo, "2026-09-06");
        let lost = case.send(&case.secretary(), case.request(9, lost, "v1")).await.unwrap_err();
        assert_eq!(lost.code(), Code::NotFound);

        let stale = case.delete(1, "v1").await.unwrap_err();
        assert_eq!(reason(&stale), (Code::Aborted, "ETAG_STALE".into()));
        case.delete(1, "v2").await.unwrap();
        assert_eq!(case.delete(1, "v2").await.unwrap_err().code(), Code::NotFound);
        assert!(case.of_pupil(&case.secretary()).await.unwrap().consents.is_empty());
        assert!(case.announced().await.is_empty(), "personal data change nobody's informing");
    }

    async fn of_one_signer_one_of_a_kind_is_in_force(db) {
        let case = Case::on(db).await;
        case.put(1, signed(case.mother, PersonalData, "2026-09-05")).await.unwrap();
        let twice = case.put(2, signed(case.mother, PersonalData, "2026-09-07")).await.unwrap_err();
        assert_eq!(reason(&twice), (Code::FailedPrecondition, "CONSENT_EXISTS".into()));
        case.put(3, signed(case.father, PersonalData, "2026-09-07")).await.unwrap();
        let withdrawn = pb::Consent {
            withdrawn_on: "2026-10-01".into(),
            ..signed(case.mother, PersonalData, "2026-09-05")
        };
        case.send(&case.secretary(), case.request(1, withdrawn, "v1")).await.unwrap();
        case.put(2, signed(case.mother, PersonalData, "2026-10-02")).await.unwrap();
        let all = case.of_pupil(&case.secretary()).await.unwrap();
        let days: Vec<&str> = all.consents.iter().map(|one| one.signed_on.as_str()).collect();
        assert_eq!(days, ["2026-10-02", "2026-09-07", "2026-09-05"]);
        assert_eq!(all.missing, [i32::from(Informing)]);
        case.world.harness.ignore_announced().await;
    }

    async fn secretaries_at_once_record_one_paper(db) {
        let case = Case::on(db).await;
        let secretary = case.secretary();
        let of = |id| case.send(
            &secretary,
            case.request(id, signed(case.mother, PersonalData, "2026-09-05"), ""),
        );
        let (one, two, three) = tokio::join!(of(1), of(2), of(3));
        let kept = [one, two, three].into_iter().filter(Result::is_ok).count();
        assert_eq!(kept, 1);
        let known = case.of_pupil(&case.secretary()).await.unwrap();
        assert_eq!(known.consents.len(), 1);
        case.world.harness.ignore_announced().await;
    }

    async fn an_application_changes_how_its_signer_is_informed(db) {
        let case = Case::on(db).await;
        let (mother, father) = (case.mother.to_string(), case.father.to_string());
        case.put(1, signed(case.father, Informing, "2026-09-05")).await.unwrap();
        assert_eq!(case.announced().await, [], "the father is informed in the system already");
        case.put(2, signed(case.mother, Informing, "2026-09-05")).await.unwrap();
        assert_eq!(case.announced().await, [(mother.clone(), pb::Informing::Electronic)]);
        let refusal = refused(case.father, Informing, "2026-09-05");
        case.send(&case.secretary(), case.request(1, refusal, "v1")).await.unwrap();
        assert_eq!(case.announced().await, [(father, pb::Informing::Paper)]);

        let own = family(&[case.mother]);
        let gone = case.withdraw(&own, 2).await.unwrap();
        assert_eq!((gone.withdrawn_on.as_str(), gone.etag.as_str()), ("2026-11-22", "v2"));
        assert_eq!(case.announced().await, [(mother, pb::Informing::Paper)]);
        assert_eq!(case.withdraw(&own, 2).await.unwrap(), gone, "twice changes nothing");
        let signers = case.of_pupil(&own).await.unwrap().signers;
        let informed: Vec<_> = signers.iter().map(pb::ConsentSigner::informing).collect();
        assert_eq!(informed, [pb::Informing::Paper, pb::Informing::Paper]);
        assert_eq!(case.announced().await, []);
    }

    async fn coverage_counts_pupils_and_not_papers(db) {
        let case = Case::on(db).await;
        case.put(1, refused(case.father, PersonalData, "2026-09-05")).await.unwrap();
        case.put(2, signed(case.father, Informing, "2026-09-05")).await.unwrap();
        case.put(3, refused(case.mother, Informing, "2026-09-06")).await.unwrap();
        let of = |coverage: &pb::GetConsentCoverageResponse| {
            let class = coverage.classes.iter().find(|c| c.class_title == "5-А").unwrap();
            let counts = class.counts.iter().map(|c| (c.kind(), c.given_count, c.refused_count));
            (class.pupil_count, counts.take(3).collect::<Vec<_>>())
        };
        let deputy = staff(case.school, "DEPUTY");
        let coverage = case.coverage(&deputy).await.unwrap();
        assert_eq!(of(&coverage), (4, vec![(PersonalData, 0, 1), (Informing, 1, 0), (Photo, 0, 0)]));
        case.put(4, signed(case.mother, PersonalData, "2026-09-06")).await.unwrap();
        let coverage = case.coverage(&deputy).await.unwrap();
        assert_eq!(of(&coverage).1[0], (PersonalData, 1, 0));
        let documents = |c: &pb::GetConsentCoverageResponse| (c.has_rules, c.has_form, c.has_responsible_person);
        assert_eq!(documents(&coverage), (false, false, false));

        use pb::registry_record::Entry;
        let director = staff(case.school, "DIRECTOR");
        let act = |kind: pb::LocalActKind, ends_on: &str| Entry::LocalAct(pb::LocalAct {
            kind: kind.into(),
            title: "О персональных данных".into(),
            dated_on: "2026-08-20".into(),
            starts_on: "2026-09-01".into(),
            ends_on: ends_on.into(),
            ..Default::default()
        });
        let named = Entry::ResponsiblePerson(pb::ResponsiblePerson {
            kind: pb::ResponsibilityKind::DataProtection.into(),
            person_id: case.world.card(case.school, "Белая Анна").await.to_string(),
            starts_on: "2026-09-01".into(),
            ..Default::default()
        });
        let ended = act(pb::LocalActKind::Form, "2026-10-01");
        for (id, entry) in [act(pb::LocalActKind::PersonalData, ""), ended, named].into_iter().enumerate() {
            let id = Uuid::from_u128(u128::try_from(id).unwrap() + 1);
            let request = pb::PutRegistryRecordRequest {
                school_id: case.school.to_string(),
                record_id: zhurnal_proto::id::RegistryRecordId::from_uuid(id).to_string(),
                record: Some(pb::RegistryRecord { entry: Some(entry), ..Default::default() }),
                etag: String::new(),
                request_id: case.world.request_id(),
            };
            case.world.client(&director).put_registry_record(request).await.unwrap();
        }
        let coverage = case.coverage(&director).await.unwrap();
        assert_eq!(documents(&coverage), (true, false, true), "the form is in force no more");
        case.world.harness.ignore_announced().await;
    }

    async fn who_may_not_sign_is_named_with_the_reason(db) {
        let case = Case::on(db).await;
        let child = case.put(1, signed(case.pupil, Photo, "2026-09-05")).await.unwrap_err();
        assert_eq!(reason(&child), (Code::FailedPrecondition, "PUPIL_TOO_YOUNG".into()));
        let stranger = case.world.card(case.school, "Белая Анна").await;
        let stranger = case.put(1, signed(stranger, Photo, "2026-09-05")).await.unwrap_err();
        assert_eq!(reason(&stranger), (Code::FailedPrecondition, "SIGNER_UNKNOWN".into()));
        let early = case.put(1, signed(case.mother, Photo, "2020-09-05")).await.unwrap_err();
        assert_eq!(reason(&early), (Code::FailedPrecondition, "SIGNER_NOT_REPRESENTATIVE".into()));

        let bad = pb::Consent {
            withdrawn_on: "2026-11-24".into(),
            ..refused(case.mother, Photo, "2026-11-23")
        };
        let bad = case.put(1, bad).await.unwrap_err();
        let of = |field: &str, rule: &str| (format!("consent.{field}"), rule.to_owned());
        assert_eq!(fields(&bad), [
            of("signedOn", "IN_FUTURE"),
            of("withdrawnOn", "IN_FUTURE"),
            of("withdrawnOn", "REFUSAL_WITHDRAWN"),
        ]);
        let empty = case.put(1, pb::Consent::default()).await.unwrap_err();
        let empty: Vec<String> = fields(&empty).into_iter().map(|(field, _)| field).collect();
        assert_eq!(empty, ["consent.signerId", "consent.kind", "consent.decision", "consent.signedOn"]);
    }

    async fn the_class_teacher_keeps_the_own_class_and_nobody_else_looks(db) {
        let case = Case::on(db).await;
        let own = case.teacher("Алиев Осман").await;
        let request = case.request(1, signed(case.mother, PersonalData, "2026-09-05"), "");
        case.send(&own, request.clone()).await.unwrap();
        let class = case.of_class(&own).await.unwrap();
        assert_eq!((class.class_title.as_str(), class.pupils.len()), ("5-А", 4));
        let shown = class.pupils.iter().find(|p| p.pupil_id == case.pupil.to_string()).unwrap();
        assert_eq!((shown.consents.len(), shown.signers.len()), (1, 2));
        let without = class.pupils.iter().find(|p| p.signers.is_empty()).unwrap();
        assert_eq!(without.pupil_name.as_ref().unwrap().surname, "Меметов");

        // Deputies read; teachers of other classes, families and other schools see nothing.
        case.of_class(&staff(case.school, "DEPUTY")).await.unwrap();
        let deputy = case.send(&staff(case.school, "DEPUTY"), request.clone()).await.unwrap_err();
        assert_eq!(deputy.code(), Code::NotFound);
        for stranger in [case.teacher("Гончар Вера").await, staff(other_school(), "SECRETARY")] {
            assert_eq!(case.of_class(&stranger).await.unwrap_err().code(), Code::NotFound);
            assert_eq!(case.of_pupil(&stranger).await.unwrap_err().code(), Code::NotFound);
            let put = case.send(&stranger, request.clone()).await.unwrap_err();
            assert_eq!(put.code(), Code::NotFound);
        }
        let teacher = case.coverage(&own).await.unwrap_err();
        assert_eq!(teacher.code(), Code::PermissionDenied);
        case.coverage(&region("ADMINISTRATOR")).await.unwrap();
        let ministry = case.coverage(&region("MINISTRY_OFFICER")).await.unwrap_err();
        assert_eq!(ministry.code(), Code::PermissionDenied);

        let maria = case.world.card(case.school, "Аблаева Аза").await;
        assert_eq!(case.of_pupil(&family(&[maria])).await.unwrap_err().code(), Code::NotFound);
        let own = |of: pb::PupilConsents| of.consents.iter().map(|one| one.own).collect::<Vec<_>>();
        let father = case.of_pupil(&family(&[case.father])).await.unwrap();
        let mother = case.of_pupil(&family(&[case.mother])).await.unwrap();
        assert_eq!((own(father), own(mother)), (vec![false], vec![true]));
        let not_own = case.withdraw(&family(&[case.father]), 1).await.unwrap_err();
        assert_eq!(not_own.code(), Code::NotFound);
        case.put(2, refused(case.father, Photo, "2026-09-05")).await.unwrap();
        let refusal = case.withdraw(&family(&[case.father]), 2).await.unwrap_err();
        assert_eq!(reason(&refusal), (Code::FailedPrecondition, "CONSENT_NOT_GIVEN".into()));
        case.world.harness.ignore_announced().await;
    }
}
