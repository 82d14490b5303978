//! Subjects of the regional catalogue and rooms of a school are told apart by
//! their folded titles: case, spaces, ё and the way letters are composed do not
//! make another subject.

/// The title by which a subject or a room is known as the same.
pub fn fold_title(title: &str) -> String {
    let composed = title
        .replace("и\u{306}", "й")
        .replace("И\u{306}", "й")
        .replace("е\u{308}", "ё")
        .replace("Е\u{308}", "ё");
    composed
        .to_lowercase()
        .replace('ё', "е")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The title as shown: without spaces around and with single ones inside.
pub fn clean_title(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_subject_fold_to_one_title() {
        for title in [
            "Твёрдый знак",
            "  твердый   ЗНАК ",
            "Тве\u{308}рдыи\u{306} знак",
            "твёрдый\u{a0}знак",
        ] {
            assert_eq!(fold_title(title), "твердый знак", "{title}");
        }
        assert_ne!(
            fold_title("Алгебра"),
            fold_title("Алгебра и начала анализа")
        );
    }

    #[test]
    fn a_shown_title_keeps_its_letters() {
        assert_eq!(clean_title("  каб.  12б "), "каб. 12б");
    }
}
