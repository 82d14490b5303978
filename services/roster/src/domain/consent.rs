//! Consents and applications of families: who may sign, what is in force, how a signer
//! is informed (R59, R62, R211).

use jiff::civil::Date;
use zhurnal_proto::id::{ConsentId, PersonId};

use super::record::{GuardianLink, Informing};

/// Age from which a pupil signs too.
const SIGNS_FROM: i16 = 14;
/// Age from which a pupil signs alone.
const ALONE_FROM: i16 = 18;

/// What is consented to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentKind {
    /// Processing of personal data.
    PersonalData,
    /// Informing through the system.
    Informing,
    /// Photographs and recordings.
    Photo,
    /// Handing over to other systems and organisations.
    ThirdParty,
}

impl ConsentKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::PersonalData,
        Self::Informing,
        Self::Photo,
        Self::ThirdParty,
    ];
    /// Kinds that are collected from all.
    pub const COLLECTED: [Self; 2] = [Self::PersonalData, Self::Informing];
}

/// What the signer has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Consents.
    Given,
    /// Refuses in writing.
    Refused,
}

/// A signed paper about a pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Id.
    pub id: ConsentId,
    /// About whom.
    pub pupil: PersonId,
    /// Who signed.
    pub signer: PersonId,
    /// What is consented to.
    pub kind: ConsentKind,
    /// Decision.
    pub decision: Decision,
    /// Day of the signature.
    pub signed_on: Date,
    /// Day on which it was withdrawn.
    pub withdrawn_on: Option<Date>,
    /// Where the paper lies, its number.
    pub note: String,
}

impl Consent {
    /// Neither withdrawn nor replaced.
    pub fn is_in_force(&self) -> bool {
        self.withdrawn_on.is_none()
    }

    /// Every rule that the record breaks by itself: field, rule, what a person is told.
    pub fn broken(&self, today: Date) -> Vec<super::registry::Broken> {
        let mut broken = Vec::new();
        if self.signed_on > today {
            broken.push((
                "signedOn",
                "IN_FUTURE",
                "Дата подписи не может быть позже сегодняшней",
            ));
        }
        if let Some(withdrawn) = self.withdrawn_on {
            if withdrawn > today {
                broken.push((
                    "withdrawnOn",
                    "IN_FUTURE",
                    "Дата отзыва не может быть позже сегодняшней",
                ));
            }
            if withdrawn < self.signed_on {
                broken.push((
                    "withdrawnOn",
                    "BEFORE_SIGNATURE",
                    "Дата отзыва раньше даты подписи",
                ));
            }
            if self.decision == Decision::Refused {
                broken.push((
                    "withdrawnOn",
                    "REFUSAL_WITHDRAWN",
                    "Отказ не отзывают: запишите новое согласие",
                ));
            }
        }
        broken
    }
}

/// Why somebody may not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotSign {
    /// Neither the pupil nor a guardian.
    Unknown,
    /// A guardian, but no legal representative in force on the day.
    NotRepresentative,
    /// The pupil is too young, or nobody knows how old.
    TooYoung,
    /// The pupil is of age: nobody signs for one who is.
    OfAge,
}

/// Full years on a day.
pub fn age(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

/// Whether a person may sign about a pupil on a day. `links`: all of the pupil's.
pub fn may_sign(
    signer: PersonId,
    (pupil, birth): (PersonId, Option<Date>),
    links: &[GuardianLink],
    day: Date,
) -> Result<(), CannotSign> {
    let age = birth.map(|birth| age(birth, day));
    if signer == pupil {
        return match age {
            Some(age) if age >= SIGNS_FROM => Ok(()),
            _ => Err(CannotSign::TooYoung),
        };
    }
    let own: Vec<&GuardianLink> = links.iter().filter(|l| l.guardian_id == signer).collect();
    if own.is_empty() {
        return Err(CannotSign::Unknown);
    }
    if age.is_some_and(|age| age >= ALONE_FROM) {
        return Err(CannotSign::OfAge);
    }
    if own
        .iter()
        .any(|l| l.is_representative && l.is_in_force(day))
    {
        Ok(())
    } else {
        Err(CannotSign::NotRepresentative)
    }
}

/// How a signer of applications about informing is to be informed; `None`: never signed one.
pub fn informing<'a>(signed: impl IntoIterator<Item = &'a Consent>) -> Option<Informing> {
    let about = signed
        .into_iter()
        .filter(|one| one.kind == ConsentKind::Informing);
    let newest = about.max_by_key(|one| (one.is_in_force(), one.signed_on, one.id))?;
    Some(match newest.decision {
        Decision::Given if newest.is_in_force() => Informing::Electronic,
        Decision::Given | Decision::Refused => Informing::Paper,
    })
}

/// Kinds collected from all on which nobody has decided.
pub fn missing(consents: &[Consent]) -> Vec<ConsentKind> {
    let decided = |kind| {
        consents
            .iter()
            .any(|one| one.kind == kind && one.is_in_force())
    };
    ConsentKind::COLLECTED
        .into_iter()
        .filter(|kind| !decided(*kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;
    use zhurnal_proto::id::GuardianLinkId;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    fn link(guardian: u128, is_representative: bool, ends_on: Option<Date>) -> GuardianLink {
        GuardianLink {
            id: GuardianLinkId::from_uuid(Uuid::from_u128(guardian)),
            guardian_id: person(guardian),
            pupil_id: person(1),
            relation: "мать".into(),
            is_representative,
            informing: Informing::Electronic,
            starts_on: date(2020, 9, 1),
            ends_on,
        }
    }

    fn application(id: u128, decision: Decision, signed_on: Date) -> Consent {
        Consent {
            id: ConsentId::from_uuid(Uuid::from_u128(id)),
            pupil: person(1),
            signer: person(2),
            kind: ConsentKind::Informing,
            decision,
            signed_on,
            withdrawn_on: None,
            note: String::new(),
        }
    }

    #[test]
    fn years_are_full_on_the_birthday() {
        let birth = date(2012, 3, 15);
        assert_eq!(age(birth, date(2026, 3, 14)), 13);
        assert_eq!(age(birth, date(2026, 3, 15)), 14);
        assert_eq!(age(date(2012, 2, 29), date(2026, 2, 28)), 13);
    }

    #[test]
    fn representatives_sign_until_the_pupil_is_of_age_and_the_pupil_from_fourteen_on() {
        let links = [
            link(2, true, None),
            link(3, false, None),
            link(4, true, Some(date(2026, 9, 30))),
        ];
        let day = date(2026, 11, 22);
        let of = |signer, birth| may_sign(person(signer), (person(1), birth), &links, day);
        let (child, youth, grown) = (
            Some(date(2015, 5, 1)),
            Some(date(2012, 5, 1)),
            Some(date(2008, 11, 22)),
        );
        assert_eq!(of(2, child), Ok(()));
        assert_eq!(of(2, None), Ok(()));
        assert_eq!(of(2, grown), Err(CannotSign::OfAge));
        assert_eq!(of(3, child), Err(CannotSign::NotRepresentative));
        assert_eq!(of(4, child), Err(CannotSign::NotRepresentative));
        assert_eq!(of(9, child), Err(CannotSign::Unknown));
        assert_eq!(of(1, child), Err(CannotSign::TooYoung));
        assert_eq!(of(1, None), Err(CannotSign::TooYoung));
        assert_eq!(of(1, youth), Ok(()));
        assert_eq!(of(1, grown), Ok(()));
    }

    #[test]
    fn the_newest_application_in_force_says_how_a_signer_is_informed() {
        let given = application(1, Decision::Given, date(2026, 9, 5));
        let refused = application(2, Decision::Refused, date(2026, 10, 1));
        let withdrawn = Consent {
            withdrawn_on: Some(date(2026, 10, 2)),
            ..given.clone()
        };
        assert_eq!(informing([]), None);
        assert_eq!(informing([&given]), Some(Informing::Electronic));
        assert_eq!(informing([&given, &refused]), Some(Informing::Paper));
        assert_eq!(informing([&withdrawn]), Some(Informing::Paper));
        let later = application(3, Decision::Given, date(2026, 11, 1));
        assert_eq!(
            informing([&later, &refused, &withdrawn]),
            Some(Informing::Electronic)
        );
        let about_data = Consent {
            kind: ConsentKind::PersonalData,
            ..given
        };
        assert_eq!(informing([&about_data]), None);
    }

    #[test]
    fn a_withdrawn_consent_is_missing_again() {
        let given = application(1, Decision::Given, date(2026, 9, 5));
        assert_eq!(
            missing(std::slice::from_ref(&given)),
            [ConsentKind::PersonalData]
        );
        let withdrawn = Consent {
            withdrawn_on: Some(date(2026, 9, 6)),
            ..given
        };
        assert_eq!(missing(&[withdrawn]), ConsentKind::COLLECTED);
    }
}
