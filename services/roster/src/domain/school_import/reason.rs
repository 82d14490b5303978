//! Why things are reported. The codes are part of the contract with every caller.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Why something is reported. The code is part of the contract and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $name),+ }
        impl Reason {
            /// Every reason there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Stable code, UPPER_SNAKE.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

reasons! {
    // errors: the form
    /// A sheet without which nothing can be imported.
    MissingSheet = "MISSING_SHEET",
    /// Two sheets with one title.
    DuplicateSheet = "DUPLICATE_SHEET",
    /// A column without which the sheet cannot be read.
    MissingColumn = "MISSING_COLUMN",
    /// One header twice.
    DuplicateColumn = "DUPLICATE_COLUMN",
    /// A row of «Школа» that must be there.
    MissingField = "MISSING_FIELD",
    /// A row of «Школа» given twice.
    DuplicateField = "DUPLICATE_FIELD",
    // errors: one cell
    /// An empty cell where a value is needed.
    MissingValue = "MISSING_VALUE",
    /// A formula, or text that a spreadsheet would take for one.
    Formula = "FORMULA",
    /// `#REF!` and the like.
    CellError = "CELL_ERROR",
    /// Zero-width and control characters.
    InvisibleCharacters = "INVISIBLE_CHARACTERS",
    /// Longer than any real value.
    TooLong = "TOO_LONG",
    /// Not a name of a person.
    BadName = "BAD_NAME",
    /// Not a code.
    BadCode = "BAD_CODE",
    /// Not a date, or a day that does not exist.
    BadDate = "BAD_DATE",
    /// Not a time of day.
    BadTime = "BAD_TIME",
    /// Not a whole number, or out of range.
    BadNumber = "BAD_NUMBER",
    /// A lesson number that is not 1, 2, 3 ...
    BadLessonNumber = "BAD_LESSON_NUMBER",
    /// Not a class such as 5-А.
    BadClass = "BAD_CLASS",
    /// Not a group such as «5-А» or «5-А Информатика гр.1».
    BadGroup = "BAD_GROUP",
    /// Not one of the words that the column allows.
    BadChoice = "BAD_CHOICE",
    /// Not one telephone number.
    BadPhone = "BAD_PHONE",
    /// Not an e-mail address.
    BadEmail = "BAD_EMAIL",
    /// Not eleven digits.
    BadSnils = "BAD_SNILS",
    /// Not a study period such as «1 четверть».
    BadPeriod = "BAD_PERIOD",
    /// Not grades such as 1-9.
    BadGrades = "BAD_GRADES",
    /// Not hours a week.
    BadHours = "BAD_HOURS",
    /// Not an academic year such as 2026/2027.
    BadAcademicYear = "BAD_ACADEMIC_YEAR",
    /// Not a time zone of the world's list.
    BadTimeZone = "BAD_TIME_ZONE",
    /// A date that is not in the academic year.
    DateOutsideYear = "DATE_OUTSIDE_YEAR",
    /// A pupil born after the year began.
    BirthDateInFuture = "BIRTH_DATE_IN_FUTURE",
    // errors: between cells and rows
    /// The end is not after the start.
    EndBeforeStart = "END_BEFORE_START",
    /// Grade, letter or class beside each other contradict.
    ClassMismatch = "CLASS_MISMATCH",
    /// Rows of one group that say different things of it.
    GroupMismatch = "GROUP_MISMATCH",
    /// A subgroup made for one subject is given another.
    GroupSubjectMismatch = "GROUP_SUBJECT_MISMATCH",
    /// The code stands above already.
    DuplicateCode = "DUPLICATE_CODE",
    /// The class stands above already.
    DuplicateClass = "DUPLICATE_CLASS",
    /// The number belongs to another pupil.
    DuplicateSnils = "DUPLICATE_SNILS",
    /// The same thing stands above already.
    DuplicateRow = "DUPLICATE_ROW",
    /// No such member of staff.
    UnknownStaff = "UNKNOWN_STAFF",
    /// No such class.
    UnknownClass = "UNKNOWN_CLASS",
    /// No such pupil.
    UnknownPupil = "UNKNOWN_PUPIL",
    /// No such group.
    UnknownGroup = "UNKNOWN_GROUP",
    /// A subject that nobody has load in.
    UnknownSubject = "UNKNOWN_SUBJECT",
    /// A lesson number without bells.
    UnknownLesson = "UNKNOWN_LESSON",
    /// A lesson on a day that is not a study day.
    DayOutsideWeek = "DAY_OUTSIDE_WEEK",
    /// One group has two lessons at once.
    GroupTwiceInSlot = "GROUP_TWICE_IN_SLOT",
    /// A class and its own subgroup, or two groups of the same pupils, have lessons at once.
    PupilsTwiceInSlot = "PUPILS_TWICE_IN_SLOT",
    /// A lesson begins before the one before it ends.
    BellsOverlap = "BELLS_OVERLAP",
    /// A grade is in two periods on one day.
    PeriodsOverlap = "PERIODS_OVERLAP",
    // warnings
    /// One teacher has two lessons at once.
    TeacherDoubleBooked = "TEACHER_DOUBLE_BOOKED",
    /// One room has two lessons at once.
    RoomDoubleBooked = "ROOM_DOUBLE_BOOKED",
    /// Fewer lessons in the timetable than hours in the load.
    LoadNotInTimetable = "LOAD_NOT_IN_TIMETABLE",
    /// More lessons in the timetable than hours in the load.
    TimetableOverLoad = "TIMETABLE_OVER_LOAD",
    /// Lessons of a group in a subject for which it has no load.
    LessonNotInLoad = "LESSON_NOT_IN_LOAD",
    /// Another teacher than in the load.
    TeacherDiffersFromLoad = "TEACHER_DIFFERS_FROM_LOAD",
    /// An age that is unusual for the grade.
    BirthDateUnusual = "BIRTH_DATE_UNUSUAL",
    /// The two last digits do not follow from the first nine.
    SnilsCheckDigits = "SNILS_CHECK_DIGITS",
    /// Same name and birth date under another code.
    PossibleDuplicate = "POSSIBLE_DUPLICATE",
    /// A level that is not the grade's.
    LevelMismatch = "LEVEL_MISMATCH",
    /// A class without a class teacher.
    ClassWithoutTeacher = "CLASS_WITHOUT_TEACHER",
    /// A class without pupils.
    ClassWithoutPupils = "CLASS_WITHOUT_PUPILS",
    /// A class whose grade has no study period.
    ClassWithoutPeriods = "CLASS_WITHOUT_PERIODS",
    /// A pupil in no subgroup of a class that is divided.
    PupilWithoutSubgroup = "PUPIL_WITHOUT_SUBGROUP",
    /// A subgroup nobody is in.
    EmptySubgroup = "EMPTY_SUBGROUP",
    // notices
    /// A sheet that is not part of the form.
    IgnoredSheet = "IGNORED_SHEET",
    /// A sheet of the form that is not in the file.
    AbsentSheet = "ABSENT_SHEET",
    /// A column that is not part of the form.
    IgnoredColumn = "IGNORED_COLUMN",
    /// A row of «Школа» that is not part of the form.
    IgnoredField = "IGNORED_FIELD",
    /// Rows above the headers.
    IgnoredRows = "IGNORED_ROWS",
    /// Several rows of one parent, made into one person.
    GuardiansMerged = "GUARDIANS_MERGED",
    /// So many numbers fail the check that the column does not hold real ones.
    SnilsColumnUnverified = "SNILS_COLUMN_UNVERIFIED",
    // normalisations
    /// Outer, doubled or no-break spaces.
    Spaces = "SPACES",
    /// Another way to write a date.
    DateForm = "DATE_FORM",
    /// Another way to write a time.
    TimeForm = "TIME_FORM",
    /// Another way to write a class or group.
    ClassForm = "CLASS_FORM",
    /// Another way to write a code.
    CodeForm = "CODE_FORM",
    /// Letter case, dashes or look-alike letters in a name.
    NameForm = "NAME_FORM",
    /// Another way to write a telephone number.
    PhoneForm = "PHONE_FORM",
    /// Letter case in an e-mail address.
    EmailForm = "EMAIL_FORM",
    /// Another word for the same choice.
    ChoiceForm = "CHOICE_FORM",
    /// Another spelling of a subject.
    SubjectForm = "SUBJECT_FORM",
    /// Another way to write a number, year, period or list of grades.
    NumberForm = "NUMBER_FORM",
    /// An empty cell that means the usual.
    Default = "DEFAULT",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_its_own_upper_snake_code() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(
            codes
                .iter()
                .all(|c| c.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        );
    }
}
