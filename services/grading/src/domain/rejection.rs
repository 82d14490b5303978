//! Why a change is refused.

/// Reasons of a refused operation; the names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejection {
    /// The pupil is not in the group on the lesson's date.
    PupilNotInGroup,
    /// The lesson is cancelled.
    LessonCancelled,
    /// The lesson's day has not come.
    LessonInFuture,
    /// The caller is not who teaches this lesson, or it is of another journal.
    LessonNotOwn,
    /// The value is no mark.
    MarkValueInvalid,
    /// R32.
    AbsentMarkNeedsComment,
    /// R27: only a correction request works.
    CorrectionRequired,
    /// R33: the mark has just been set.
    MarkBlocked,
    /// No marks in grade 1.
    GradeHasNoMarks,
    /// No marks in this journal: a club, an extended day, a class hour.
    UnmarkedGroup,
    /// R34: the pupil's journal is kept on paper that day.
    PaperJournal,
}

impl Rejection {
    /// Stable reason.
    pub fn reason(self) -> &'static str {
        match self {
            Rejection::PupilNotInGroup => "PUPIL_NOT_IN_GROUP",
            Rejection::LessonCancelled => "LESSON_CANCELLED",
            Rejection::LessonInFuture => "LESSON_IN_FUTURE",
            Rejection::LessonNotOwn => "LESSON_NOT_OWN",
            Rejection::MarkValueInvalid => "MARK_VALUE_INVALID",
            Rejection::AbsentMarkNeedsComment => "ABSENT_MARK_NEEDS_COMMENT",
            Rejection::CorrectionRequired => "CORRECTION_REQUIRED",
            Rejection::MarkBlocked => "MARK_BLOCKED",
            Rejection::GradeHasNoMarks => "GRADE_HAS_NO_MARKS",
            Rejection::UnmarkedGroup => "UNMARKED_GROUP",
            Rejection::PaperJournal => "PAPER_JOURNAL",
        }
    }

    /// Text for people.
    pub fn message(self) -> &'static str {
        match self {
            Rejection::PupilNotInGroup => "В день урока ученик не входит в эту группу",
            Rejection::LessonCancelled => "Урок отменён",
            Rejection::LessonInFuture => "День урока ещё не наступил",
            Rejection::LessonNotOwn => "Этот урок ведёте не вы",
            Rejection::MarkValueInvalid => "Такой отметки нет: 2–5, 4/5, зач, незач",
            Rejection::AbsentMarkNeedsComment => {
                "Отметка вместе с «н», «б» или «у» требует комментария"
            }
            Rejection::CorrectionRequired => {
                "Срок свободных исправлений истёк: нужна заявка на исправление"
            }
            Rejection::MarkBlocked => "Отметка только что выставлена и пока не меняется",
            Rejection::GradeHasNoMarks => "В первом классе отметки не выставляются",
            Rejection::UnmarkedGroup => "В этом журнале отметки не выставляются",
            Rejection::PaperJournal => "Журнал этого ученика в этот день ведётся на бумаге",
        }
    }
}
