//! Where an import stands, and what a repeated application means.

/// State of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Checked without errors.
    Checked,
    /// Checked with errors.
    Refused,
    /// Roster's part is in; other services are at work.
    Applying,
    /// Done.
    Applied,
    /// Another service refused its part.
    Failed,
}

/// What applying an import means now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Application {
    /// Write roster's part.
    Begin,
    /// Roster's part is in: try the other services again.
    Resume,
    /// Nothing to do.
    Nothing,
}

impl ImportState {
    /// What applying means in this state.
    pub fn application(self) -> Application {
        match self {
            Self::Checked | Self::Refused => Application::Begin,
            Self::Failed => Application::Resume,
            Self::Applying | Self::Applied => Application::Nothing,
        }
    }
}

/// How much an import holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Staff.
    pub staff: u32,
    /// Classes.
    pub classes: u32,
    /// Pupils.
    pub pupils: u32,
    /// Rows of parents.
    pub guardians: u32,
    /// Rows of load.
    pub loads: u32,
    /// Lessons of a week.
    pub weekly_lessons: u32,
    /// Dated lessons of the year.
    pub lessons: u32,
}
