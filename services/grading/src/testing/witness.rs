//! A witness that answers with what it was given, as peer roster or reporting.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use chassis::testing::Harness;
use futures::future::BoxFuture;
use tonic::{
    Request, Response, Status,
    body::Body,
    server::{Grpc, NamedService, UnaryService},
    service::Routes,
};
use zhurnal_proto::{
    grading::v1::LedgerCheckpoint,
    roster::v1::{ListWitnessedCheckpointsRequest, ListWitnessedCheckpointsResponse},
    types::v1::WitnessedCheckpoint,
};

use super::Handed;

/// What a witness keeps.
#[derive(Clone, Default)]
pub struct Witness {
    kept: Arc<Mutex<Vec<WitnessedCheckpoint>>>,
    /// What happens once, before it answers.
    meanwhile: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

impl Witness {
    /// Both witnesses of a harness: roster and reporting.
    pub fn both(harness: &Harness<Handed>) -> (Witness, Witness) {
        let (roster, reporting) = (Witness::default(), Witness::default());
        harness.host("roster", Routes::new(AsRoster(roster.clone())));
        harness.host("reporting", Routes::new(AsReporting(reporting.clone())));
        (roster, reporting)
    }

    /// Keeps the newest checkpoint of each day, as the real ones do.
    pub fn hear(&self, checkpoints: &[LedgerCheckpoint]) {
        let mut kept = self.kept.lock().unwrap();
        for checkpoint in checkpoints {
            kept.retain(|known| known.day != checkpoint.day);
            kept.push(WitnessedCheckpoint {
                school_id: checkpoint.school_id.clone(),
                day: checkpoint.day.clone(),
                tree_size: checkpoint.tree_size,
                root: checkpoint.root.clone(),
                note: checkpoint.note.clone(),
                stored_at: checkpoint.signed_at,
            });
        }
    }

    /// What it keeps now.
    pub fn kept(&self) -> Vec<WitnessedCheckpoint> {
        self.kept.lock().unwrap().clone()
    }

    /// Before it answers the next time, this happens.
    pub fn meanwhile(&self, happens: impl Future<Output = ()> + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::pin(happens));
    }

    /// Replaces what it keeps.
    pub fn keep(&self, checkpoints: Vec<WitnessedCheckpoint>) {
        *self.kept.lock().unwrap() = checkpoints;
    }
}

/// Roster's messages and reporting's have the same bytes.
impl UnaryService<ListWitnessedCheckpointsRequest> for Witness {
    type Response = ListWitnessedCheckpointsResponse;
    type Future = BoxFuture<'static, Result<Response<Self::Response>, Status>>;

    fn call(&mut self, _: Request<ListWitnessedCheckpointsRequest>) -> Self::Future {
        let witness = self.clone();
        Box::pin(async move {
            let meanwhile = witness.meanwhile.lock().unwrap().take();
            if let Some(happens) = meanwhile {
                happens.await;
            }
            Ok(Response::new(ListWitnessedCheckpointsResponse {
                checkpoints: witness.kept(),
            }))
        })
    }
}

macro_rules! peer {
    ($name:ident, $service:literal) => {
        #[derive(Clone)]
        struct $name(Witness);

        impl NamedService for $name {
            const NAME: &'static str = $service;
        }

        impl tower::Service<http::Request<Body>> for $name {
            type Response = http::Response<Body>;
            type Error = Infallible;
            type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

            fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
                Poll::Ready(Ok(()))
            }

            fn call(&mut self, request: http::Request<Body>) -> Self::Future {
                let witness = self.0.clone();
                Box::pin(async move {
                    let codec = tonic_prost::ProstCodec::default();
                    Ok(Grpc::new(codec).unary(witness, request).await)
                })
            }
        }
    };
}

peer!(AsRoster, "zhurnal.roster.v1.RosterService");
peer!(AsReporting, "zhurnal.reporting.v1.ReportingService");
