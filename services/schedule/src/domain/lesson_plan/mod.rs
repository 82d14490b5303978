//! A lesson plan (календарно-тематическое планирование, КТП): what a group learns in
//! a subject, theme by theme, in as many hours as its load has.
//!
//! Invariant: an approved plan has exactly the hours that were required when it was
//! approved; any change of its content makes it a draft again (R128).

pub mod control_kind;
pub mod hours;
pub mod table;

use std::collections::BTreeSet;

use jiff::Timestamp;
use zhurnal_proto::id::{PersonId, ThemeId};

use self::control_kind::ControlKind;
use super::refusal::Refusal;

/// Most themes of a plan.
pub const MOST_THEMES: usize = 400;
/// Most hours of a theme.
pub const MOST_HOURS: u16 = 200;
/// Longest title of a theme, characters.
pub const LONGEST_TITLE: usize = 500;
/// Longest section, characters.
pub const LONGEST_SECTION: usize = 200;
/// Longest homework, characters.
pub const LONGEST_HOMEWORK: usize = 1_000;

/// What a theme says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeText {
    /// Section; may be empty.
    pub section: String,
    /// Title, in Russian.
    pub title: String,
    /// Hours = lessons.
    pub hours: u16,
    /// Kind of control.
    pub control: ControlKind,
    /// Homework to begin with; may be empty.
    pub homework: String,
}

/// A theme of a plan; its place is its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Id, kept while the theme stays in the plan.
    pub id: ThemeId,
    /// What it says.
    pub text: ThemeText,
}

/// Who decided and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Card; none for whoever has no card at the school.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// Where a saved plan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Saved, not approved.
    Draft,
    /// Sent back to the teacher.
    Returned {
        /// By whom.
        decision: Decision,
        /// What to mend.
        remark: String,
    },
    /// Approved.
    Approved {
        /// By whom.
        decision: Decision,
    },
}

/// What a plan is without its themes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Title or textbook; may be empty.
    pub title: String,
    /// State.
    pub state: State,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

/// A saved plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonPlan {
    /// All but the themes.
    pub head: Head,
    /// Themes in order.
    pub themes: Vec<Theme>,
}

/// What somebody should look at; it hinders nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// A control work in the first or the last hour.
    ControlWorkAtEdge,
    /// More than a tenth of the hours are control works.
    TooManyControlWorks,
}

/// A theme that a plan does not take, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The title is not in Russian.
    NotRussian(usize),
    /// The id was named before.
    Twice(usize),
    /// The present plan has no theme of this id.
    Unknown(usize),
}

/// A title that has letters has Cyrillic ones («Past Simple: повторение» passes): it
/// becomes the lesson's topic, which is written in Russian (R129).
pub fn is_russian(title: &str) -> bool {
    let mut letters = title.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_none() || letters.any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'))
}

/// Hours of themes.
pub fn hours_of<'a>(themes: impl IntoIterator<Item = &'a ThemeText>) -> u32 {
    themes.into_iter().map(|theme| u32::from(theme.hours)).sum()
}

/// Themes as asked for: those with an id are of `present`, the others get a new one.
pub fn number_themes(
    present: Option<&LessonPlan>,
    asked: Vec<(Option<ThemeId>, ThemeText)>,
    mut new_id: impl FnMut() -> ThemeId,
) -> Result<Vec<Theme>, Vec<Misfit>> {
    let known: BTreeSet<ThemeId> = present
        .map(|plan| plan.themes.iter().map(|theme| theme.id).collect())
        .unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut misfits = Vec::new();
    let mut themes = Vec::with_capacity(asked.len());
    for (at, (id, text)) in asked.into_iter().enumerate() {
        if !is_russian(&text.title) {
            misfits.push(Misfit::NotRussian(at));
        }
        if let Some(id) = id {
            if !known.contains(&id) {
                misfits.push(Misfit::Unknown(at));
            } else if !seen.insert(id) {
                misfits.push(Misfit::Twice(at));
            }
        }
        let id = id.unwrap_or_else(&mut new_id);
        themes.push(Theme { id, text });
    }
    if misfits.is_empty() {
        Ok(themes)
    } else {
        Err(misfits)
    }
}

impl LessonPlan {
    /// The first save.
    pub fn first(title: String, themes: Vec<Theme>, now: Timestamp) -> Self {
        let head = Head {
            title,
            state: State::Draft,
            saved_at: now,
            version: 1,
        };
        Self { head, themes }
    }

    /// Hours of all themes.
    pub fn hours(&self) -> u32 {
        hours_of(self.themes.iter().map(|theme| &theme.text))
    }

    /// The version the caller saw must be the present one; `None` = not said.
    pub fn seen_as(self, version: Option<i64>) -> Result<Self, Refusal> {
        match version {
            Some(seen) if seen != self.head.version => Err(Refusal::LessonPlanStale {
                current: self.head.version,
            }),
            _ => Ok(self),
        }
    }

    /// The content that a save brings makes a draft; `None`: it is there already.
    #[must_use]
    pub fn put(self, title: String, themes: Vec<Theme>, now: Timestamp) -> Option<Self> {
        let same = self.head.title == title && self.themes == themes;
        if same && !matches!(self.head.state, State::Returned { .. }) {
            return None;
        }
        let head = Head {
            title,
            state: State::Draft,
            saved_at: now,
            version: self.head.version + 1,
        };
        Some(Self { head, themes })
    }

    /// Approves a plan of exactly the required hours, which is not the own one.
    pub fn approve(self, required: u32, own: bool, decision: Decision) -> Result<Self, Refusal> {
        let planned = self.hours();
        if matches!(self.head.state, State::Approved { .. }) {
            Err(Refusal::LessonPlanApproved)
        } else if own {
            Err(Refusal::LessonPlanOwn)
        } else if planned != required {
            Err(Refusal::LessonPlanHoursDiffer { planned, required })
        } else {
            Ok(self.decided(State::Approved { decision }))
        }
    }

    /// Sends it back to the teacher, also when it was approved.
    #[must_use]
    pub fn send_back(self, remark: String, decision: Decision) -> Self {
        self.decided(State::Returned { decision, remark })
    }

    fn decided(self, state: State) -> Self {
        let head = Head {
            state,
            version: self.head.version + 1,
            ..self.head
        };
        Self {
            head,
            themes: self.themes,
        }
    }

    /// What somebody should look at.
    pub fn warnings(&self) -> Vec<Warning> {
        let is_control = |theme: &&Theme| theme.text.control == ControlKind::ControlWork;
        let mut warnings = Vec::new();
        let edges = [self.themes.first(), self.themes.last()];
        if edges.into_iter().flatten().any(|theme| is_control(&theme)) {
            warnings.push(Warning::ControlWorkAtEdge);
        }
        let controls = self.themes.iter().filter(is_control);
        if hours_of(controls.map(|theme| &theme.text)) * 10 > self.hours() {
            warnings.push(Warning::TooManyControlWorks);
        }
        warnings
    }
}

/// How many plans stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Without a plan.
    pub missing: u32,
    /// Drafts.
    pub draft: u32,
    /// Returned.
    pub returned: u32,
    /// Approved.
    pub approved: u32,
    /// Of the saved ones, those whose hours differ.
    pub differing: u32,
}

impl Counts {
    /// Counts plans, each with the difference of its hours.
    pub fn of<'a>(plans: impl IntoIterator<Item = (Option<&'a State>, i64)>) -> Self {
        let mut counts = Self::default();
        for (state, difference) in plans {
            let one = match state {
                None => &mut counts.missing,
                Some(State::Draft) => &mut counts.draft,
                Some(State::Returned { .. }) => &mut counts.returned,
                Some(State::Approved { .. }) => &mut counts.approved,
            };
            *one += 1;
            counts.differing += u32::from(state.is_some() && difference != 0);
        }
        counts
    }
}

#[cfg(test)]
mod tests;
