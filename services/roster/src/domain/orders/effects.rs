//! What posting an order changes, record by record, and what that means for a pupil.

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::PersonId;

use super::Movement;

/// What was done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A card was made.
    CardAdded,
    /// A guardian's link was made.
    GuardianLinkAdded,
    /// An enrolment was opened.
    EnrolmentAdded,
    /// An enrolment got its last day.
    EnrolmentEnded,
    /// A membership was opened.
    MembershipAdded,
    /// A membership got its last day.
    MembershipEnded,
    /// A membership that had not begun was taken away.
    MembershipRemoved,
}

/// One record as an order found it and left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What was done.
    pub act: Act,
    /// Pupil.
    pub pupil: PersonId,
    /// Id of the card, the link or the enrolment; the group of a membership.
    pub record: Uuid,
    /// First day of the record; without meaning for cards.
    pub starts_on: Date,
    /// Last day before.
    pub was: Option<Date>,
    /// Last day after.
    pub now: Option<Date>,
}

/// What posting did, in the order in which it was done.
pub type Effects = Vec<Effect>;

/// What posting does with one pupil.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Class that the pupil leaves.
    pub left_class: String,
    /// Memberships that end.
    pub left_groups: u32,
    /// Last day there.
    pub last_day: Option<Date>,
    /// Class that the pupil enters.
    pub entered_class: String,
    /// Groups that the pupil enters.
    pub entered_groups: u32,
    /// First day there.
    pub first_day: Option<Date>,
    /// A card is made or copied.
    pub card_added: bool,
}

impl Movement {
    /// The effects on enrolments and memberships; cards and links are told by who makes
    /// them.
    pub fn effects(&self) -> Effects {
        let pupil = self.pupil;
        let effect = |act, record, starts_on, was, now| Effect {
            act,
            pupil,
            record,
            starts_on,
            was,
            now,
        };
        let mut effects = Effects::new();
        if let Some(one) = &self.left {
            let (id, from) = (one.id.uuid(), one.starts_on);
            effects.push(effect(Act::EnrolmentEnded, id, from, None, one.ends_on));
        }
        if let Some(one) = &self.entered {
            let (id, from) = (one.id.uuid(), one.starts_on);
            effects.push(effect(Act::EnrolmentAdded, id, from, None, one.ends_on));
        }
        for (one, was) in &self.left_groups {
            let (id, from) = (one.group_id.uuid(), one.starts_on);
            effects.push(effect(Act::MembershipEnded, id, from, *was, one.ends_on));
        }
        for one in &self.removed_groups {
            let (id, from) = (one.group_id.uuid(), one.starts_on);
            effects.push(effect(Act::MembershipRemoved, id, from, one.ends_on, None));
        }
        for one in &self.entered_groups {
            let (id, from) = (one.group_id.uuid(), one.starts_on);
            effects.push(effect(Act::MembershipAdded, id, from, None, one.ends_on));
        }
        effects
    }
}
