//! Orders between the contract and the domain: what a request writes.

use chassis::status;
use tonic::Status;
use zhurnal_proto::id::OrderId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::domain::orders::{Entry, NewPupil, Order, OrderKind, OrderState};
use crate::domain::record::{EducationForm, Name, Sex};
use crate::domain::text::tidy;

/// A kind; `None` when not said.
pub(super) fn kind(kind: pb::OrderKind) -> Option<OrderKind> {
    match kind {
        pb::OrderKind::Unspecified => None,
        pb::OrderKind::Admission => Some(OrderKind::Admission),
        pb::OrderKind::Transfer => Some(OrderKind::Transfer),
        pb::OrderKind::Promotion => Some(OrderKind::Promotion),
        pb::OrderKind::Expulsion => Some(OrderKind::Expulsion),
        pb::OrderKind::Graduation => Some(OrderKind::Graduation),
        pb::OrderKind::Departure => Some(OrderKind::Departure),
        pb::OrderKind::Reversal => Some(OrderKind::Reversal),
    }
}

/// A state; `None` when not said.
pub(super) fn state(state: pb::OrderState) -> Option<OrderState> {
    match state {
        pb::OrderState::Unspecified => None,
        pb::OrderState::Draft => Some(OrderState::Draft),
        pb::OrderState::Posted => Some(OrderState::Posted),
        pb::OrderState::Reversed => Some(OrderState::Reversed),
    }
}

/// The draft that a request writes.
pub(super) fn order(id: OrderId, request: &pb::PutOrderRequest) -> Result<Order, Status> {
    let kind = kind(request.kind())
        .ok_or_else(|| status::invalid_field("kind", "REQUIRED", "Укажите вид приказа"))?;
    let pupils = request.pupils.iter().enumerate();
    Ok(Order {
        id,
        number: number(&request.number)?,
        date: parse::date("date", &request.date)?,
        kind,
        effective_on: parse::date("effectiveOn", &request.effective_on)?,
        basis: request.basis.trim().to_owned(),
        pupils: pupils
            .map(|(place, pupil)| entry(place, pupil))
            .collect::<Result<_, _>>()?,
    })
}

/// A number as the book has it.
pub(super) fn number(text: &str) -> Result<String, Status> {
    let number = tidy(text);
    if number.is_empty() {
        let message = "Укажите номер приказа";
        return Err(status::invalid_field("number", "REQUIRED", message));
    }
    Ok(number)
}

fn entry(place: usize, pupil: &pb::OrderPupil) -> Result<Entry, Status> {
    let at = |field: &str| format!("pupils[{place}].{field}");
    let groups = pupil.group_ids.iter();
    Ok(Entry {
        pupil: parse::optional_id(&at("pupilId"), &pupil.pupil_id)?,
        new: pupil
            .new_pupil
            .as_ref()
            .map(|new| new_pupil(&at("newPupil"), new))
            .transpose()?,
        class: parse::optional_id(&at("classId"), &pupil.class_id)?,
        form: match pupil.education_form() {
            pb::EducationForm::Home => EducationForm::Home,
            pb::EducationForm::Family => EducationForm::Family,
            pb::EducationForm::FullTime | pb::EducationForm::Unspecified => EducationForm::FullTime,
        },
        groups: groups
            .map(|id| parse::id(&at("groupIds"), id))
            .collect::<Result<_, _>>()?,
        reason: tidy(&pupil.reason),
        destination: tidy(&pupil.destination),
        to_school: parse::optional_id(&at("toSchoolId"), &pupil.to_school_id)?,
    })
}

fn new_pupil(at: &str, new: &pb::NewPupil) -> Result<NewPupil, Status> {
    let name = new.name.clone().unwrap_or_default();
    let sex = match new.sex() {
        pb::Sex::Male => Sex::Male,
        pb::Sex::Female => Sex::Female,
        pb::Sex::Unspecified => {
            let field = format!("{at}.sex");
            return Err(status::invalid_field(&field, "REQUIRED", "Укажите пол"));
        }
    };
    let name = Name {
        surname: tidy(&name.surname),
        given_name: tidy(&name.given_name),
        patronymic: tidy(&name.patronymic),
    };
    for (field, text) in [("surname", &name.surname), ("givenName", &name.given_name)] {
        if text.is_empty() {
            let field = format!("{at}.name.{field}");
            let message = "Укажите фамилию и имя";
            return Err(status::invalid_field(&field, "REQUIRED", message));
        }
    }
    Ok(NewPupil {
        name,
        sex,
        birth_date: parse::date(&format!("{at}.birthDate"), &new.birth_date)?,
    })
}
