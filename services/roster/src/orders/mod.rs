//! The book of orders at work: what a plan rests on, posting, reversal.

mod facts;
mod post;
mod reverse;

use chassis::status::{self, Refusal};
use tonic::{Code, Status};

pub(crate) use facts::load as facts;
pub(crate) use post::post;
pub(crate) use reverse::{Reversal, Stays, reverse, reversing};

use crate::domain::orders::Obstacle;

/// A draft cannot be posted: every obstacle as a violation, the first as the reason.
pub(crate) fn obstructed(obstacles: &[Obstacle]) -> Status {
    let Some(first) = obstacles.first() else {
        return status::internal(anyhow::anyhow!("obstructed by nothing"));
    };
    let refusal = Refusal::new(Code::FailedPrecondition, first.rule, first.message);
    let violations = obstacles
        .iter()
        .map(|one| status::violation(one.field.clone(), one.rule, one.message));
    refusal.violations(violations).into()
}
