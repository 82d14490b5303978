//! Duties from posts: permission sets are assigned to persons, not posts (R117),
//! and an import has nothing but the posts to start from.

use super::school_import::value::{Post, PostKind};
use super::text::search_key;

/// A duty held by appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Director.
    Director,
    /// Deputy director.
    Deputy,
    /// Administrator of the e-journal.
    Administrator,
    /// Secretary.
    Secretary,
    /// Engineer.
    Engineer,
    /// Teaches.
    Teacher,
}

impl Duty {
    /// Every duty, in the order in which lists show them.
    pub const ALL: [Self; 6] = [
        Self::Director,
        Self::Deputy,
        Self::Administrator,
        Self::Secretary,
        Self::Engineer,
        Self::Teacher,
    ];
}

/// The duties of somebody with this post. `teaches`: has load or lessons.
///
/// «Заместитель директора…» is a deputy, other deputies («заместитель главного
/// бухгалтера») are not. Whoever teaches has the duty of a teacher, whatever the post.
pub fn of_post(post: &Post, teaches: bool) -> Vec<Duty> {
    let by_post = match post.kind() {
        PostKind::Director => Some(Duty::Director),
        PostKind::Deputy => is_deputy_director(post).then_some(Duty::Deputy),
        PostKind::JournalAdministrator => Some(Duty::Administrator),
        PostKind::Secretary => Some(Duty::Secretary),
        PostKind::Engineer => Some(Duty::Engineer),
        PostKind::Teacher(_) => Some(Duty::Teacher),
        PostKind::Other => None,
    };
    let mut duties: Vec<Duty> = by_post.into_iter().collect();
    let named = search_key(post.title())
        .split(' ')
        .any(|word| word == "учитель");
    if (teaches || named) && !duties.contains(&Duty::Teacher) {
        duties.push(Duty::Teacher);
    }
    duties
}

/// Whether the deputy answers for teaching, and so can decide on corrections (R27):
/// the deputies for the building, supplies and guarding do not.
pub fn supervises_teaching(post: &Post) -> bool {
    let key = search_key(post.title());
    let elsewhere = ["ахч", "ахр", "ауп"]
        .iter()
        .any(|word| key.split(' ').any(|w| w == *word))
        || ["хозяйств", "безопасност", "финанс"]
            .iter()
            .any(|stem| key.contains(stem));
    is_deputy_director(post) && !elsewhere
}

fn is_deputy_director(post: &Post) -> bool {
    let key = search_key(post.title());
    let mut words = key.split(' ');
    match words.next() {
        Some("заместитель" | "зам") => words.next() == Some("директора"),
        Some("завуч") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::school_import::value::Value;

    fn duties(post: &str, teaches: bool) -> Vec<Duty> {
        of_post(&Post::parse(post).unwrap(), teaches)
    }

    #[test]
    fn each_post_gives_its_duty() {
        assert_eq!(duties("Директор", false), [Duty::Director]);
        assert_eq!(
            duties("Заместитель директора по УВР", false),
            [Duty::Deputy]
        );
        assert_eq!(
            duties("Администратор электронного журнала", false),
            [Duty::Administrator]
        );
        assert_eq!(duties("Секретарь", false), [Duty::Secretary]);
        assert_eq!(duties("Инженер-электроник", false), [Duty::Engineer]);
        assert_eq!(duties("Учитель: Физика", false), [Duty::Teacher]);
        assert_eq!(duties("Учитель начальных классов", true), [Duty::Teacher]);
        assert_eq!(duties("Библиотекарь", false), []);
    }

    #[test]
    fn whoever_teaches_is_a_teacher_too() {
        assert_eq!(duties("Директор", true), [Duty::Director, Duty::Teacher]);
        assert_eq!(duties("Библиотекарь", true), [Duty::Teacher]);
        assert_eq!(
            duties("Заместитель директора, учитель истории", false),
            [Duty::Deputy, Duty::Teacher]
        );
    }

    #[test]
    fn a_deputy_of_somebody_else_is_no_deputy_director() {
        assert_eq!(duties("Заместитель главного бухгалтера", false), []);
        assert_eq!(duties("Зам. директора по ВР", false), [Duty::Deputy]);
    }

    #[test]
    fn a_deputy_for_the_building_does_not_decide_on_corrections() {
        let supervises = |post| supervises_teaching(&Post::parse(post).unwrap());
        assert!(supervises("Заместитель директора по УВР"));
        assert!(supervises("Завуч"));
        assert!(!supervises("Заместитель директора по АХЧ"));
        assert!(!supervises("Заместитель директора по безопасности"));
        assert!(!supervises("Директор"));
    }
}
