//! Values of cards as the form writes them.

use crate::domain::record::{EducationForm, Informing, Person, Sex};
use crate::domain::school_import::value::{self, Phone, StudyForm, Value, YesNo};

/// The one spelling of a telephone number; what is none stays as it is.
pub(crate) fn phone(of: &Person) -> String {
    Phone::parse(&of.phone).map_or_else(|_| of.phone.clone(), |phone| phone.canonical())
}

pub(super) fn sex(of: Option<Sex>) -> String {
    let word = match of {
        Some(Sex::Male) => value::Sex::Male.word(),
        Some(Sex::Female) => value::Sex::Female.word(),
        None => "",
    };
    word.to_owned()
}

pub(crate) fn form(of: EducationForm) -> &'static str {
    match of {
        EducationForm::FullTime => StudyForm::FullTime.word(),
        EducationForm::Home => StudyForm::AtHome.word(),
        EducationForm::Family => StudyForm::Family.word(),
    }
}

pub(crate) fn informing(of: Informing) -> &'static str {
    match of {
        Informing::Electronic => value::Informing::Electronic.word(),
        Informing::Paper => value::Informing::Paper.word(),
    }
}

pub(crate) fn yes_no(yes: bool) -> &'static str {
    if yes {
        YesNo::Yes.word()
    } else {
        YesNo::No.word()
    }
}
