//! Subjects and rooms: names that are compared whatever their case and spacing.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

const LONGEST: usize = 120;

macro_rules! folded_name {
    ($(#[$doc:meta])* $name:ident, $form:expr, $fold:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            text: String,
            key: String,
        }

        impl $name {
            /// The name as the school spells it.
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.key == other.key
            }
        }
        impl Eq for $name {}
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.key.cmp(&other.key)
            }
        }
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.key.hash(state);
            }
        }

        impl Value for $name {
            const FORM: Reason = $form;
            const BAD: Reason = Reason::BadChoice;

            fn parse(raw: &str) -> Result<Self, Problem> {
                if raw.chars().count() > LONGEST {
                    return Err(Problem::new(Reason::TooLong, "Слишком длинное название", "Сократите до 120 знаков"));
                }
                let key: String = ($fold)(raw);
                if key.is_empty() {
                    return Err(Problem::new(Reason::BadChoice, "В названии нет ни букв, ни цифр", "Напишите название или очистите ячейку"));
                }
                Ok(Self { text: raw.to_owned(), key })
            }

            fn canonical(&self) -> String {
                self.text.clone()
            }
        }
    };
}

folded_name!(
    /// A school subject. Equal whatever the case, Ё or Е, and spacing; the first spelling met wins.
    Subject, Reason::SubjectForm, text::search_key
);
folded_name!(
    /// A room. «каб. 12», «Кабинет 12» and «12» are one room.
    Room, Reason::Spaces, room_key
);

fn room_key(raw: &str) -> String {
    let key = text::search_key(raw);
    let bare = ["кабинет ", "каб ", "аудитория ", "ауд "]
        .iter()
        .find_map(|p| key.strip_prefix(p));
    bare.unwrap_or(&key).replace(' ', "")
}
