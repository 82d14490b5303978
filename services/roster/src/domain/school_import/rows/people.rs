//! «Сотрудники», «Ученики», «Родители».

use jiff::civil::Date;

use super::{GuardianFacts, GuardianRow, PupilRow, StaffRow};
use crate::domain::school_import::{
    fields::Fields,
    plan::StaffMember,
    template::col::{guardians, pupils, staff},
    value::{
        ClassName, Code, Email, Informing, NamePart, PersonName, Phone, Post, Relation, Sex, Snils,
        StudyForm, SubgroupNumber, YesNo,
    },
};

fn name(
    fields: &mut Fields<'_, '_>,
    surname: usize,
    given: usize,
    patronymic: usize,
) -> Option<PersonName> {
    // All three are read before any is missed, so that each slip is reported.
    let surname = fields.required::<NamePart>(surname);
    let given = fields.required::<NamePart>(given);
    let patronymic = fields.optional::<NamePart>(patronymic);
    Some(PersonName {
        surname: surname?,
        given: given?,
        patronymic: patronymic?,
    })
}

pub(super) fn staff(fields: &mut Fields<'_, '_>, row: u32) -> StaffRow {
    let code = fields.required::<Code>(staff::CODE);
    let name = name(fields, staff::SURNAME, staff::GIVEN, staff::PATRONYMIC);
    let post = fields.required::<Post>(staff::POST);
    let phone = fields.optional::<Phone>(staff::PHONE);
    let email = fields.optional::<Email>(staff::EMAIL);
    let member = || {
        Some(StaffMember {
            code: code.clone()?,
            name: name?,
            post: post?,
            phone: phone?,
            email: email?,
        })
    };
    let value = member();
    StaffRow { row, code, value }
}

pub(super) fn pupil(fields: &mut Fields<'_, '_>, row: u32) -> PupilRow {
    PupilRow {
        row,
        code: fields.required::<Code>(pupils::CODE),
        name: name(fields, pupils::SURNAME, pupils::GIVEN, pupils::PATRONYMIC),
        sex: fields.required::<Sex>(pupils::SEX),
        born: fields.required::<Date>(pupils::BIRTH),
        class: fields.required::<ClassName>(pupils::CLASS),
        form: fields.or_usual(pupils::FORM, StudyForm::FullTime),
        subgroup: fields
            .optional::<SubgroupNumber>(pupils::SUBGROUP)
            .flatten()
            .map(SubgroupNumber::get),
        snils: fields.optional::<Snils>(pupils::SNILS).flatten(),
    }
}

pub(super) fn guardian(fields: &mut Fields<'_, '_>, row: u32) -> GuardianRow {
    let pupil = fields.spelled_required::<Code>(guardians::PUPIL);
    let name = name(
        fields,
        guardians::SURNAME,
        guardians::GIVEN,
        guardians::PATRONYMIC,
    );
    let relation = fields.required::<Relation>(guardians::RELATION);
    let phone = fields.optional::<Phone>(guardians::PHONE);
    let email = fields.optional::<Email>(guardians::EMAIL);
    let informing = fields.or_usual(guardians::INFORMING, Informing::Electronic);
    let representative = fields.optional::<YesNo>(guardians::REPRESENTATIVE);
    let facts = || {
        let relation = relation?;
        Some(GuardianFacts {
            name: name?,
            phone: phone?,
            email: email?,
            relation,
            representative: representative?.map_or(relation.is_legal_representative(), |answer| {
                answer == YesNo::Yes
            }),
            informing: informing?,
        })
    };
    let facts = facts();
    GuardianRow { row, pupil, facts }
}
