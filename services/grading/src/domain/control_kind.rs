//! Kind of work that a mark or a lesson is for.

/// Kind of work; numbers are those of the contract and of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(i16)]
pub enum ControlKind {
    /// Ordinary work at the lesson.
    #[default]
    Ordinary = 0,
    /// Answer at the lesson.
    Answer = 1,
    /// Homework.
    Homework = 2,
    /// Independent work (самостоятельная работа).
    IndependentWork = 3,
    /// Control work (контрольная работа).
    ControlWork = 4,
    /// Dictation.
    Dictation = 5,
    /// Laboratory or practical work.
    PracticalWork = 6,
    /// Project.
    Project = 7,
}

const ALL: [ControlKind; 8] = [
    ControlKind::Ordinary,
    ControlKind::Answer,
    ControlKind::Homework,
    ControlKind::IndependentWork,
    ControlKind::ControlWork,
    ControlKind::Dictation,
    ControlKind::PracticalWork,
    ControlKind::Project,
];

impl ControlKind {
    /// Number in contract and database.
    pub fn number(self) -> i16 {
        self as i16
    }

    /// Back from the number; `None` for one that no kind has.
    pub fn from_number(number: i32) -> Option<ControlKind> {
        ALL.into_iter()
            .find(|kind| i32::from(kind.number()) == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_number() {
        for kind in ALL {
            assert_eq!(
                ControlKind::from_number(i32::from(kind.number())),
                Some(kind)
            );
        }
        assert_eq!(ControlKind::from_number(8), None);
        assert_eq!(ControlKind::from_number(-1), None);
    }
}
