//! What a pupil has in a subject within some days.
//!
//! Invariant: sums of marks are whole halves, since the only broken mark is the
//! split one (4/5 is one mark of 9/2).

use std::ops::AddAssign;

use super::average::Average;

/// Lessons missed, by the reason in the journal; coming late is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absences {
    /// «б».
    pub ill: u32,
    /// «у».
    pub excused: u32,
    /// «н».
    pub absent: u32,
    /// «оп», came late.
    pub late: u32,
}

impl Absences {
    /// Lessons missed for any reason.
    pub fn missed(self) -> u32 {
        self.ill + self.excused + self.absent
    }
}

impl AddAssign for Absences {
    fn add_assign(&mut self, other: Self) {
        self.ill += other.ill;
        self.excused += other.excused;
        self.absent += other.absent;
        self.late += other.late;
    }
}

/// Counts and sums of one pupil in one subject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Marks of any kind, «зач» and «незач» too.
    pub marks: u32,
    /// Marks with a number.
    pub graded: u32,
    /// Sum of the numbers in halves.
    pub halves: u32,
    /// Lessons missed.
    pub absences: Absences,
}

impl Tally {
    /// Exact mean of the marks with a number; `None` without any.
    pub fn average(self) -> Option<Average> {
        Average::of_halves(self.halves, self.graded)
    }
}
