//! Events of classes and of the school: the plan of a month (R140), exams, parents' meetings.
//!
//! Invariant: what was published stays to be seen; a cancelled event never changes again.

use jiff::Timestamp;
use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolEventId, SubjectId};

use super::bells::TimeOfDay;
use super::refusal::Refusal;

/// Longest event, days.
pub const MOST_DAYS: i32 = 31;

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An excursion, a contest, a feast.
    Activity,
    /// An exam.
    Exam,
    /// A parents' meeting.
    ParentsMeeting,
}

/// Whom an event is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// These classes, at least one.
    Classes(Vec<ClassId>),
    /// A group.
    Group(GroupId),
    /// The whole school.
    School,
    /// The staff alone.
    Staff,
}

/// When it is: on each of its days at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Date,
    /// Start and end; none = the whole day.
    pub hours: Option<(TimeOfDay, TimeOfDay)>,
}

/// Why days and hours do not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFault {
    /// The last day is before the first.
    DaysReversed,
    /// More days than an event has.
    TooLong,
    /// The end is not after the start.
    HoursReversed,
}

impl When {
    /// Days and hours that hold together.
    pub fn checked(self) -> Result<Self, WhenFault> {
        let days = (self.ends_on - self.starts_on).get_days() + 1;
        match self.hours {
            _ if days < 1 => Err(WhenFault::DaysReversed),
            _ if days > MOST_DAYS => Err(WhenFault::TooLong),
            Some((from, to)) if to <= from => Err(WhenFault::HoursReversed),
            _ => Ok(self),
        }
    }

    /// Whether it is on the day at the hours. The whole day meets all hours; an end that is
    /// another's start does not.
    pub fn meets(&self, day: Date, hours: Option<(TimeOfDay, TimeOfDay)>) -> bool {
        let at_once = match (self.hours, hours) {
            (Some((from, to)), Some((start, end))) => from < end && start < to,
            _ => true,
        };
        self.starts_on <= day && day <= self.ends_on && at_once
    }

    /// The first day of both.
    pub fn shared_day(&self, other: &Self) -> Option<Date> {
        let day = self.starts_on.max(other.starts_on);
        (self.meets(day, other.hours) && day <= other.ends_on).then_some(day)
    }
}

/// What people write of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Kind.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// More about it.
    pub text: String,
    /// When.
    pub when: When,
    /// Room of the school; empty = none.
    pub room: String,
    /// Place that is no room of the school.
    pub place: String,
    /// Whom it is for.
    pub audience: Audience,
    /// Subject of an exam.
    pub subject: Option<SubjectId>,
}

/// How far an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Only those who may change it see it.
    Draft,
    /// Its audience sees it, since then.
    Published(Timestamp),
    /// Was published then, and will not take place.
    Cancelled {
        /// When it was published.
        published: Timestamp,
        /// Why.
        reason: String,
    },
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolEvent {
    /// Id.
    pub id: SchoolEventId,
    /// What people wrote.
    pub content: Content,
    /// State.
    pub state: State,
    /// Who made it; none for whoever has no card at the school.
    pub made_by: Option<PersonId>,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

/// When a change is made, and of which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Version that the caller saw.
    pub seen: Option<i64>,
    /// Now.
    pub now: Timestamp,
    /// Today at the school.
    pub today: Date,
}

impl SchoolEvent {
    /// A draft.
    pub fn draft(
        id: SchoolEventId,
        content: Content,
        made_by: Option<PersonId>,
        step: Step,
    ) -> Result<Self, Refusal> {
        not_over(&content, step.today)?;
        Ok(Self {
            id,
            content,
            state: State::Draft,
            made_by,
            changed_at: step.now,
            version: 1,
        })
    }

    /// With other content. One that is over neither changes nor is any put into the past. Whom
    /// a published one is for stays: whoever was told would hear nothing of the change.
    pub fn change(self, content: Content, step: Step) -> Result<Self, Refusal> {
        self.seen(step)?;
        not_over(&content, step.today)?;
        if self.is_told() && self.content.audience != content.audience {
            return Err(Refusal::EventAudienceFixed);
        }
        Ok(self.next(step).with_content(content))
    }

    /// A draft that its audience sees now.
    pub fn publish(self, step: Step) -> Result<Self, Refusal> {
        if self.state != State::Draft {
            return Err(Refusal::EventNotDraft);
        }
        self.seen(step)?;
        Ok(self.next(step).with_state(State::Published(step.now)))
    }

    /// A published event that will not take place.
    pub fn cancel(self, reason: String, step: Step) -> Result<Self, Refusal> {
        let State::Published(published) = self.state else {
            let draft = self.state == State::Draft;
            return Err(if draft {
                Refusal::EventNotPublished
            } else {
                Refusal::EventCancelled
            });
        };
        self.seen(step)?;
        let state = State::Cancelled { published, reason };
        Ok(self.next(step).with_state(state))
    }

    /// Whether the draft may go: nobody was told of it.
    pub fn may_discard(&self, seen: Option<i64>) -> Result<(), Refusal> {
        if self.state != State::Draft {
            return Err(Refusal::EventNotDraft);
        }
        self.fresh(seen)
    }

    /// Whether its audience has been told of it.
    pub fn is_told(&self) -> bool {
        self.state != State::Draft
    }

    fn seen(&self, step: Step) -> Result<(), Refusal> {
        if matches!(self.state, State::Cancelled { .. }) {
            return Err(Refusal::EventCancelled);
        }
        self.fresh(step.seen)?;
        not_over(&self.content, step.today)
    }

    fn fresh(&self, seen: Option<i64>) -> Result<(), Refusal> {
        let current = self.version;
        (seen == Some(current))
            .then_some(())
            .ok_or(Refusal::EventStale { current })
    }

    fn next(self, step: Step) -> Self {
        Self {
            version: self.version + 1,
            changed_at: step.now,
            ..self
        }
    }

    fn with_content(self, content: Content) -> Self {
        Self { content, ..self }
    }

    fn with_state(self, state: State) -> Self {
        Self { state, ..self }
    }
}

fn not_over(content: &Content, today: Date) -> Result<(), Refusal> {
    if content.when.ends_on < today {
        Err(Refusal::EventIsOver)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
