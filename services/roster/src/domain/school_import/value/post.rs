//! Posts of staff, as far as they say something about rights and subjects.

use super::{Subject, Value};
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

const LONGEST: usize = 120;

/// What kind of post it is. Rights are granted by identity from duties; this only proposes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostKind {
    /// Директор.
    Director,
    /// Заместитель директора.
    Deputy,
    /// Администратор электронного журнала.
    JournalAdministrator,
    /// Секретарь, делопроизводитель.
    Secretary,
    /// Инженер, техник.
    Engineer,
    /// Учитель, with the subject where the post names one.
    Teacher(Option<Subject>),
    /// Any other.
    Other,
}

/// A post as the staff list words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    title: String,
    kind: PostKind,
}

impl Post {
    /// As the staff list words it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What kind of post it is.
    pub fn kind(&self) -> &PostKind {
        &self.kind
    }
}

impl Value for Post {
    const FORM: Reason = Reason::Spaces;
    const BAD: Reason = Reason::BadChoice;

    fn parse(raw: &str) -> Result<Self, Problem> {
        if raw.chars().count() > LONGEST {
            return Err(Problem::new(
                Reason::TooLong,
                "Слишком длинное название должности",
                "Сократите до 120 знаков",
            ));
        }
        let key = text::search_key(raw);
        let first = key.split(' ').next().unwrap_or_default();
        let kind = match first {
            "директор" => PostKind::Director,
            "заместитель" | "зам" | "завуч" => PostKind::Deputy,
            "администратор" if key.contains("журнал") => {
                PostKind::JournalAdministrator
            }
            "секретарь" | "делопроизводитель" => PostKind::Secretary,
            "инженер" | "техник" => PostKind::Engineer,
            "учитель" => PostKind::Teacher(
                raw.split_once(':')
                    .and_then(|(_, s)| Subject::parse(s.trim()).ok()),
            ),
            _ => PostKind::Other,
        };
        Ok(Self {
            title: raw.to_owned(),
            kind,
        })
    }

    fn canonical(&self) -> String {
        self.title.clone()
    }
}
