//! Producers that only answer Watch: what the followers see of a whole service.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use chassis::testing::Harness;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use prost::Message;
use tonic::body::Body;
use tonic::codegen::http;
use tonic::server::{Grpc, NamedService, ServerStreamingService};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use zhurnal_proto::grading::v1 as grading;
use zhurnal_proto::identity::v1 as identity;
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::schedule::v1 as schedule;

use crate::Reporting;

/// What a producer is called and what it speaks.
pub trait Producer: Send + Sync + 'static {
    /// Full name of its service.
    const SERVICE: &'static str;
    /// Request of its Watch.
    type Request: Message + Default + Send + 'static;
    /// Answer of its Watch.
    type Event: Message + Default + Clone + Send + Sync + 'static;
}

macro_rules! producers {
    ($($name:ident = $service:literal, $package:ident, $request:ident, $event:ident;)*) => {$(
        /// A producer.
        pub struct $name;
        impl Producer for $name {
            const SERVICE: &'static str = $service;
            type Request = $package::$request;
            type Event = $package::$event;
        }
    )*};
}

producers! {
    Identity = "zhurnal.identity.v1.IdentityService", identity, WatchIdentityEventsRequest, WatchIdentityEventsResponse;
    Roster = "zhurnal.roster.v1.RosterService", roster, WatchRosterEventsRequest, WatchRosterEventsResponse;
    Schedule = "zhurnal.schedule.v1.ScheduleService", schedule, WatchScheduleEventsRequest, WatchScheduleEventsResponse;
    Grading = "zhurnal.grading.v1.GradingService", grading, WatchGradingEventsRequest, WatchGradingEventsResponse;
}

/// Hosts all producers; each gives its events from the beginning and then stays silent.
/// Identity has nothing to tell.
pub fn host_producers(
    harness: &Harness<Reporting>,
    roster: Vec<roster::WatchRosterEventsResponse>,
    schedule: Vec<schedule::WatchScheduleEventsResponse>,
    grading: Vec<grading::WatchGradingEventsResponse>,
) {
    let silent = identity::WatchIdentityEventsResponse {
        event: None,
        cursor: "e1.0".to_owned(),
    };
    harness.host("identity", Routes::new(Watch::<Identity>::of(vec![silent])));
    harness.host("roster", Routes::new(Watch::<Roster>::of(roster)));
    harness.host("schedule", Routes::new(Watch::<Schedule>::of(schedule)));
    harness.host("grading", Routes::new(Watch::<Grading>::of(grading)));
}

/// Events with cursors from 1.
pub fn roster_events(events: Vec<roster::RosterEvent>) -> Vec<roster::WatchRosterEventsResponse> {
    let numbered = (1..).zip(events);
    numbered
        .map(|(at, event)| roster::WatchRosterEventsResponse {
            event: Some(event),
            cursor: format!("e1.{at}"),
        })
        .collect()
}

struct Watch<P: Producer> {
    events: Vec<P::Event>,
    producer: PhantomData<fn() -> P>,
}

impl<P: Producer> Watch<P> {
    fn of(events: Vec<P::Event>) -> Self {
        Self {
            events,
            producer: PhantomData,
        }
    }
}

impl<P: Producer> Clone for Watch<P> {
    fn clone(&self) -> Self {
        Self::of(self.events.clone())
    }
}

impl<P: Producer> NamedService for Watch<P> {
    const NAME: &'static str = P::SERVICE;
}

impl<P: Producer> ServerStreamingService<P::Request> for Watch<P> {
    type Response = P::Event;
    type ResponseStream = BoxStream<'static, Result<P::Event, Status>>;
    type Future = BoxFuture<'static, Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, _: Request<P::Request>) -> Self::Future {
        let told = stream::iter(self.events.clone())
            .map(Ok)
            .chain(stream::pending());
        Box::pin(async move { Ok(Response::new(told.boxed())) })
    }
}

impl<P: Producer> tower::Service<http::Request<Body>> for Watch<P> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let watch = self.clone();
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<P::Event, P::Request>::default());
            Ok(grpc.server_streaming(watch, request).await)
        })
    }
}
